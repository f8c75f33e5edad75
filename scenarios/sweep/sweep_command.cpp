#include "scenarios/sweep/sweep_command.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "analysis/output_directory.hpp"
#include "analysis/scores/sweep_score.hpp"
#include "analysis/store/export.hpp"
#include "analysis/store/read_sweep.hpp"
#include "analysis/store/sweep_store.hpp"
#include "models/kernels/kernels.hpp"
#include "scenarios/commands.hpp"
#include "scenarios/execution_flags.hpp"
#include "scenarios/interrupt.hpp"
#include "scenarios/load.hpp"
#include "scenarios/progress.hpp"
#include "scenarios/score_flags.hpp"
#include "scenarios/sweep/bisect_command.hpp"
#include "scenarios/sweep/shard.hpp"
#include "scenarios/sweep/sweep_plan.hpp"
#include "scenarios/sweep/write_scores.hpp"

namespace peloton {
namespace po = boost::program_options;

namespace {

namespace fs = std::filesystem;

po::options_description sweep_flags() {
  po::options_description flags = scenario_flags();
  flags.add(execution_flags("N: threads of each run (default 1); results do not depend on it"));
  flags.add_options()("vary", po::value<std::vector<std::string>>()->composing(),
                      "PATH=V1,V2,…: vary a scenario value; also PATH=[JSON, …] and PATH=log2:-6..0")("repeat", po::value<std::string>(),
                                                                                                      "N: seeds of each combination")(
      "jobs", po::value<std::string>(), "N: runs at a time (default: all cores); results do not depend on it")(
      "list", "print the points and run nothing")("shard", po::value<std::string>(), "I/N: only every N-th point, for job arrays")(
      "out", po::value<std::string>(), "DIR: output folder (default runs/<name>); a sweep there goes on");
  flags.add(score_flags());
  flags.add(bisect_flags());
  return flags;
}

/// Wrong scores are refused before anything runs.
void check_scores(const Json& scenario, const SweepPlan& plan, const std::string& file) {
  static_cast<void>(SweepScorer(plan.axes(), score_spec_of(scenario, file), {file, "/score"}));
}

void list_points(const SweepPlan& plan, const Shard& shard) {
  for (std::size_t i = 0; i < plan.size(); ++i)
    if (shard.holds(i)) fmt::print("{}: {}\n", i, plan.label(i));
}

/// How a sweep that is being made stands.
class SweepRun {
 public:
  SweepRun(const SweepPlan& plan, const Shard& shard, SweepStore& store, bool quiet)
      : plan_(plan), shard_(shard), store_(store), progress_(plan.name(), quiet), quiet_(quiet) {
    for (std::size_t i = 0; i < plan.size(); ++i) wanted_ += shard.holds(i) ? 1 : 0;
    before_ = store.count();
    if (!quiet) fmt::print(stderr, "{}\n", start_text());
  }

  /// False when interrupted.
  bool make(Workforce& workforce) {
    const InterruptGuard interrupt;
    const bool whole = run_points(workforce, {.next = [&] { return next(); },
                                              .done = [&](PointOutcome outcome) { take(std::move(outcome)); },
                                              .stopped =
                                                  [&] {
                                                    show();
                                                    return interrupt.requested();
                                                  }});
    progress_.finish();
    return whole;
  }

  /// What the failures come to: nothing when there are none.
  [[nodiscard]] std::string failure_text() const {
    if (failed_ == 0) return {};
    const std::string reasons = reasons_.size() < failed_ ? fmt::format(", for {} different reasons", reasons_.size()) : "";
    return fmt::format("{} point{} failed{}; the same command tries again\n", failed_, failed_ == 1 ? "" : "s",
                       reasons_.size() == 1 && failed_ > 1 ? ", all for this reason" : reasons);
  }
  [[nodiscard]] int exit_code() const { return failed_ == 0 ? kDone : refused_ == failed_ ? kWrongInput : kFailed; }
  [[nodiscard]] std::size_t wanted() const { return wanted_; }

 private:
  [[nodiscard]] std::string start_text() const {
    std::string out = fmt::format("{}: {} points", plan_.name(), plan_.size());
    if (shard_.count > 1) out += fmt::format(", {} of them in shard {}/{}", wanted_, shard_.index, shard_.count);
    if (before_ > 0) out += fmt::format("; {} are in {} already", before_, store_.path());
    return out;
  }

  std::optional<PointTask> next() {
    while (next_ < plan_.size() && (!shard_.holds(next_) || store_.finished(next_))) ++next_;
    if (next_ == plan_.size()) return std::nullopt;
    const std::size_t index = next_++;
    return PointTask{index, plan_.scenario(index)};
  }

  void take(PointOutcome outcome) {
    if (outcome.without_result()) return note_failure(outcome);
    StoredPoint stored{plan_.point(outcome.index), std::move(outcome.machine), outcome.wall_seconds};
    stored.point.summary = std::move(outcome.summary);
    stored.point.rows = std::move(outcome.rows);
    store_.commit(stored);
  }

  /// A reason that many points share is told once.
  void note_failure(const PointOutcome& outcome) {
    ++failed_;
    if (outcome.kind == PointOutcome::Kind::refused) ++refused_;
    if (!reasons_.insert(outcome.error).second) return;
    progress_.finish();
    fmt::print(stderr, "point {} ({}) failed: {}\n", outcome.index, plan_.label(outcome.index), outcome.error);
  }

