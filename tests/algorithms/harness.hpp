#pragma once

#include <string>
#include <vector>

#include "analysis/text.hpp"
#include "scenarios/load.hpp"
#include "scenarios/run.hpp"
#include "tests/test.hpp"

namespace peloton::test {

/// A scenario from JSON text with settings "path=value" applied on top.
inline Scenario scenario_of(const std::string& text, const std::vector<std::string>& settings = {}) {
  Json json = Json::parse(text);
  for (const std::string& setting : settings) apply_setting(json, setting);
  return parse_options<Scenario>(json, {"test", ""});
}

inline Execution execution_of(std::size_t threads = 1, const std::string& kernels = "auto") {
  Execution out;
  out.threads = threads;
  out.kernels = kernels;
  out.scenario_file = "test";
  return out;
}

/// Everything a run puts out that must not depend on the machine, as one string.
inline std::string output_of(const Run& run) {
  std::string out = metrics_csv(run.rows());
  for (const Table& table : run.tables())
    for (const auto& row : table.rows) out += csv_line(row);
  Json summary = summary_json(run.summary());
  summary.erase("machine");
  return out + summary.dump();
}

inline std::string output_of(const Scenario& scenario, const Execution& execution) {
  Run run(scenario, execution);
  while (run.advance()) {}
  return output_of(run);
}

/// Keeps every update record.
class UpdateLog final : public Observer {
 public:
  void on_update(const UpdateRecord& r) override { records.push_back(r); }
  std::vector<UpdateRecord> records;
};

/// The coordinates of a model as doubles.
inline std::vector<double> values_of(const Model& model) {
  const ConstView x = model.values.view();
  std::vector<double> out(x.size);
  for (std::size_t i = 0; i < x.size; ++i)
    out[i] = x.precision == Precision::float32 ? static_cast<double>(x.as<float>()[i]) : x.as<double>()[i];
  return out;
}

/// The coordinates of the model that a whole run reports.
inline std::vector<double> final_values(const Scenario& scenario, const Execution& execution = execution_of()) {
  Run run(scenario, execution);
  while (run.advance()) {}
  return values_of(run.reported_model());
}

}  // namespace peloton::test
