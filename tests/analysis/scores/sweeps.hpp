#pragma once

#include <string>
#include <utility>
#include <vector>

#include "analysis/scores/group_score.hpp"
#include "analysis/sweep_result.hpp"

namespace peloton::test {

/// A measurement every 10 ms, 100 bits, 5 updates and 7 gradients, with these losses.
inline std::vector<MetricsRow> rows_of(const std::vector<double>& losses) {
  std::vector<MetricsRow> rows;
  for (std::size_t i = 0; i < losses.size(); ++i) {
    MetricsRow& row = rows.emplace_back();
    row.time.ns = static_cast<std::int64_t>(i) * 10'000'000;
    row.bits[0] = 100 * i;
    row.updates = 5 * i;
    row.gradients = 7 * i;
    row.samples = 70 * i;
    row.loss = losses[i];
  }
  return rows;
}

/// A run that arrives after so many milliseconds and bits; negative: not at all, ended after the absolute value.
inline RunScore run_of(std::size_t repeat, double milliseconds, double bits = 1, double final_loss = 0,
                       const std::string& status = "finished") {
  RunScore run;
  run.repeat = repeat;
  run.status = status;
  run.end = {std::abs(milliseconds) / 1000, std::abs(bits), 1, 1, 1, 1};
  if (milliseconds >= 0) {
    run.arrival.emplace();
    run.arrival->costs = run.end;
  }
  run.finals[static_cast<std::size_t>(FinalMetric::loss)] = final_loss;
  return run;
}

/// A point of a sweep with the losses of its measurements.
inline SweepPoint point_of(std::size_t index, std::vector<std::size_t> levels, std::size_t repeat, const std::vector<double>& losses,
                           const std::string& status = "finished") {
  SweepPoint point;
  point.index = index;
  point.levels = std::move(levels);
  point.repeat = repeat;
  point.seed = 1 + repeat;
  point.summary = {{"status", status}};
  point.rows = rows_of(losses);
  return point;
}

inline SweepAxis axis_of(const std::string& path, const std::vector<Json>& values) {
  SweepAxis axis{.path = path, .values = values, .labels = {}};
  for (const Json& value : values) axis.labels.push_back(value.is_string() ? value.get<std::string>() : value.dump());
  return axis;
}

}  // namespace peloton::test
