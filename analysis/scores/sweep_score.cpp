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
    if (spec.compare)
      throw InputError(place / "compare", fmt::format("must be another axis than the tuned one, got \"{}\"", *spec.compare));
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

SweepScorer::SweepScorer(std::vector<SweepAxis> axes, const ScoreSpec& spec, Place place) : place_(std::move(place)) {
  const Choices choices = choices_of(spec, axes, place_);
  empty_.spec = spec;
  empty_.rule = choices.rule;
  empty_.tuned_axis = choices.tuned_axis;
  empty_.compared_axis = choices.compared_axis;
  empty_.workers_axis = find_axis(axes, kWorkers);
  empty_.axes = std::move(axes);
}

void SweepScorer::add(const SweepPoint& point) {
  const auto [place, is_new] = groups_.try_emplace(point.levels);
  Group& group = place->second;
  group.levels = point.levels;
  group.first = is_new ? point.index : std::min(group.first, point.index);
  RunScore& run = group.runs.emplace_back(score_run(point.summary, point.rows, empty_.spec.target));
  run.point = point.index;
  run.repeat = point.repeat;
  measured_ = measured_ || (empty_.spec.target && std::any_of(point.rows.begin(), point.rows.end(), [&](const MetricsRow& row) {
                              return metric(row, empty_.spec.target->metric).has_value();
                            }));
}

SweepScore SweepScorer::score() const {
  SweepScore out = empty_;
  const std::optional<Target>& target = out.spec.target;
  if (target && !measured_ && !groups_.empty())
    throw InputError(place_ / "target", fmt::format("the runs do not measure {}", target->metric));
  std::vector<Group> order;
  for (const auto& [levels, group] : groups_) order.push_back(group);
  std::sort(order.begin(), order.end(), [](const Group& a, const Group& b) { return a.first < b.first; });
  Bootstrap bootstrap(out.spec.intervals());
  for (Group& group : order) {
    std::sort(group.runs.begin(), group.runs.end(), [](const RunScore& a, const RunScore& b) { return a.repeat < b.repeat; });
    out.groups.push_back(score_group(std::move(group.levels), std::move(group.runs), bootstrap));
  }
  std::vector<std::size_t> candidates(out.groups.size());
  std::iota(candidates.begin(), candidates.end(), std::size_t{0});
  if (out.tuned_axis) {
    out.best = best_groups(out.groups, out.axes[*out.tuned_axis], *out.tuned_axis, out.rule);
    candidates.clear();
    for (const BestGroup& best : out.best) candidates.push_back(best.group);
  }
  if (target && out.workers_axis)
    out.scaling = scaling_curves(out.groups, candidates, out.axes, *out.workers_axis, out.tuned_axis, bootstrap);
  if (target) out.pareto = front_of(out.groups);
  if (out.compared_axis) out.comparisons = comparisons(out, candidates, bootstrap);
  return out;
}

SweepScore score_sweep(const SweepResult& sweep, const ScoreSpec& spec, const Place& place) {
  SweepScorer scorer(sweep.axes, spec, place);
  for (const SweepPoint& point : sweep.points) scorer.add(point);
  return scorer.score();
}

}  // namespace peloton
