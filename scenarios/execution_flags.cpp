#include "scenarios/execution_flags.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "scenarios/load.hpp"
#include "sim/base/data_folder.hpp"

namespace peloton {
namespace po = boost::program_options;

namespace {

constexpr std::size_t kMostThreads = 1024;

}  // namespace

po::options_description scenario_flags() {
  po::options_description flags("options");
  flags.add_options()("set", po::value<std::vector<std::string>>()->composing(),
                      "PATH=VALUE: change a scenario value, e.g. cluster.workers=20")(
      "seed", po::value<std::string>(), "N: the scenario's seed")("data", po::value<std::string>(), "DIR: folder of the data files");
  return flags;
}

po::options_description execution_flags(const std::string& threads_help) {
  po::options_description flags;
  flags.add_options()("threads", po::value<std::string>(), threads_help.c_str())(
      "device", po::value<std::string>(), "cpu | auto: where gradients are computed")("kernels", po::value<std::string>(),
                                                                                      "NAME: pin the CPU kernels (default auto)")(
      "max-memory", po::value<std::string>(), "SIZE: refuse to start above this (default: the machine's memory)")(
      "quiet", "no progress and no set-up lines");
  return flags;
}

std::vector<std::string> settings_of(const Arguments& given) {
  std::vector<std::string> settings = given.texts("set");
  if (const auto seed = given.text("seed")) settings.push_back("seed=" + *seed);
  return settings;
}

Scenario scenario_of(const Arguments& given) { return load_scenario(given.positional(0), settings_of(given)); }

std::size_t count_of(const Arguments& given, const std::string& flag, std::size_t otherwise, std::size_t most) {
  const auto text = given.text(flag);
  if (!text) return otherwise;
  std::size_t used = 0;
  unsigned long count = 0;
  try {
    count = std::stoul(*text, &used);
  } catch (const std::exception&) {
    used = 0;
  }
  if (used != text->size() || count < 1 || count > most || text->front() == '-')
    throw InputError(fmt::format("--{}: must be a whole number from 1 to {}, got \"{}\"", flag, most, *text));
  return count;
}

std::size_t core_count() { return std::max(1U, std::thread::hardware_concurrency()); }

Execution execution_of(const Arguments& given, std::size_t threads) {
  const std::string device = given.text("device").value_or("auto");
  if (device == "cuda") throw InputError("--device: this version of peloton has no CUDA back end; use cpu or auto");
  if (device != "cpu" && device != "auto") throw InputError(fmt::format("--device: must be cpu or auto, got \"{}\"", device));
  Execution out;
  out.threads = count_of(given, "threads", threads, kMostThreads);
  out.kernels = given.text("kernels").value_or("auto");
  out.data_folder = find_data_folder(given.text("data"));
  out.scenario_file = given.positional(0);
  out.max_memory = given.quantity<Bytes>("max-memory");
  return out;
}

}  // namespace peloton
