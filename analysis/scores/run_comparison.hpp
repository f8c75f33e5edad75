#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/run_result.hpp"
#include "analysis/scores/group_score.hpp"
#include "analysis/scores/scenario_differences.hpp"
#include "analysis/scores/target.hpp"

namespace peloton {

/// A run with the name it has in a comparison.
struct ComparedRun {
  std::string name;
  RunResult run;
};

/// Runs side by side. Ratios are to the first.
struct RunComparison {
  std::vector<std::string> names;
  std::vector<ValueDifference> differences;  ///< of the scenarios, names and scores aside
  std::optional<Target> target;
  bool target_chosen = false;  ///< nobody gave one: the lowest loss that all runs reached
  std::vector<RunScore> scores;
};

/// The lowest loss that all runs reached, rounded up to four digits; nothing when a run measured none.
[[nodiscard]] std::optional<Target> common_target(const std::vector<ComparedRun>& runs);

/// At least two runs. Without a target `common_target` is taken. A target on a metric that no run measured is an InputError.
[[nodiscard]] RunComparison compare_runs(const std::vector<ComparedRun>& runs, std::optional<Target> target);

/// For a terminal: what differs in the scenarios, the ends, the costs to the target with their ratios.
[[nodiscard]] std::string run_comparison_text(const RunComparison& comparison);
/// A row per run: its name, the scenario values that differ, status, final metrics, costs to the target ("inf" when not reached) and
/// their ratios to the first run's.
[[nodiscard]] std::string run_comparison_csv(const RunComparison& comparison);

}  // namespace peloton
