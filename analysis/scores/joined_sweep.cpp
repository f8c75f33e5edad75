#include "analysis/scores/joined_sweep.hpp"

#include <algorithm>
#include <set>

#include "sim/base/error.hpp"

namespace peloton {
namespace {

std::vector<std::string> paths_of(const SweepResult& sweep) {
  std::vector<std::string> out;
  for (const SweepAxis& axis : sweep.axes) out.push_back(axis.path);
  return out;
}

/// The level of a value, which is added when it is new.
std::size_t level_of(SweepAxis& axis, const Json& value, const std::string& label) {
  const auto found = std::find(axis.values.begin(), axis.values.end(), value);
  if (found != axis.values.end()) return static_cast<std::size_t>(found - axis.values.begin());
  axis.values.push_back(value);
  axis.labels.push_back(label);
  return axis.values.size() - 1;
}

/// For each axis of the joined sweep after the first: which of the sweep's axes it is, and its levels in the joined one.
struct AxisMap {
  std::size_t source = 0;
  std::vector<std::size_t> levels;
};

std::vector<AxisMap> map_axes(SweepResult& joined, const SweepResult& sweep) {
  std::vector<AxisMap> out;
  for (std::size_t a = 1; a < joined.axes.size(); ++a) {
    AxisMap& map = out.emplace_back();
    const auto source =
        std::find_if(sweep.axes.begin(), sweep.axes.end(), [&](const SweepAxis& axis) { return axis.path == joined.axes[a].path; });
    PELOTON_INVARIANT(source != sweep.axes.end(), "joined sweeps vary the same values");
    map.source = static_cast<std::size_t>(source - sweep.axes.begin());
    for (std::size_t l = 0; l < source->values.size(); ++l)
      map.levels.push_back(level_of(joined.axes[a], source->values[l], source->labels[l]));
  }
  return out;
}

}  // namespace

bool same_axes(const std::vector<NamedSweep>& sweeps) {
  const auto sorted = [](const SweepResult& sweep) {
    std::vector<std::string> paths = paths_of(sweep);
    std::sort(paths.begin(), paths.end());
    return paths;
  };
  return std::all_of(sweeps.begin(), sweeps.end(), [&](const NamedSweep& s) { return sorted(s.sweep) == sorted(sweeps.front().sweep); });
}

SweepResult joined_sweep(const std::vector<NamedSweep>& sweeps) {
  SweepResult out;
  out.scenario = sweeps.front().sweep.scenario;
  std::set<std::uint64_t> seeds;
  SweepAxis& names = out.axes.emplace_back();
  names.path = kSweepAxis;
  for (const NamedSweep& named : sweeps) {
    out.name += (out.name.empty() ? "" : ", ") + named.name;
    names.values.emplace_back(named.name);
    names.labels.push_back(named.name);
    for (const SweepPoint& point : named.sweep.points) seeds.insert(point.seed);
    out.planned += named.sweep.planned;
  }
  for (const std::string& path : paths_of(sweeps.front().sweep)) out.axes.emplace_back().path = path;
  for (std::size_t s = 0; s < sweeps.size(); ++s) {
    const std::vector<AxisMap> maps = map_axes(out, sweeps[s].sweep);
    for (SweepPoint point : sweeps[s].sweep.points) {
      const std::vector<std::size_t> levels = std::move(point.levels);
      point.levels = {s};
      for (const AxisMap& map : maps) point.levels.push_back(map.levels[levels[map.source]]);
      point.repeat = static_cast<std::size_t>(std::distance(seeds.begin(), seeds.find(point.seed)));
      point.index = out.points.size();
      out.points.push_back(std::move(point));
    }
  }
  out.repeats = seeds.size();
  return out;
}

}  // namespace peloton
