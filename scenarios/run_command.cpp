#include <fmt/format.h>

#include <chrono>

#include "analysis/output_directory.hpp"
#include "analysis/text.hpp"
#include "analysis/updates_writer.hpp"
#include "models/data/folder.hpp"
#include "models/gradient_check.hpp"
#include "scenarios/arguments.hpp"
#include "scenarios/commands.hpp"
#include "scenarios/execution_flags.hpp"
#include "scenarios/interrupt.hpp"
#include "scenarios/load.hpp"
#include "scenarios/machine.hpp"
#include "scenarios/progress.hpp"
#include "scenarios/recording.hpp"
#include "scenarios/report_command.hpp"
#include "scenarios/run.hpp"
#include "scenarios/run_report.hpp"
#include "scenarios/sweep/sweep_command.hpp"

namespace peloton {
namespace po = boost::program_options;

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

po::options_description run_flags() {
  po::options_description flags = scenario_flags();
  flags.add(execution_flags("N: threads (default: all cores); results do not depend on it"));
  flags.add_options()("out", po::value<std::string>(), "DIR: output folder (default runs/<name>)")(
      "updates", "write updates.csv, one row per contribution")("check-gradients",
                                                                "compare gradients with finite differences before the run");
  add_recording_flags(flags);
  return flags;
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
  const Execution execution = execution_of(given, core_count());
  const Scenario scenario = scenario_of(given);
  if (given.has("report")) check_reports();
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
  if (given.has("report")) report_run(out.path());
  fmt::print("{}\nresults in {}\n", result_text(run, summary), out.path().string());
  return exit_code(summary.status);
}

int validate_command(const std::vector<std::string>& arguments) {
  const Arguments given("usage: peloton validate SCENARIO [options]", scenario_flags(), {"SCENARIO"}, arguments);
  if (given.help()) return kDone;
  Execution execution;
  execution.data_folder = find_data_folder(given.text("data"));
  execution.scenario_file = given.positional(0);
  std::optional<SweepPlan> sweep;
  if (has_sweep(load_json(given.positional(0), settings_of(given)))) sweep = planned_sweep(given);
  const Scenario scenario = sweep ? parse_options<Scenario>(sweep->scenario(0), {given.positional(0), ""}) : scenario_of(given);
  const Run run(scenario, execution);  // what only the data and the topology can tell
  const std::string points = sweep ? fmt::format(" sweep of {} points; the first of them:", sweep->size()) : std::string();
  fmt::print("{}: valid{}\n{}", given.positional(0), points, setup_text(run));
  return kDone;
}

std::span<const Command> commands() {
  static constexpr std::array kCommands = {
      Command{"run", "run a scenario and write its results", run_command},
      Command{"sweep", "run every point of a sweep, on all cores, resumable", sweep_command},
      Command{"merge", "put the shards of a sweep together", merge_command},
      Command{"compare", "put runs or sweeps side by side", compare_command},
      Command{"report", "write an HTML page about a run or a sweep, or several", report_command},
      Command{"plot", "draw figures for papers with gnuplot", plot_command},
      Command{"validate", "check a scenario without running it", validate_command},
      Command{"schema", "print the JSON Schema of scenarios", schema_command},
      Command{"list", "list everything a scenario can name", list_command},
      Command{"describe", "explain one name and its options", describe_command},
  };
  return kCommands;
}

}  // namespace peloton
