#include "analysis/scores/sweep_score.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "analysis/scores/pareto.hpp"
#include "sim/base/error.hpp"

namespace peloton {
namespace {

constexpr std::string_view kWorkers = "cluster.workers";
constexpr std::string_view kNone = "none";

std::optional<std::size_t> find_axis(const std::vector<SweepAxis>& axes, std::string_view path) {
  for (std::size_t a = 0; a < axes.size(); ++a)
    if (axes[a].path == path) return a;
  return std::nullopt;
}

/// The axis that the user named, or the first of the defaults that there is.
std::optional<std::size_t> chosen_axis(const std::vector<SweepAxis>& axes, const std::optional<std::string>& named,
                                       std::initializer_list<std::string_view> defaults, const Place& place) {
  if (!named) {
    for (const std::string_view path : defaults)
      if (const auto found = find_axis(axes, path)) return found;
    return std::nullopt;
  }
  if (*named == kNone) return std::nullopt;
  if (const auto found = find_axis(axes, *named)) return found;
  std::vector<std::string> names;
  std::string list;
  for (const SweepAxis& axis : axes) {
    names.push_back(axis.path);
    list += (list.empty() ? "" : ", ") + axis.path;
  }
  throw InputError(place, fmt::format("must be an axis of the sweep ({}) or none, got \"{}\"{}", list.empty() ? "it has none" : list,
                                      *named, did_you_mean(*named, names)));
}

std::vector<GroupScore> score_groups(const SweepResult& sweep, const std::optional<Target>& target, Bootstrap& bootstrap) {
  std::map<std::vector<std::size_t>, std::size_t> rows;
  std::vector<std::vector<RunScore>> runs;
  std::vector<std::vector<std::size_t>> levels;
  for (const SweepPoint& point : sweep.points) {
    const auto [row, is_new] = rows.try_emplace(point.levels, runs.size());
    if (is_new) {
      runs.emplace_back();
      levels.push_back(point.levels);
    }
    RunScore& run = runs[row->second].emplace_back(score_run(point.summary, point.rows, target));
    run.point = point.index;
    run.repeat = point.repeat;
  }
  std::vector<GroupScore> out;
  for (std::size_t g = 0; g < runs.size(); ++g) {
    std::stable_sort(runs[g].begin(), runs[g].end(), [](const RunScore& a, const RunScore& b) { return a.repeat < b.repeat; });
    out.push_back(score_group(levels[g], std::move(runs[g]), bootstrap));
  }
  return out;
}

void check_measured(const SweepResult& sweep, const Target& target, const Place& place) {
  const auto measured = [&](const SweepPoint& p) {
    return std::any_of(p.rows.begin(), p.rows.end(), [&](const MetricsRow& row) { return metric(row, target.metric).has_value(); });
  };
  if (!sweep.points.empty() && std::none_of(sweep.points.begin(), sweep.points.end(), measured))
    throw InputError(place / "target", fmt::format("the runs do not measure {}", target.metric));
}

GroupComparison compare(const std::vector<GroupScore>& groups, std::size_t first, std::size_t second, Bootstrap& bootstrap) {
  GroupComparison out{.first = first, .second = second};
  const std::vector<RunScore>& a = groups[first].runs;
  const std::vector<RunScore>& b = groups[second].runs;
  for (std::size_t c = 0; c < kCosts.size(); ++c) out.costs[c] = paired_cost(a, b, kCosts[c], bootstrap);
  out.loss = paired_final(a, b, FinalMetric::loss, bootstrap);
  return out;
}

/// Each later level of the axis against the first one that the same levels of the other axes have.
std::vector<GroupComparison> comparisons(const SweepScore& score, const std::vector<std::size_t>& candidates, Bootstrap& bootstrap) {
  const std::size_t axis = *score.compared_axis;
  std::map<std::vector<std::size_t>, std::vector<std::size_t>> rows;
  std::vector<std::vector<std::size_t>> order;
  for (const std::size_t g : candidates) {
    std::vector<std::size_t> others = score.groups[g].levels;
    others[axis] = 0;
    if (score.tuned_axis) others[*score.tuned_axis] = 0;
    std::vector<std::size_t>& row = rows[others];
    if (row.empty()) order.push_back(others);
    row.push_back(g);
  }
  std::vector<GroupComparison> out;
  for (const auto& others : order) {
    std::vector<std::size_t>& row = rows[others];
    std::stable_sort(row.begin(), row.end(),
                     [&](std::size_t a, std::size_t b) { return score.groups[a].levels[axis] < score.groups[b].levels[axis]; });
    for (std::size_t i = 1; i < row.size(); ++i) out.push_back(compare(score.groups, row.front(), row[i], bootstrap));
  }
  return out;
}

std::vector<std::size_t> front_of(const std::vector<GroupScore>& groups) {
  std::vector<BitsAndTime> points;
  for (const GroupScore& g : groups) points.push_back({g.cost(Cost::bits).median, g.cost(Cost::time).median});
  return pareto_front(points);
}

/// What is taken where the user says nothing.
struct Choices {
  Rule rule = Rule::loss;
  std::optional<std::size_t> tuned_axis;
  std::optional<std::size_t> compared_axis;
};

Choices choices_of(const ScoreSpec& spec, const std::vector<SweepAxis>& axes, const Place& place) {
  Choices out;
  out.rule = spec.rule.value_or(spec.target ? Rule::time : Rule::loss);
  if (is_cost(out.rule) && !spec.target)
    throw InputError(place / "rule", fmt::format("\"{}\" is counted to a target: needs a target, such as \"loss<=0.35\"",
                                                 OptionType<Rule>::write(out.rule).get<std::string>()));
  out.tuned_axis = chosen_axis(axes, spec.tune, {"algorithm.learning_rate"}, place / "tune");
  out.compared_axis = chosen_axis(axes, spec.compare, {"algorithm", "algorithm.name"}, place / "compare");
  if (out.tuned_axis && out.tuned_axis == out.compared_axis) {
    if (spec.compare) throw InputError(place / "compare", fmt::format("must be another axis than the tuned one, got \"{}\"", *spec.compare));
    out.compared_axis.reset();
  }
  return out;
}

}  // namespace

std::vector<std::string> axis_names(const std::vector<SweepAxis>& axes) {
  // From the end of each path, one key more for all that still agree.
  std::vector<std::string> names(axes.size());
  std::vector<std::size_t> keys(axes.size(), 1);
  const auto tail = [](const std::string& path, std::size_t count) {
    std::size_t at = path.size();
    for (; count > 0 && at != std::string::npos && at != 0; --count) at = path.rfind('.', at - 1);
    return at == std::string::npos ? path : path.substr(at + 1);
  };
  for (std::size_t a = 0; a < axes.size(); ++a) {
    const auto clashes = [&](const std::string& name) {
      return std::any_of(axes.begin(), axes.end(),
                         [&](const SweepAxis& other) { return other.path != axes[a].path && tail(other.path, keys[a]) == name; });
    };
    for (names[a] = tail(axes[a].path, keys[a]); names[a] != axes[a].path && clashes(names[a]);) names[a] = tail(axes[a].path, ++keys[a]);
  }
  return names;
}

std::string SweepScore::label(const GroupScore& group) const {
  if (axes.empty()) return "all runs";
  const std::vector<std::string> names = axis_names(axes);
  std::string out;
  for (std::size_t a = 0; a < axes.size(); ++a)
    out += fmt::format("{}{} {}", a == 0 ? "" : ", ", names[a], axes[a].labels[group.levels[a]]);
  return out;
}

void check_score(const ScoreSpec& spec, const std::vector<SweepAxis>& axes, const Place& place) {
  static_cast<void>(choices_of(spec, axes, place));
}

SweepScore score_sweep(const SweepResult& sweep, const ScoreSpec& spec, const Place& place) {
  const Choices choices = choices_of(spec, sweep.axes, place);
  SweepScore out;
  out.spec = spec;
  out.axes = sweep.axes;
  out.rule = choices.rule;
  out.tuned_axis = choices.tuned_axis;
  out.compared_axis = choices.compared_axis;
  if (spec.target) check_measured(sweep, *spec.target, place);

  Bootstrap bootstrap(spec.intervals());
  out.groups = score_groups(sweep, spec.target, bootstrap);
  std::vector<std::size_t> candidates(out.groups.size());
  std::iota(candidates.begin(), candidates.end(), std::size_t{0});
  if (out.tuned_axis) {
    out.best = best_groups(out.groups, sweep.axes[*out.tuned_axis], *out.tuned_axis, out.rule);
    candidates.clear();
    for (const BestGroup& best : out.best) candidates.push_back(best.group);
  }
  out.workers_axis = find_axis(sweep.axes, kWorkers);
  if (spec.target && out.workers_axis)
    out.scaling = scaling_curves(out.groups, candidates, sweep.axes, *out.workers_axis, out.tuned_axis, bootstrap);
  if (spec.target) out.pareto = front_of(out.groups);
  if (out.compared_axis) out.comparisons = comparisons(out, candidates, bootstrap);
  return out;
}

}  // namespace peloton
