#pragma once

#include <string>
#include <vector>

#include "scenarios/arguments.hpp"
#include "scenarios/sweep/sweep_plan.hpp"
#include "scenarios/sweep/workforce.hpp"

namespace peloton {

/// --jobs, where it is given.
[[nodiscard]] std::optional<std::size_t> jobs_of(const Arguments& given);
/// The scenario that the first positional names, with --set, --seed and the flags of the scores.
[[nodiscard]] Json sweep_scenario(const Arguments& given);
/// The sweep of a scenario with what --vary and --repeat add.
[[nodiscard]] SweepSpec sweep_spec_of(const Arguments& given, const Json& scenario);

/// All points of the scenario with both. All are valid, and so is how they are to be scored; a scenario that varies nothing is an
/// InputError.
[[nodiscard]] SweepPlan planned_sweep(const Arguments& given);

/// `peloton sweep`, with the runs made by the workforce that `make` gives. Returns the exit code.
int sweep(const std::vector<std::string>& arguments, const MakeWorkforce& make);

}  // namespace peloton
