#pragma once

#include <string>
#include <vector>

#include "scenarios/arguments.hpp"
#include "scenarios/sweep/sweep_spec.hpp"
#include "scenarios/sweep/workforce.hpp"

namespace peloton {

/// The sweep of a scenario with what --vary and --repeat add.
[[nodiscard]] SweepSpec sweep_spec_of(const Arguments& given, const Json& scenario);

/// `peloton sweep`, with the runs made by the workforce that `make` gives. Returns the exit code.
int sweep(const std::vector<std::string>& arguments, const MakeWorkforce& make);

}  // namespace peloton
