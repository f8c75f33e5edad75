#include "scenarios/result_folders.hpp"

#include <algorithm>
#include <array>

#include "analysis/scores/joined_sweep.hpp"
#include "analysis/store/read_sweep.hpp"
#include "scenarios/score_flags.hpp"

namespace peloton {
namespace fs = std::filesystem;

std::vector<fs::path> folders_of(const Arguments& given) {
  std::vector<fs::path> out;
  for (const std::string& folder : given.positionals()) out.emplace_back(folder);
  return out;
}

void refuse_score_flags(const Arguments& given) {
  for (const char* flag : {"target", "in-a-row", "tune", "rule"})
    if (given.has(flag)) throw InputError(fmt::format("--{}: sweeps are scored; these folders hold runs", flag));
}

bool hold_sweeps(const std::vector<fs::path>& folders) {
  const auto sweeps = static_cast<std::size_t>(std::count_if(folders.begin(), folders.end(), holds_sweep));
  if (sweeps > 0 && sweeps < folders.size()) throw InputError("some of the folders hold runs, others sweeps: either are shown together");
  return sweeps > 0;
}

namespace {

/// Several sweeps over the same axes are one, with the sweep as a first axis.
SweepResult joined(const std::vector<fs::path>& folders) {
  if (folders.size() == 1) return read_sweep(folders.front());
  std::vector<NamedSweep> sweeps;
  for (const fs::path& folder : folders) sweeps.push_back({fs::absolute(folder).lexically_normal().string(), read_sweep(folder)});
  if (!same_axes(sweeps)) throw InputError("the sweeps vary different scenario values: they cannot be shown over one another");
  // The folders' own names where they differ.
  std::vector<std::string> names;
  for (const fs::path& folder : folders)
    names.push_back(folder.has_filename() ? folder.filename().string() : folder.parent_path().filename().string());
  const std::vector<std::string> unique = names;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (std::count(unique.begin(), unique.end(), names[i]) == 1) sweeps[i].name = names[i];
  return joined_sweep(sweeps);
}

}  // namespace

ScoredSweep read_scored_sweep(const Arguments& given, const std::vector<fs::path>& folders) {
  SweepResult sweep = joined(folders);
  Json scenario = sweep.scenario;
  apply_score_flags(given, scenario);
  const std::string file = store_of(folders.front()).string();
  SweepScore score = score_sweep(sweep, score_spec_of(scenario, file), {file, "/score"});
  return {std::move(sweep), std::move(score)};
}

}  // namespace peloton
