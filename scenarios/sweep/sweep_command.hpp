#pragma once

#include <string>
#include <vector>

#include "scenarios/sweep/workforce.hpp"

namespace peloton {

/// `peloton sweep`, with the runs made by the workforce that `make` gives. Returns the exit code.
int sweep(const std::vector<std::string>& arguments, const MakeWorkforce& make);

}  // namespace peloton
