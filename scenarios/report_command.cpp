#include "scenarios/report_command.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "analysis/output_directory.hpp"
#include "analysis/report/run_page.hpp"
#include "analysis/report/sweep_page.hpp"
#include "scenarios/arguments.hpp"
#include "scenarios/commands.hpp"
#include "scenarios/result_folders.hpp"
#include "scenarios/score_flags.hpp"

namespace peloton {
namespace po = boost::program_options;
namespace fs = std::filesystem;

namespace {

ReportPage page_of_runs(const std::vector<fs::path>& folders) {
  return show_runs(folders, [&](const std::vector<NamedRun>& runs) { return run_page(runs, folders); });
}

ReportPage page_of(const Arguments& given, const std::vector<fs::path>& folders) {
  if (hold_sweeps(folders)) {
    const ScoredSweep scored = read_scored_sweep(given, folders);
    return sweep_page(scored.sweep, scored.score, folders.front());
  }
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
