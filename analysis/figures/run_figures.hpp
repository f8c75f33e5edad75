#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "analysis/figures/figure.hpp"
#include "analysis/figures/recorded_events.hpp"
#include "analysis/run_result.hpp"

namespace peloton {

/// A run among others: all names differ.
struct NamedRun {
  std::string name;
  RunResult result;
  std::optional<RecordedEvents> events;  ///< events.csv, when the run recorded it
};

/// Reads run folders. Runs are named by the scenario's name, where those repeat by their folder. Unreadable folders are InputErrors.
[[nodiscard]] std::vector<NamedRun> read_named_runs(const std::vector<std::filesystem::path>& folders);

/// Everything that can be drawn of one run, or of several over one another: learning curves against time, bits, updates and samples;
/// traffic; staleness; divergence from the zero-delay twin; what workers and links did when. A figure that these runs have no data for
/// says how to get it, or is left out where it has no meaning (accuracy of a quadratic). At most about 200,000 points of each run are
/// kept (see thinning.hpp); the figures' notes say so.
[[nodiscard]] std::vector<Figure> run_figures(const std::vector<NamedRun>& runs);

}  // namespace peloton
