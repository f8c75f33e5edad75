#pragma once

#include <filesystem>
#include <vector>

#include "analysis/metrics.hpp"
#include "sim/base/options.hpp"

namespace peloton {

/// A finished run, as it was stored: what reports, plots, scores and comparisons read.
struct RunResult {
  Json scenario;                 ///< scenario.resolved.json
  Json summary;                  ///< summary.json; "machine" is absent in a sweep's store
  std::vector<MetricsRow> rows;  ///< metrics.csv
};

/// Reads a run's output folder. A folder that holds no run, or files that cannot be read as such, are InputErrors.
[[nodiscard]] RunResult read_run(const std::filesystem::path& folder);

}  // namespace peloton
