#include "scenarios/report_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "analysis/output_directory.hpp"
#include "analysis/report/run_page.hpp"
#include "analysis/report/sweep_page.hpp"
#include "analysis/scores/joined_sweep.hpp"
#include "analysis/store/read_sweep.hpp"
#include "scenarios/arguments.hpp"
#include "scenarios/commands.hpp"
#include "scenarios/score_flags.hpp"
#include "sim/base/error.hpp"
#include "sim/base/options.hpp"

namespace peloton {
namespace po = boost::program_options;
namespace fs = std::filesystem;

namespace {

std::vector<fs::path> folders_of(const Arguments& given) {
  std::vector<fs::path> out;
  for (const std::string& folder : given.positionals()) out.emplace_back(folder);
  return out;
}

void refuse_score_flags(const Arguments& given) {
  for (const char* flag : {"target", "in-a-row", "tune", "rule"})
    if (given.has(flag)) throw InputError(fmt::format("--{}: sweeps are scored; these folders hold runs", flag));
}

/// Several sweeps over the same axes are one, with the sweep as a first axis.
SweepResult joined(const std::vector<fs::path>& folders) {
  if (folders.size() == 1) return read_sweep(folders.front());
  std::vector<NamedSweep> sweeps;
  for (const fs::path& folder : folders) sweeps.push_back({fs::absolute(folder).lexically_normal().string(), read_sweep(folder)});
  if (!same_axes(sweeps)) throw InputError("the sweeps vary different scenario values: one page cannot show them over one another");
  // The folders' own names where they differ.
  std::vector<std::string> names;
  for (const fs::path& folder : folders)
    names.push_back(folder.has_filename() ? folder.filename().string() : folder.parent_path().filename().string());
  const std::vector<std::string> unique = names;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (std::count(unique.begin(), unique.end(), names[i]) == 1) sweeps[i].name = names[i];
  return joined_sweep(sweeps);
}

ReportPage page_of_sweeps(const Arguments& given, const std::vector<fs::path>& folders) {
  const SweepResult sweep = joined(folders);
  Json scenario = sweep.scenario;
  apply_score_flags(given, scenario);
  const std::string file = store_of(folders.front()).string();
  return sweep_page(sweep, score_sweep(sweep, score_spec_of(scenario, file), {file, "/score"}), folders.front());
}

/// What the files say may be anything once somebody edited them: a value of the wrong type is their fault, not ours.
ReportPage page_of_runs(const std::vector<fs::path>& folders) {
  try {
    return run_page(read_named_runs(folders), folders);
  } catch (const Json::exception& e) {
    throw InputError(
        fmt::format("{}: summary.json or scenario.resolved.json is not as peloton wrote it: {}", folders.front().string(), e.what()));
  }
}

ReportPage page_of(const Arguments& given, const std::vector<fs::path>& folders) {
  const auto sweeps = static_cast<std::size_t>(std::count_if(folders.begin(), folders.end(), holds_sweep));
  if (sweeps == folders.size()) return page_of_sweeps(given, folders);
  if (sweeps > 0) throw InputError("some of the folders hold runs, others sweeps: one page shows either");
  refuse_score_flags(given);
  return page_of_runs(folders);
}

}  // namespace

void check_reports() { static_cast<void>(page_html({}, dygraphs_folder())); }

void report_run(const fs::path& folder) { write_whole(folder / "report.html", page_html(page_of_runs({folder}), dygraphs_folder())); }

int report_command(const std::vector<std::string>& arguments) {
  po::options_description flags("options");
  flags.add_options()("out,o", po::value<std::string>(), "FILE: the page (default DIR/report.html; with several folders report.html)");
  flags.add(score_flags());
  const Arguments given(
      "usage: peloton report DIR… [options]\nWrites one HTML page about a run or a sweep, or about several over one another.", flags,
      {"DIR…"}, arguments);
  if (given.help()) return kDone;
  const std::vector<fs::path> folders = folders_of(given);
  const fs::path beside = folders.size() == 1 ? folders.front() / "report.html" : fs::path("report.html");
  const fs::path file = given.has("out") ? fs::path(*given.text("out")) : beside;
  write_whole(file, page_html(page_of(given, folders), dygraphs_folder()));
  fmt::print("{}\n", file.string());
  return kDone;
}

}  // namespace peloton
