#pragma once

#include <string>
#include <vector>

#include "scenarios/sweep/workforce.hpp"

namespace peloton {

/// The whole program: runs the command that the first argument names, reports errors on standard error, and returns the exit code.
int run_program(const std::vector<std::string>& arguments, const MakeWorkforce& make_workforce = make_thread_workforce);

}  // namespace peloton
