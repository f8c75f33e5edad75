#pragma once

#include <string>
#include <vector>

#include "scenarios/scenario.hpp"

namespace peloton {

/// Reads a scenario file as JSON. Not JSON, nested deeper than 64, a key given twice, or no object: an InputError with file and place.
[[nodiscard]] Json read_json(const std::string& path);

/// Sets the value at a path: dots between keys, an array index as a number; objects on the way are made. A path that leads through a
/// number or text, or past the end of a list, is an InputError at `place`.
void set_value(Json& scenario, const std::string& path, Json value, const Place& place);

/// Applies "cluster.workers=20": dots between keys, an array index as a number; the value is JSON if it parses, else a string.
void apply_setting(Json& scenario, const std::string& setting);

/// Reads and sets.
[[nodiscard]] Json load_json(const std::string& path, const std::vector<std::string>& settings);

/// Whether the scenario is many runs.
[[nodiscard]] bool has_sweep(const Json& scenario);

/// Reads, sets, parses and validates one run. A scenario with a sweep is an InputError: it is many.
[[nodiscard]] Scenario load_scenario(const std::string& path, const std::vector<std::string>& settings);

/// Every default filled in; loading it gives the same scenario.
[[nodiscard]] Json resolved(const Scenario& scenario);

/// The JSON Schema (2020-12) of scenarios.
[[nodiscard]] Json scenario_schema();

}  // namespace peloton
