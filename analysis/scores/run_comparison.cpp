#include "analysis/scores/run_comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/text.hpp"
#include "analysis/text_table.hpp"
#include "sim/base/error.hpp"

namespace peloton {
namespace {

constexpr std::size_t kMostRows = 40;

/// Up to four digits, never below the value.
double rounded_up(double value) {
  if (value == 0 || !std::isfinite(value)) return value;
  const double unit = std::pow(10.0, std::floor(std::log10(std::abs(value))) - 3);
  const double rounded = std::stod(fmt::format("{:.10g}", std::ceil(value / unit) * unit));
  return rounded < value ? value : rounded;
}

std::string final_text(const std::optional<double>& value, FinalMetric metric) {
  if (!value) return "–";
  switch (metric) {
    case FinalMetric::time: return show_cost(Cost::time, *value);
    case FinalMetric::bits: return show_cost(Cost::bits, *value);
    case FinalMetric::updates:
    case FinalMetric::gradients: return show_cost(Cost::updates, *value);
    default: return fmt::format("{:.5g}", *value);
  }
}

/// value / first, for costs that both paid; "×0.53", nothing for the first.
std::string ratio_text(const RunComparison& c, std::size_t run, Cost cost) {
  const double ratio = c.scores[run].cost(cost) / c.scores[0].cost(cost);
  return run == 0 || !std::isfinite(ratio) ? "" : fmt::format("×{:.3g}", ratio);
}

std::vector<std::string> named_head(const RunComparison& c, const std::string& first) {
  std::vector<std::string> head = {first};
  head.insert(head.end(), c.names.begin(), c.names.end());
  return head;
}

std::string finals_text(const RunComparison& c) {
  TextTable table(named_head(c, "at the end"));
  std::vector<std::string> status = {"status"};
  for (const RunScore& run : c.scores) status.push_back(run.status);
  table.add(std::move(status));
  for (const FinalMetric m : kFinalMetrics) {
    if (std::none_of(c.scores.begin(), c.scores.end(), [&](const RunScore& run) { return run.final_value(m).has_value(); })) continue;
    std::vector<std::string> row = {final_metric_name(m)};
    for (const RunScore& run : c.scores) row.push_back(final_text(run.final_value(m), m));
    table.add(std::move(row));
  }
  return table.str(kMostRows, "the CSV");
}

std::string arrivals_text(const RunComparison& c) {
  std::vector<std::string> head = {c.target->text()};
  for (const char* name : {"time", "", "bits", "", "updates", "", "gradients", ""}) head.emplace_back(name);
  TextTable table(head);
  for (std::size_t i = 0; i < c.scores.size(); ++i) {
    const RunScore& run = c.scores[i];
    std::vector<std::string> row = {c.names[i]};
    for (const Cost cost : {Cost::time, Cost::bits, Cost::updates, Cost::gradients}) {
      row.push_back(run.arrival ? show_cost(cost, run.cost(cost)) : cost == Cost::time ? "not reached" : "–");
      row.push_back(ratio_text(c, i, cost));
    }
    table.add(std::move(row));
  }
  return table.str(kMostRows, "the CSV");
}

std::string resolution_text(const RunComparison& c) {
  double time = 0;
  double bits = 0;
  for (const RunScore& run : c.scores) {
    if (!run.arrival) continue;
    time = std::max(time, cost_of(run.arrival->resolution, Cost::time));
    bits = std::max(bits, cost_of(run.arrival->resolution, Cost::bits));
  }
  return fmt::format("  resolution (a target is met somewhere between two measurements): at most {}, {}\n", show_cost(Cost::time, time),
                     show_cost(Cost::bits, bits));
}

}  // namespace

std::optional<Target> common_target(const std::vector<ComparedRun>& runs) {
  double highest = -std::numeric_limits<double>::infinity();
  for (const ComparedRun& named : runs) {
    double lowest = std::numeric_limits<double>::infinity();
    for (const MetricsRow& row : named.run.rows)
      if (row.loss && *row.loss < lowest) lowest = *row.loss;
    highest = std::max(highest, lowest);
  }
  if (!std::isfinite(highest)) return std::nullopt;
  return Target{"loss", rounded_up(highest)};
}

RunComparison compare_runs(const std::vector<ComparedRun>& runs, std::optional<Target> target) {
  RunComparison out;
  out.target_chosen = !target;
  out.target = target ? std::move(target) : common_target(runs);
  for (const ComparedRun& named : runs) {
    out.names.push_back(named.name);
    out.scores.push_back(score_run(named.run.summary, named.run.rows, out.target));
  }
  const auto measured = [&](const ComparedRun& named) {
    return std::any_of(named.run.rows.begin(), named.run.rows.end(),
                       [&](const auto& row) { return metric(row, out.target->metric).has_value(); });
  };
  if (out.target && std::none_of(runs.begin(), runs.end(), measured))
    throw InputError(fmt::format("--target: the runs do not measure {}", out.target->metric));
  std::vector<const Json*> scenarios;
  for (const ComparedRun& named : runs) scenarios.push_back(&named.run.scenario);
  out.differences = scenario_differences(scenarios);
  return out;
}

std::string run_comparison_text(const RunComparison& c) {
  std::string out = fmt::format("{}\n{}", scenario_differences_text(c.names, c.differences), finals_text(c));
  if (!c.target) return out;
  out +=
      fmt::format("\n{}\n", c.target_chosen ? "to the lowest loss that all of them reached (--target chooses another)" : "to the target");
  return out + arrivals_text(c) + resolution_text(c);
}

std::string run_comparison_csv(const RunComparison& c) {
  std::vector<std::string> head = {"run"};
  for (const ValueDifference& d : c.differences) head.push_back(d.path);
  head.emplace_back("status");
  for (const FinalMetric m : kFinalMetrics) head.push_back(fmt::format("final_{}", final_metric_name(m)));
  head.emplace_back("target");
  for (const Cost cost : kCosts)
    for (const char* end : {"_to_target", "_resolution", "_ratio"}) head.push_back(fmt::format("{}{}", cost_name(cost), end));
  std::string out = csv_line(head);
  for (std::size_t i = 0; i < c.scores.size(); ++i) {
    const RunScore& run = c.scores[i];
    std::vector<std::string> row = {c.names[i]};
    for (const ValueDifference& d : c.differences) {
      const std::optional<Json>& value = d.values[i];
      row.push_back(!value ? "" : value->is_string() ? value->get<std::string>() : value->dump());
    }
    row.push_back(run.status);
    for (const FinalMetric m : kFinalMetrics) row.push_back(real_text(run.final_value(m)));
    row.push_back(c.target ? c.target->text() : "");
    for (const Cost cost : kCosts) {
      const double paid = run.cost(cost);
      const double ratio = paid / c.scores[0].cost(cost);
      row.push_back(c.target && !std::isnan(paid) ? real_text(paid) : "");
      row.push_back(run.arrival && !std::isnan(paid) ? real_text(cost_of(run.arrival->resolution, cost)) : "");
      row.push_back(c.target && std::isfinite(ratio) ? real_text(ratio) : "");
    }
    out += csv_line(row);
  }
  return out;
}

}  // namespace peloton