  void show() {
    if (quiet_ || !progress_.due()) return;
    const std::size_t made = store_.count() - before_;
    const std::size_t left = wanted_ - before_;
    const double rate = static_cast<double>(made) / std::max(progress_.elapsed_seconds(), 1e-9);
    progress_.update(static_cast<double>(made + failed_) / static_cast<double>(std::max<std::size_t>(left, 1)),
                     fmt::format("{} of {} points, {:.3g} points/s", store_.count(), wanted_, rate));
  }

  const SweepPlan& plan_;
  Shard shard_;
  SweepStore& store_;
  Progress progress_;
  bool quiet_;
  std::size_t wanted_ = 0;
  std::size_t before_ = 0;
  std::size_t next_ = 0;
  std::size_t failed_ = 0;
  std::size_t refused_ = 0;
  std::set<std::string> reasons_;  ///< of failures
};

/// "12 of 12 points: 9 finished, 2 target, 1 diverged"
std::string counts_text(const SweepCounts& counts, std::size_t wanted) {
  std::string out = fmt::format("{} of {} points", counts.finished, wanted);
  for (std::size_t i = 0; i < counts.by_status.size(); ++i)
    out += fmt::format("{}{} {}", i == 0 ? ": " : ", ", counts.by_status[i].second, counts.by_status[i].first);
  return out;
}

/// The tables of a sweep that was not cut off, as a text for the terminal.
std::string write_tables(const fs::path& store, bool whole, OutputDirectory& out) {
  export_sweep(store, out);
  const std::string scores = whole ? write_scores(store, out) + "\n" : std::string();
  out.publish();
  return scores;
}

int finish(const SweepPlan& plan, const SweepRun& run, bool whole, const fs::path& store, const Shard& shard, OutputDirectory& out) {
  const SweepCounts counts = count_points(store);
  if (shard.count == 1) fmt::print("{}", write_tables(store, whole, out));
  fmt::print("{}: {}\n", plan.name(), counts_text(counts, run.wanted()));
  fmt::print("results in {}\n", out.path().string());
  if (shard.count > 1) fmt::print("when all {} shards are done: peloton merge {}\n", shard.count, out.path().string());
  if (!whole) fmt::print(stderr, "interrupted: what is finished is kept in {}; the same command goes on\n", store.string());
  fmt::print(stderr, "{}", run.failure_text());
  return whole ? run.exit_code() : kInterrupted;
}

}  // namespace

std::optional<std::size_t> jobs_of(const Arguments& given) {
  constexpr std::size_t kMostJobs = 1024;
  return given.has("jobs") ? std::optional(count_of(given, "jobs", 1, kMostJobs)) : std::nullopt;
}

Json sweep_scenario(const Arguments& given) {
  Json scenario = load_json(given.positional(0), settings_of(given));
  apply_score_flags(given, scenario);
  return scenario;
}

SweepSpec sweep_spec_of(const Arguments& given, const Json& scenario) {
  SweepSpec spec;
  if (has_sweep(scenario)) spec = OptionType<SweepSpec>::parse(scenario["sweep"], {given.positional(0), "/sweep"});
  for (const std::string& vary : given.texts("vary")) spec.vary(parse_vary(vary), {"--vary " + vary, ""});
  constexpr std::size_t kMostRepeats = 1'000'000;
  spec.repeat = static_cast<Count>(count_of(given, "repeat", static_cast<std::size_t>(spec.repeat), kMostRepeats));
  return spec;
}

SweepPlan planned_sweep(const Arguments& given) {
  const std::string& file = given.positional(0);
  const Json scenario = sweep_scenario(given);
  SweepSpec spec = sweep_spec_of(given, scenario);
  if (spec.groups.empty() && spec.repeat == 1)
    throw InputError({file, ""}, "varies nothing: give it a \"sweep\", or --vary cluster.workers=4,8,16, or --repeat 10");
  SweepPlan plan(scenario, std::move(spec), file);
  check_scores(scenario, plan, file);
  return plan;
}

int sweep(const std::vector<std::string>& arguments, const MakeWorkforce& make) {
  const Arguments given("usage: peloton sweep SCENARIO [options]", sweep_flags(), {"SCENARIO"}, arguments);
  if (given.help()) return kDone;
  Execution execution = execution_of(given, 1);
  execution.kernels = find_kernels(execution.kernels).name;
  const Shard shard = given.has("shard") ? parse_shard(*given.text("shard")) : Shard{};
  const std::optional<std::size_t> jobs = jobs_of(given);
  const Json scenario = sweep_scenario(given);
  if (given.has("bisect")) return bisect(given, scenario, execution, make);
  refuse_bisect_flags(given);
  const SweepPlan plan = planned_sweep(given);
  if (given.has("list")) {
    list_points(plan, shard);
    return kDone;
  }
  OutputDirectory out(given.text("out").value_or("runs/" + plan.name()), OutputDirectory::Owner::sweep);
  const fs::path path = shard.count == 1 ? store_of(out.path()) : out.path() / shard.file_name();
  SweepStore store(path, plan.identity(execution.kernels));
  store.put_score(scenario.value("score", Json()));
  SweepRun run(plan, shard, store, given.has("quiet"));
  const std::unique_ptr<Workforce> workforce = make(execution, jobs);
  const bool whole = run.make(*workforce);
  return finish(plan, run, whole, path, shard, out);
}

int sweep_command(const std::vector<std::string>& arguments) { return sweep(arguments, make_thread_workforce); }

}  // namespace peloton
