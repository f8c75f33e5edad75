#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "analysis/output_directory.hpp"
#include "analysis/text.hpp"
#include "analysis/updates_writer.hpp"
#include "models/data/folder.hpp"
#include "models/gradient_check.hpp"
#include "scenarios/arguments.hpp"
#include "scenarios/commands.hpp"
#include "scenarios/interrupt.hpp"
#include "scenarios/load.hpp"
#include "scenarios/progress.hpp"
#include "scenarios/recording.hpp"
#include "scenarios/run.hpp"
#include "scenarios/run_report.hpp"

namespace peloton {
namespace po = boost::program_options;

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

po::options_description scenario_flags() {
  po::options_description flags("options");
  flags.add_options()("set", po::value<std::vector<std::string>>()->composing(),
                      "PATH=VALUE: change a scenario value, e.g. cluster.workers=20")(
      "seed", po::value<std::string>(), "N: the scenario's seed")("data", po::value<std::string>(), "DIR: folder of the data files");
  return flags;
}

po::options_description run_flags() {
  po::options_description flags = scenario_flags();
  flags.add_options()("out", po::value<std::string>(), "DIR: output folder (default runs/<name>)")(
      "threads", po::value<std::string>(), "N: threads (default: all cores); results do not depend on it")(
      "device", po::value<std::string>(), "cpu | auto: where gradients are computed")("kernels", po::value<std::string>(),
                                                                                      "NAME: pin the CPU kernels (default auto)")(
      "max-memory", po::value<std::string>(), "SIZE: refuse to start above this (default: the machine's memory)")(
      "updates", "write updates.csv, one row per contribution")(
      "check-gradients", "compare gradients with finite differences before the run")("quiet", "no progress and no set-up lines");
  add_recording_flags(flags);
  return flags;
}

Scenario scenario_of(const Arguments& given) {
  std::vector<std::string> settings = given.texts("set");
  if (const auto seed = given.text("seed")) settings.push_back("seed=" + *seed);
  return load_scenario(given.positional(0), settings);
}

std::size_t thread_count(const Arguments& given) {
  const auto text = given.text("threads");
  if (!text) return std::max(1U, std::thread::hardware_concurrency());
  std::size_t used = 0;
  unsigned long count = 0;
  try {
    count = std::stoul(*text, &used);
  } catch (const std::exception&) {
    used = 0;
  }
  constexpr unsigned long kMostThreads = 1024;
  if (used != text->size() || count < 1 || count > kMostThreads || text->front() == '-')
    throw InputError(fmt::format("--threads: must be a whole number from 1 to {}, got \"{}\"", kMostThreads, *text));
  return count;
}

Execution execution_of(const Arguments& given) {
  const std::string device = given.text("device").value_or("auto");
  if (device == "cuda") throw InputError("--device: this version of peloton has no CUDA back end; use cpu or auto");
  if (device != "cpu" && device != "auto") throw InputError(fmt::format("--device: must be cpu or auto, got \"{}\"", device));
  Execution out;
  out.threads = thread_count(given);
  out.kernels = given.text("kernels").value_or("auto");
  out.data_folder = find_data_folder(given.text("data"));
  out.scenario_file = given.positional(0);
  out.max_memory = given.quantity<Bytes>("max-memory");
  return out;
}

std::string cpu_name() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("model name")) {
      const std::size_t colon = line.find(": ");
      if (colon != std::string::npos) return line.substr(colon + 2);
    }
  }
  return "unknown";
}

MachineReport machine_report(const Run& run, const Execution& execution, double setup_seconds, double wall_seconds) {
  MachineReport out;
  out.wall_seconds = wall_seconds;
  out.setup_seconds = setup_seconds;
  out.peak_memory_bytes = peak_memory();
  out.threads = execution.threads;
  out.kernels = run.kernels();
  out.cpu = cpu_name();
  out.build = PELOTON_BUILD_TYPE;
  const double seconds = std::max(wall_seconds, 1e-9);
  out.events_per_second = static_cast<double>(run.cluster().simulation().events()) / seconds;
  out.gradients_per_second = static_cast<double>(run.cluster().gradients()) / seconds;
  return out;
}

