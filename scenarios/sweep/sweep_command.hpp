#pragma once

#include <string>
#include <vector>

#include "scenarios/arguments.hpp"
#include "scenarios/sweep/sweep_plan.hpp"
#include "scenarios/sweep/workforce.hpp"

namespace peloton {

/// All points of the scenario that the first positional names, with what --set, --seed, --vary and --repeat add. All are valid; a
/// scenario that varies nothing is an InputError.
[[nodiscard]] SweepPlan planned_sweep(const Arguments& given);

/// `peloton sweep`, with the runs made by the workforce that `make` gives. Returns the exit code.
int sweep(const std::vector<std::string>& arguments, const MakeWorkforce& make);

}  // namespace peloton
