#include "analysis/run_result.hpp"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "sim/base/error.hpp"

namespace peloton {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) throw InputError(fmt::format("{}: cannot be read; is the folder a run's result?", path.string()));
  return std::move(text).str();
}

Json read_object(const std::filesystem::path& path) {
  Json json = Json::parse(read_file(path), nullptr, false);
  if (!json.is_object()) throw InputError(fmt::format("{}: must be a JSON object", path.string()));
  return json;
}

}  // namespace

RunResult read_run(const std::filesystem::path& folder) {
  if (!std::filesystem::is_directory(folder)) throw InputError(fmt::format("{}: must be the output folder of a run", folder.string()));
  const std::filesystem::path metrics = folder / "metrics.csv";
  return {.scenario = read_object(folder / "scenario.resolved.json"),
          .summary = read_object(folder / "summary.json"),
          .rows = parse_metrics_csv(read_file(metrics), metrics.string())};
}

}  // namespace peloton