/// Advances to the end, or to the first signal.
void advance_to_end(Run& run, bool quiet) {
  const InterruptGuard interrupt;
  Progress progress(run.scenario().name, quiet);
  constexpr std::uint64_t kEventsPerLook = 64;
  for (std::uint64_t i = 0; run.advance(); ++i) {
    if (interrupt.requested()) return run.interrupt();
    if (i % kEventsPerLook == 0 && progress.due())
      progress.update(run.progress(), run.cluster().now().seconds(), run.cluster().gradients());
  }
}

void write_results(OutputDirectory& out, const Run& run, const RunSummary& summary) {
  out.write("metrics.csv", metrics_csv(run.rows()));
  for (const Table& table : run.tables()) {
    std::string text = csv_line(table.columns);
    for (const auto& row : table.rows) text += csv_line(row);
    out.write(table.name + ".csv", text);
  }
  out.write("scenario.resolved.json", resolved(run.scenario()).dump(2) + "\n");
  out.write("summary.json", summary_json(summary).dump(2) + "\n");
  out.publish();
}

int exit_code(RunStatus status) {
  switch (status) {
    case RunStatus::finished:
    case RunStatus::target:
    case RunStatus::diverged: return kDone;
    case RunStatus::stalled: return kFailed;
    case RunStatus::interrupted: return kInterrupted;
  }
  return kFailed;
}

void check_gradients(const Run& run) {
  if (run.objective() == nullptr) throw InputError("--check-gradients: this scenario computes no gradients");
  const GradientCheck check = check_gradient(*run.objective(), {.seed = static_cast<std::uint64_t>(run.scenario().seed)});
  fmt::print(stderr, "gradients against finite differences: largest relative error {:.2e} at {}, tolerance {:.0e}: {}\n", check.worst_error,
             check.where, check.tolerance, check.passed() ? "agree" : "DISAGREE");
  if (!check.passed()) throw Failure("the gradients do not agree with finite differences");
}

}  // namespace

int run_command(const std::vector<std::string>& arguments) {
  const Arguments given("usage: peloton run SCENARIO [options]", run_flags(), {"SCENARIO"}, arguments);
  if (given.help()) return kDone;
  const Clock::time_point start = Clock::now();
  const bool quiet = given.has("quiet");
  const Execution execution = execution_of(given);
  const Scenario scenario = scenario_of(given);
  OutputDirectory out(given.text("out").value_or("runs/" + scenario.name));
  Run run(scenario, execution);
  if (!quiet) fmt::print(stderr, "{}", setup_text(run));
  if (given.has("check-gradients")) check_gradients(run);

  std::optional<UpdatesWriter> updates;
  if (given.has("updates")) run.add_observer(updates.emplace(out.begin("updates.csv")));
  Recording recording(given, run, out);

  const double setup_seconds = seconds_since(start);
  const Clock::time_point loop = Clock::now();
  advance_to_end(run, quiet);
  RunSummary summary = run.summary();
  summary.machine = machine_report(run, execution, setup_seconds, seconds_since(loop));
  if (updates) updates->finish();
  recording.finish();
  write_results(out, run, summary);
  fmt::print("{}\nresults in {}\n", result_text(run, summary), out.path().string());
  return exit_code(summary.status);
}

int validate_command(const std::vector<std::string>& arguments) {
  const Arguments given("usage: peloton validate SCENARIO [options]", scenario_flags(), {"SCENARIO"}, arguments);
  if (given.help()) return kDone;
  const Scenario scenario = scenario_of(given);
  Execution execution;
  execution.data_folder = find_data_folder(given.text("data"));
  execution.scenario_file = given.positional(0);
  const Run run(scenario, execution);  // what only the data and the topology can tell
  fmt::print("{}: valid\n{}", given.positional(0), setup_text(run));
  return kDone;
}

std::span<const Command> commands() {
  static constexpr std::array kCommands = {
      Command{"run", "run a scenario and write its results", run_command},
      Command{"validate", "check a scenario without running it", validate_command},
      Command{"schema", "print the JSON Schema of scenarios", schema_command},
      Command{"list", "list everything a scenario can name", list_command},
      Command{"describe", "explain one name and its options", describe_command},
  };
  return kCommands;
}

}  // namespace peloton
