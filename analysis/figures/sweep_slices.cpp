#include "analysis/figures/sweep_slices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "sim/base/error.hpp"
#include "sim/base/units.hpp"

namespace peloton {
namespace {

/// A level as a number in the base unit of `unit`, which the first level decides.
std::optional<double> level_value(const Json& level, std::string_view& unit) {
  if (level.is_number()) return level.get<double>();
  if (!level.is_string()) return std::nullopt;
  const std::string text = level.get<std::string>();
  const auto quantity = [&](auto parse, std::string_view name, double factor) -> std::optional<double> {
    try {
      const double value = parse(text).value * factor;
      if (!unit.empty() && unit != name) return std::nullopt;
      unit = name;
      return value;
    } catch (const InputError&) {
      return std::nullopt;
    }
  };
  if (const auto v = quantity(parse_seconds, "s", 1)) return v;
  if (const auto v = quantity(parse_bits_per_second, "bit/s", 1)) return v;
  if (const auto v = quantity(parse_bytes, "B", 1)) return v;
  return quantity(parse_fraction, "%", 1);
}

std::optional<std::vector<double>> level_values(const SweepAxis& axis, std::string_view& unit) {
  std::vector<double> out;
  for (const Json& level : axis.values) {
    const auto value = level_value(level, unit);
    if (!value || !std::isfinite(*value)) return std::nullopt;
    out.push_back(*value);
  }
  return out;
}

/// Levels that grow by factors rather than by steps.
bool grows_by_factors(const std::vector<double>& values) {
  constexpr double kSpan = 7;
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return values.size() > 2 && *low > 0 && *high > kSpan * *low;
}

}  // namespace

std::optional<std::size_t> best_group(const SweepScore& score) {
  std::optional<std::size_t> best;
  for (std::size_t g = 0; g < score.groups.size(); ++g)
    if (!best || better(score.groups[g], score.groups[*best], score.rule)) best = g;
  return best;
}

SweepAxes::SweepAxes(const SweepScore& score) : score_(score), names_(axis_names(score.axes)) {
  for (std::size_t a = 0; a < score.axes.size(); ++a) {
    if (score.axes[a].values.size() > 1) varied_.push_back(a);
    values_.push_back(level_values(score.axes[a], units_.emplace_back()));
  }
}

Axis SweepAxes::figure_axis(std::size_t axis) const {
  return {names_[axis], names_[axis], std::string(values_[axis] ? units_[axis] : ""), values_[axis] && grows_by_factors(*values_[axis])};
}

std::optional<std::size_t> SweepAxes::coloured() const {
  if (score_.compared_axis) return score_.compared_axis;
  for (const std::size_t a : varied_)
    if (a != score_.workers_axis && a != score_.tuned_axis) return a;
  for (const std::size_t a : varied_)
    if (a != score_.tuned_axis) return a;
  return varied_.empty() ? std::nullopt : std::optional(varied_.front());
}

void SweepAxes::add_slices(const std::vector<std::size_t>& groups, const std::vector<std::size_t>& along, bool tuned,
                           std::vector<SweepSlice>& out) const {
  const std::size_t begin = out.size();
  std::map<std::vector<std::size_t>, std::size_t> places;
  for (const std::size_t g : groups) {
    std::vector<std::size_t> fixed;
    std::string label = tuned ? fmt::format("best {}", names_[*score_.tuned_axis]) : "";
    for (const std::size_t a : varied_) {
      if (std::find(along.begin(), along.end(), a) != along.end() || (tuned && a == *score_.tuned_axis)) continue;
      fixed.push_back(score_.groups[g].levels[a]);
      label += fmt::format("{}{} {}", label.empty() ? "" : ", ", names_[a], labels(a)[fixed.back()]);
    }
    const auto [place, added] = places.emplace(fixed, out.size());
    if (added) out.push_back({std::move(label), {}});
    out[place->second].groups.push_back(g);
  }
  const std::optional<std::size_t> best = best_group(score_);
  const auto holds_best = [&](const SweepSlice& slice) {
    return std::find(slice.groups.begin(), slice.groups.end(), best) != slice.groups.end();
  };
  const auto first = out.begin() + static_cast<std::ptrdiff_t>(begin);
  if (const auto found = std::find_if(first, out.end(), holds_best); found != out.end()) std::rotate(first, found, found + 1);
}

std::vector<SweepSlice> SweepAxes::slices(const std::vector<std::size_t>& along) const {
  std::vector<SweepSlice> out;
  const bool tunes = score_.tuned_axis && std::find(along.begin(), along.end(), *score_.tuned_axis) == along.end() &&
                     score_.axes[*score_.tuned_axis].values.size() > 1;
  std::vector<std::size_t> groups;
  if (tunes) {
    for (const BestGroup& best : score_.best) groups.push_back(best.group);
    add_slices(groups, along, true, out);
  }
  groups.resize(score_.groups.size());
  for (std::size_t g = 0; g < groups.size(); ++g) groups[g] = g;
  add_slices(groups, along, false, out);
  return out;
}

double SweepValue::of(const GroupScore& group) const {
  double value = kUndefined;
  if (success)
    value = group.success_rate();
  else if (cost)
    value = group.cost(*cost).median;
  else
    value = group.final_score(final).mean.value_or(kUndefined);
  return std::isfinite(value) ? value : kUndefined;
}

std::optional<Interval> SweepValue::interval(const GroupScore& group) const {
  const std::optional<Interval> found = success ? std::optional(group.success)
                                        : cost  ? group.cost(*cost).interval
                                                : group.final_score(final).interval;
  return found && std::isfinite(found->low) ? found : std::nullopt;
}

std::string SweepValue::note(const GroupScore& group) const {
  std::string out;
  if ((cost || success) && group.arrived < group.runs.size()) out = fmt::format("{}/{} arrived", group.arrived, group.runs.size());
  if (group.diverged > 0)
    out += fmt::format("{}{} diverged", out.empty() ? "" : ", ",
                       group.diverged == group.runs.size() ? "all" : fmt::format("{}/{}", group.diverged, group.runs.size()));
  return out;
}

std::vector<SweepValue> sweep_values(const SweepScore& score) {
  std::vector<SweepValue> out;
  const auto unit_of = [](std::string_view name) { return name == "time" ? "s" : name == "bits" ? "bit" : ""; };
  if (score.spec.target) {
    const std::string target = score.spec.target->text();
    for (const Cost cost : {Cost::time, Cost::bits, Cost::updates, Cost::gradients}) {
      const std::string name = fmt::format("{} to {}", cost_name(cost), target);
      out.push_back({name, {cost_name(cost), name, unit_of(cost_name(cost)), false}, cost, {}, false});
    }
    out.push_back({"share of runs that arrived", {"arrived", "share of the runs that arrived", "%", false}, std::nullopt, {}, true});
  }
  static constexpr std::array kShown = {FinalMetric::loss,          FinalMetric::test_loss,     FinalMetric::accuracy,
                                        FinalMetric::grad_norm,     FinalMetric::suboptimality, FinalMetric::staleness_mean,
                                        FinalMetric::twin_distance, FinalMetric::time,          FinalMetric::bits};
  for (const FinalMetric metric : kShown) {
    const auto defined = [&](const GroupScore& g) { return g.final_score(metric).count > 0; };
    if (std::none_of(score.groups.begin(), score.groups.end(), defined)) continue;
    const std::string name = fmt::format("final {}", final_metric_name(metric));
    out.push_back({name, {final_metric_name(metric), name, unit_of(final_metric_name(metric)), false}, std::nullopt, metric, false});
  }
  return out;
}

}  // namespace peloton
