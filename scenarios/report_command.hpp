#pragma once

#include <filesystem>

namespace peloton {

/// Writes report.html beside a run's results.
void write_run_report(const std::filesystem::path& folder);

}  // namespace peloton
