#pragma once

#include <filesystem>
#include <vector>

#include "analysis/figures/run_figures.hpp"
#include "analysis/report/page.hpp"

namespace peloton {

/// The report of one run, or of several over one another. `folders`: where they were read, in the same order.
[[nodiscard]] ReportPage run_page(const std::vector<NamedRun>& runs, const std::vector<std::filesystem::path>& folders);

}  // namespace peloton
