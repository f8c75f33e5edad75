#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>

#include "analysis/run_result.hpp"
#include "analysis/scores/joined_sweep.hpp"
#include "analysis/scores/run_comparison.hpp"
#include "analysis/scores/scenario_differences.hpp"
#include "analysis/scores/sweep_score.hpp"
#include "analysis/store/read_sweep.hpp"
#include "scenarios/commands.hpp"
#include "scenarios/score_flags.hpp"
#include "sim/base/error.hpp"

namespace peloton {
namespace po = boost::program_options;

namespace {

namespace fs = std::filesystem;

po::options_description compare_flags() {
  po::options_description flags("options");
  flags.add_options()("csv", po::value<std::string>(), "FILE: the comparison as a table for scripts, too");
  flags.add(score_flags());
  return flags;
}

/// Short, distinct names: the last part of each path, else the paths as they are.
std::vector<std::string> names_of(const std::vector<std::string>& paths) {
  std::vector<std::string> names;
  for (const std::string& path : paths) {
    const fs::path folder = fs::path(path).lexically_normal();
    names.push_back((folder.has_filename() ? folder : folder.parent_path()).filename().string());
  }
  return std::set(names.begin(), names.end()).size() == names.size() ? names : paths;
}

void check_folders(const std::vector<std::string>& folders) {
  std::set<fs::path> seen;
  for (const std::string& folder : folders) {
    if (!fs::is_directory(folder)) throw InputError(fmt::format("{}: must be the output folder of a run or a sweep", folder));
    if (!seen.insert(fs::canonical(folder)).second) throw InputError(fmt::format("{}: is given twice", folder));
    if (holds_sweep(folder) != holds_sweep(folders.front()))
      throw InputError(fmt::format("{} holds a {}, {} a {}: runs are compared with runs, sweeps with sweeps", folders.front(),
                                   holds_sweep(folders.front()) ? "sweep" : "run", folder, holds_sweep(folder) ? "sweep" : "run"));
  }
}

void write_csv(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  if (!out) throw InputError(fmt::format("--csv: {}: cannot be written: {}", path, std::strerror(errno)));
  out << text;
  out.close();
  if (!out) throw Failure(fmt::format("{}: writing failed: {}", path, std::strerror(errno)));
}

void compare_run_folders(const Arguments& given, const std::vector<std::string>& folders) {
  for (const char* flag : {"tune", "rule"})
    if (given.has(flag)) throw InputError(fmt::format("--{}: is for sweeps; these are runs", flag));
  const std::vector<std::string> names = names_of(folders);
  std::vector<ComparedRun> runs;
  for (std::size_t i = 0; i < folders.size(); ++i) runs.push_back({names[i], read_run(folders[i])});
  std::optional<Target> target;
  if (given.has("target")) {
    Json scenario = Json::object();
    apply_score_flags(given, scenario);
    target = score_spec_of(scenario, "").target;
  } else if (given.has("in-a-row")) {
    throw InputError("--in-a-row: needs --target");
  }
  const RunComparison comparison = compare_runs(runs, target);
  fmt::print("{}", run_comparison_text(comparison));
  if (const auto csv = given.text("csv")) write_csv(*csv, run_comparison_csv(comparison));
}

void print_unpaired(const std::vector<NamedSweep>& sweeps, const Json& flags) {
  fmt::print("the sweeps vary different values, so that no groups can be set against each other\n");
  for (const NamedSweep& named : sweeps) {
    Json scenario = named.sweep.scenario;
    if (flags.contains("score")) scenario["score"].update(flags["score"]);
    fmt::print("\n{}\n{}", named.name, score_text(score_sweep(named.sweep, score_spec_of(scenario, named.name))));
  }
}

void compare_sweep_folders(const Arguments& given, const std::vector<std::string>& folders) {
  const std::vector<std::string> names = names_of(folders);
  std::vector<NamedSweep> sweeps;
  std::vector<const Json*> scenarios;
  for (std::size_t i = 0; i < folders.size(); ++i) sweeps.push_back({names[i], read_sweep(folders[i])});
  for (const NamedSweep& named : sweeps) {
    scenarios.push_back(&named.sweep.scenario);
    if (named.sweep.points.size() < named.sweep.planned)
      fmt::print(stderr, "{}: {} of {} points are finished\n", named.name, named.sweep.points.size(), named.sweep.planned);
  }
  fmt::print("{}\n", scenario_differences_text(names, scenario_differences(scenarios)));
  if (!same_axes(sweeps)) {
    if (given.has("csv")) throw InputError("--csv: needs sweeps over the same scenario values");
    Json flags = Json::object();
    apply_score_flags(given, flags);
    return print_unpaired(sweeps, flags);
  }
  SweepResult joined = joined_sweep(sweeps);
  apply_score_flags(given, joined.scenario);
  ScoreSpec spec = score_spec_of(joined.scenario, names.front());
  spec.compare = kSweepAxis;
  const SweepScore score = score_sweep(joined, spec);
  fmt::print("{}", score_text(score));
  if (const auto csv = given.text("csv")) write_csv(*csv, scores_csv(score));
}

}  // namespace

int compare_command(const std::vector<std::string>& arguments) {
  const Arguments given("usage: peloton compare A B… [options]: output folders of runs, or of sweeps", compare_flags(), {"A", "B…"},
                        arguments);
  if (given.help()) return kDone;
  const std::vector<std::string>& folders = given.positionals();
  check_folders(folders);
  if (holds_sweep(folders.front()))
    compare_sweep_folders(given, folders);
  else
    compare_run_folders(given, folders);
  return kDone;
}

}  // namespace peloton
