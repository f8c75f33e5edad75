#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <vector>

#include "analysis/figures/run_figures.hpp"
#include "analysis/scores/sweep_score.hpp"
#include "analysis/sweep_result.hpp"
#include "scenarios/arguments.hpp"
#include "sim/base/error.hpp"

namespace peloton {

/// The folders of results that a command was given as its positionals.
[[nodiscard]] std::vector<std::filesystem::path> folders_of(const Arguments& given);

/// True when all folders hold sweeps, false when none does; a mixture is an InputError.
[[nodiscard]] bool hold_sweeps(const std::vector<std::filesystem::path>& folders);

/// A sweep with its scores.
struct ScoredSweep {
  SweepResult sweep;
  SweepScore score;
};

/// Reads sweeps, scored as the flags of `score_flags` ask. Several over the same axes are one, with the sweep as a first axis; over
/// different axes they are an InputError.
[[nodiscard]] ScoredSweep read_scored_sweep(const Arguments& given, const std::vector<std::filesystem::path>& folders);

/// The flags of `score_flags` are InputErrors where runs are shown.
void refuse_score_flags(const Arguments& given);

/// Reads runs and gives them to `show`. What their files say may be anything once somebody edited them: a value of the wrong type is
/// an InputError too.
template <class Show>
auto show_runs(const std::vector<std::filesystem::path>& folders, Show&& show) {
  try {
    return show(read_named_runs(folders));
  } catch (const Json::exception& e) {
    throw InputError(
        fmt::format("{}: summary.json or scenario.resolved.json is not as peloton wrote it: {}", folders.front().string(), e.what()));
  }
}

}  // namespace peloton
