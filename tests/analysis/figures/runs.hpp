#pragma once

#include "analysis/figures/run_figures.hpp"

namespace peloton::test {

/// A measurement every second with 100 bits up and 10 updates more, and these losses.
inline NamedRun run_named(const std::string& name, const std::vector<double>& losses) {
  NamedRun run;
  run.name = name;
  run.result.scenario = {{"name", name}, {"task", {{"model", {{"kind", "softmax"}}}}}, {"algorithm", {{"name", "async_sgd"}}}};
  run.result.summary = {{"name", name}, {"status", "finished"}, {"virtual_seconds", 4.0}};
  run.result.summary["staleness"] = {{"mean", 1.5}, {"p50", 1}, {"p95", 3}, {"max", 3}, {"dropped", 0}, {"histogram", Json::array()}};
  for (std::size_t i = 0; i < losses.size(); ++i) {
    MetricsRow& row = run.result.rows.emplace_back();
    row.time.ns = static_cast<std::int64_t>(i) * 1'000'000'000;
    row.bits[0] = 100 * i;
    row.updates = 10 * i;
    row.loss = losses[i];
  }
  return run;
}

inline const Figure* find_figure(const std::vector<Figure>& figures, std::string_view name) {
  for (const Figure& figure : figures)
    if (figure.name == name) return &figure;
  return nullptr;
}

}  // namespace peloton::test
