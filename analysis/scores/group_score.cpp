#include "analysis/scores/group_score.hpp"

#include <algorithm>
#include <cmath>

#include "sim/base/error.hpp"
#include "sim/base/options.hpp"

namespace peloton {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

std::optional<double> final_of(FinalMetric m, const Json& summary, const std::vector<MetricsRow>& rows) {
  if (m == FinalMetric::staleness_mean) {
    const Json& value = summary.value("staleness", Json::object()).value("mean", Json());
    return value.is_number() ? std::optional(value.get<double>()) : std::nullopt;
  }
  if (rows.empty()) return std::nullopt;
  if (m == FinalMetric::bits) return static_cast<double>(rows.back().total_bits());
  return metric(rows.back(), final_metric_name(m));
}

MedianScore median_cost(const std::vector<RunScore>& runs, Cost cost, Bootstrap& bootstrap) {
  MedianScore out;
  std::vector<double> values;
  for (const RunScore& run : runs) {
    values.push_back(run.cost(cost));
    if (run.arrival) out.resolution = std::max(out.resolution, cost_of(run.arrival->resolution, cost));
  }
  if (std::any_of(values.begin(), values.end(), [](double v) { return std::isnan(v); })) {
    out.median = kUndefined;
    return out;
  }
  out.median = *median(values);
  out.interval = bootstrap.of_median(values);
  return out;
}

FinalScore final_score_of(const std::vector<RunScore>& runs, FinalMetric metric, Bootstrap& bootstrap) {
  FinalScore out;
  std::vector<double> values;
  for (const RunScore& run : runs)
    if (run.final_value(metric)) values.push_back(worst_if_not_finite(*run.final_value(metric), metric));
  out.count = values.size();
  out.median = median(values);
  if (values.empty() || !std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); })) return out;
  out.mean = mean(values);
  out.deviation = standard_deviation(values);
  out.interval = bootstrap.of_mean(values);
  return out;
}

}  // namespace

std::string final_metric_name(FinalMetric metric) { return OptionType<FinalMetric>::write(metric).get<std::string>(); }

double worst_if_not_finite(double value, FinalMetric metric) {
  if (std::isfinite(value)) return value;
  return rises(final_metric_name(metric)) ? -kInfinity : kInfinity;
}

RunScore score_run(const Json& summary, const std::vector<MetricsRow>& rows, const std::optional<Target>& target) {
  RunScore out;
  out.status = summary.value("status", "");
  if (target) out.arrival = find_arrival(rows, *target);
  if (!rows.empty()) out.end = costs_at(rows.back());
  for (std::size_t m = 0; m < kFinalMetrics.size(); ++m) out.finals[m] = final_of(kFinalMetrics[m], summary, rows);
  return out;
}

GroupScore score_group(std::vector<std::size_t> levels, std::vector<RunScore> runs, Bootstrap& bootstrap) {
  PELOTON_INVARIANT(!runs.empty(), "a group is made of runs");
  GroupScore out;
  out.levels = std::move(levels);
  out.runs = std::move(runs);
  for (const RunScore& run : out.runs) {
    out.arrived += run.arrival ? 1 : 0;
    out.diverged += run.diverged() ? 1 : 0;
  }
  out.success = wilson_interval(out.arrived, out.runs.size(), bootstrap.confidence());
  for (std::size_t c = 0; c < kCosts.size(); ++c) out.costs[c] = median_cost(out.runs, kCosts[c], bootstrap);
  for (std::size_t m = 0; m < kFinalMetrics.size(); ++m) out.finals[m] = final_score_of(out.runs, kFinalMetrics[m], bootstrap);
  return out;
}

}  // namespace peloton
