#pragma once

#include <string>

#include "analysis/summary.hpp"
#include "scenarios/run.hpp"

namespace peloton {

/// The processor's name, as the system tells it.
[[nodiscard]] std::string cpu_name();

/// What the run took on this machine. `wall_seconds`: of the run itself, its set-up excepted.
[[nodiscard]] MachineReport machine_report(const Run& run, const Execution& execution, double setup_seconds, double wall_seconds);

}  // namespace peloton
