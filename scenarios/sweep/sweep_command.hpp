#pragma once

#include <string>
#include <vector>

#include "scenarios/arguments.hpp"
#include "scenarios/sweep/sweep_plan.hpp"
#include "scenarios/sweep/sweep_spec.hpp"
#include "scenarios/sweep/workforce.hpp"

namespace peloton {

/// All points of the scenario that the first positional names, with what --set, --seed, --vary and --repeat add. All are valid; a
/// scenario that varies nothing is an InputError.
[[nodiscard]] SweepPlan planned_sweep(const Arguments& given);
/// The sweep of a scenario with what --vary and --repeat add.
[[nodiscard]] SweepSpec sweep_spec_of(const Arguments& given, const Json& scenario);

/// `peloton sweep`, with the runs made by the workforce that `make` gives. Returns the exit code.
int sweep(const std::vector<std::string>& arguments, const MakeWorkforce& make);

}  // namespace peloton
