#include <fmt/format.h>

#include <filesystem>

#include "analysis/output_directory.hpp"
#include "analysis/report/run_page.hpp"
#include "scenarios/arguments.hpp"
#include "scenarios/commands.hpp"
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

/// What the files say may be anything once somebody edited them: a value of the wrong type is their fault, not ours.
std::string page_of(const std::vector<fs::path>& folders) {
  try {
    return page_html(run_page(read_named_runs(folders), folders), dygraphs_folder());
  } catch (const Json::exception& e) {
    throw InputError(
        fmt::format("{}: summary.json or scenario.resolved.json is not as peloton wrote it: {}", folders.front().string(), e.what()));
  }
}

}  // namespace

int report_command(const std::vector<std::string>& arguments) {
  po::options_description flags("options");
  flags.add_options()("out,o", po::value<std::string>(), "FILE: the page (default DIR/report.html; with several runs report.html)");
  const Arguments given("usage: peloton report DIR… [options]\nWrites one HTML page about a run, or about several over one another.", flags,
                        {"DIR…"}, arguments);
  if (given.help()) return kDone;
  const std::vector<fs::path> folders = folders_of(given);
  const fs::path beside = folders.size() == 1 ? folders.front() / "report.html" : fs::path("report.html");
  const fs::path file = given.has("out") ? fs::path(*given.text("out")) : beside;
  write_whole(file, page_of(folders));
  fmt::print("{}\n", file.string());
  return kDone;
}

}  // namespace peloton
