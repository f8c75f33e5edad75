#include <fmt/format.h>

#include <filesystem>

#include "analysis/output_directory.hpp"
#include "analysis/store/export.hpp"
#include "analysis/store/merge.hpp"
#include "analysis/store/read_sweep.hpp"
#include "scenarios/arguments.hpp"
#include "scenarios/commands.hpp"
#include "scenarios/sweep/write_scores.hpp"

namespace peloton {
namespace po = boost::program_options;

namespace {

/// "3, 5, 7, … (12 in all)"
std::string points_text(const std::vector<std::size_t>& points) {
  constexpr std::size_t kMost = 10;
  std::string out;
  for (std::size_t i = 0; i < std::min(kMost, points.size()); ++i) out += fmt::format("{}{}", i == 0 ? "" : ", ", points[i]);
  return points.size() > kMost ? fmt::format("{}, … ({} in all)", out, points.size()) : out;
}

}  // namespace

int merge_command(const std::vector<std::string>& arguments) {
  po::options_description flags("options");
  flags.add_options()("out", po::value<std::string>(), "DIR: output folder of the whole sweep (default: the first folder)");
  const Arguments given("usage: peloton merge DIR|STORE… [--out DIR]", flags, {"DIR|STORE…"}, arguments);
  if (given.help()) return kDone;
  std::vector<std::filesystem::path> sources;
  for (const std::string& name : given.positionals())
    for (const std::filesystem::path& store : stores_in(name)) sources.push_back(store);
  std::filesystem::path folder = given.positional(0);
  if (!std::filesystem::is_directory(folder)) folder = folder.has_parent_path() ? folder.parent_path() : ".";
  OutputDirectory out(given.text("out").value_or(folder.string()), OutputDirectory::Owner::sweep);
  const std::vector<std::size_t> missing = merge_stores(sources, store_of(out.path()));
  export_sweep(store_of(out.path()), out);
  const std::string scores = write_scores(store_of(out.path()), out);
  out.publish();
  const SweepCounts counts = count_points(out.path());
  fmt::print("{}\n{} of {} points from {} store{}\nresults in {}\n", scores, counts.finished, counts.planned, sources.size(),
             sources.size() == 1 ? "" : "s", out.path().string());
  if (missing.empty()) return kDone;
  fmt::print(stderr, "missing points: {}; run what is missing and merge again\n", points_text(missing));
  return kFailed;
}

}  // namespace peloton
