#include "analysis/scores/scaling.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace peloton {
namespace {

/// The times to the target of two groups, by the repeats that both have.
struct PairedTimes {
  std::vector<double> first;
  std::vector<double> second;
};

PairedTimes paired_times(const GroupScore& a, const GroupScore& b) {
  PairedTimes out;
  for (const RunScore& x : a.runs) {
    const auto y = std::find_if(b.runs.begin(), b.runs.end(), [&](const RunScore& r) { return r.repeat == x.repeat; });
    if (y == b.runs.end()) continue;
    out.first.push_back(x.cost(Cost::time));
    out.second.push_back(y->cost(Cost::time));
  }
  return out;
}

std::optional<Interval> speedup_interval(const GroupScore& base, const GroupScore& group, Bootstrap& bootstrap) {
  const PairedTimes times = paired_times(base, group);
  std::vector<double> a;
  std::vector<double> b;
  return bootstrap.interval(times.first.size(), [&](std::span<const std::uint32_t> indices) {
    a.clear();
    b.clear();
    for (const std::uint32_t i : indices) {
      a.push_back(times.first[i]);
      b.push_back(times.second[i]);
    }
    return *median(a) / *median(b);  // NaN where neither arrives
  });
}

ScalingPoint scaling_point(const std::vector<GroupScore>& groups, const ScalingPoint& base, ScalingPoint point, Bootstrap& bootstrap) {
  const double first = groups[base.group].cost(Cost::time).median;
  const double here = groups[point.group].cost(Cost::time).median;
  if (!std::isfinite(first) || !std::isfinite(here) || here <= 0) return point;
  const double ideal = point.workers / base.workers;
  point.speedup = first / here;
  point.efficiency = *point.speedup / ideal;
  if (point.group != base.group) point.speedup_interval = speedup_interval(groups[base.group], groups[point.group], bootstrap);
  if (point.speedup_interval)
    point.efficiency_interval = Interval{point.speedup_interval->low / ideal, point.speedup_interval->high / ideal};
  return point;
}

}  // namespace

std::vector<ScalingCurve> scaling_curves(const std::vector<GroupScore>& groups, const std::vector<std::size_t>& candidates,
                                         const std::vector<SweepAxis>& axes, std::size_t workers, std::optional<std::size_t> tuned,
                                         Bootstrap& bootstrap) {
  std::map<std::vector<std::size_t>, std::size_t> rows;
  std::vector<ScalingCurve> curves;
  for (const std::size_t g : candidates) {
    const Json& count = axes[workers].values[groups[g].levels[workers]];
    if (!count.is_number() || count.get<double>() <= 0) continue;
    std::vector<std::size_t> others = groups[g].levels;
    others[workers] = 0;
    if (tuned) others[*tuned] = 0;
    const auto [row, is_new] = rows.try_emplace(std::move(others), curves.size());
    if (is_new) curves.emplace_back();
    curves[row->second].points.push_back({.group = g, .workers = count.get<double>()});
  }
  std::erase_if(curves, [](const ScalingCurve& c) { return c.points.size() < 2; });
  for (ScalingCurve& curve : curves) {
    std::stable_sort(curve.points.begin(), curve.points.end(), [](const auto& a, const auto& b) { return a.workers < b.workers; });
    curve.levels = groups[curve.points.front().group].levels;
    for (ScalingPoint& point : curve.points) point = scaling_point(groups, curve.points.front(), point, bootstrap);
  }
  return curves;
}

}  // namespace peloton
