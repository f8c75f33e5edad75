#pragma once

#include <filesystem>

namespace peloton {

/// Throws the Failure that a report would end with where the plotting library is not installed.
void check_reports();
/// Writes `folder`/report.html about the run whose results the folder holds.
void report_run(const std::filesystem::path& folder);

}  // namespace peloton
