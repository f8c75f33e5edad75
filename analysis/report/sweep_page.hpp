#pragma once

#include <filesystem>

#include "analysis/report/page.hpp"
#include "analysis/scores/sweep_score.hpp"
#include "analysis/sweep_result.hpp"

namespace peloton {

/// The report of a sweep, finished or not. `score` must be that of the sweep; `folder`: where it was read.
[[nodiscard]] ReportPage sweep_page(const SweepResult& sweep, const SweepScore& score, const std::filesystem::path& folder);

}  // namespace peloton
