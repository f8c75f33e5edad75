#pragma once

#include <string>

#include "analysis/summary.hpp"
#include "scenarios/run.hpp"

namespace peloton {

/// What is about to run, in a few lines: workers, model, data, conventions, memory.
[[nodiscard]] std::string setup_text(const Run& run);

/// The result as a table for a terminal: the curve in at most a dozen rows, then the totals.
[[nodiscard]] std::string result_text(const Run& run, const RunSummary& summary);

}  // namespace peloton
