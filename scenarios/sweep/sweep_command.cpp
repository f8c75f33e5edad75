#include "scenarios/sweep/sweep_command.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "analysis/output_directory.hpp"
#include "analysis/store/export.hpp"
#include "analysis/store/read_sweep.hpp"
#include "analysis/store/sweep_store.hpp"
#include "models/kernels/kernels.hpp"
#include "scenarios/commands.hpp"
#include "scenarios/execution_flags.hpp"
#include "scenarios/interrupt.hpp"
#include "scenarios/load.hpp"
#include "scenarios/progress.hpp"
#include "scenarios/sweep/shard.hpp"
#include "scenarios/sweep/sweep_plan.hpp"

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
  return flags;
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

  [[nodiscard]] std::size_t failed() const { return failed_; }
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
    if (outcome.kind == PointOutcome::Kind::failed) {
      ++failed_;
      progress_.finish();
      fmt::print(stderr, "point {} ({}) failed: {}\n", outcome.index, plan_.label(outcome.index), outcome.error);
      return;
    }
    StoredPoint stored{plan_.point(outcome.index), std::move(outcome.machine), outcome.wall_seconds};
    stored.point.summary = std::move(outcome.summary);
    stored.point.rows = std::move(outcome.rows);
    store_.commit(stored);
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
};

/// "12 of 12 points: 9 finished, 2 target, 1 diverged"
std::string counts_text(const SweepCounts& counts, std::size_t wanted) {
  std::string out = fmt::format("{} of {} points", counts.finished, wanted);
  for (std::size_t i = 0; i < counts.by_status.size(); ++i)
    out += fmt::format("{}{} {}", i == 0 ? ": " : ", ", counts.by_status[i].second, counts.by_status[i].first);
  return out;
}

int finish(const SweepPlan& plan, const SweepRun& run, bool whole, const fs::path& store, const Shard& shard, OutputDirectory& out) {
  const SweepCounts counts = count_points(store);
  if (shard.count == 1) {
    export_sweep(store, out);
    out.publish();
  }
  fmt::print("{}: {}\n", plan.name(), counts_text(counts, run.wanted()));
  fmt::print("results in {}\n", out.path().string());
  if (shard.count > 1) fmt::print("when all {} shards are done: peloton merge {}\n", shard.count, out.path().string());
  if (!whole) fmt::print(stderr, "interrupted: what is finished is kept in {}; the same command goes on\n", store.string());
  if (run.failed() > 0)
    fmt::print(stderr, "{} point{} failed; the same command tries {} again\n", run.failed(), run.failed() == 1 ? "" : "s",
               run.failed() == 1 ? "it" : "them");
  return !whole ? kInterrupted : run.failed() > 0 ? kFailed : kDone;
}

}  // namespace

SweepPlan planned_sweep(const Arguments& given) {
  const std::string& file = given.positional(0);
  const Json scenario = load_json(file, settings_of(given));
  const Place place{file, "/sweep"};
  SweepSpec spec;
  if (has_sweep(scenario)) spec = OptionType<SweepSpec>::parse(scenario["sweep"], place);
  for (const std::string& vary : given.texts("vary")) spec.vary(parse_vary(vary), {"--vary " + vary, ""});
  constexpr std::size_t kMostRepeats = 1'000'000;
  spec.repeat = static_cast<Count>(count_of(given, "repeat", static_cast<std::size_t>(spec.repeat), kMostRepeats));
  if (spec.groups.empty() && spec.repeat == 1)
    throw InputError({file, ""}, "varies nothing: give it a \"sweep\", or --vary cluster.workers=4,8,16, or --repeat 10");
  return {scenario, std::move(spec), file};
}

int sweep(const std::vector<std::string>& arguments, const MakeWorkforce& make) {
  const Arguments given("usage: peloton sweep SCENARIO [options]", sweep_flags(), {"SCENARIO"}, arguments);
  if (given.help()) return kDone;
  Execution execution = execution_of(given, 1);
  execution.kernels = find_kernels(execution.kernels).name;
  const Shard shard = given.has("shard") ? parse_shard(*given.text("shard")) : Shard{};
  constexpr std::size_t kMostJobs = 1024;
  const std::size_t jobs = count_of(given, "jobs", core_count(), kMostJobs);
  const SweepPlan plan = planned_sweep(given);
  if (given.has("list")) {
    list_points(plan, shard);
    return kDone;
  }
  OutputDirectory out(given.text("out").value_or("runs/" + plan.name()), OutputDirectory::Owner::sweep);
  const fs::path path = shard.count == 1 ? store_of(out.path()) : out.path() / shard.file_name();
  SweepStore store(path, plan.identity(execution.kernels));
  SweepRun run(plan, shard, store, given.has("quiet"));
  const std::unique_ptr<Workforce> workforce = make(execution, given.has("jobs") ? std::optional(jobs) : std::nullopt);
  const bool whole = run.make(*workforce);
  return finish(plan, run, whole, path, shard, out);
}

int sweep_command(const std::vector<std::string>& arguments) { return sweep(arguments, make_thread_workforce); }

}  // namespace peloton
