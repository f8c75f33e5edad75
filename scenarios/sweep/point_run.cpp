#include "scenarios/sweep/point_run.hpp"

#include <new>

#include "scenarios/machine.hpp"

namespace peloton {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_between(Clock::time_point start, Clock::time_point end) { return std::chrono::duration<double>(end - start).count(); }

/// False when the run was dropped.
bool advance_to_end(Run& run, const std::atomic<bool>& stop) {
  constexpr std::uint64_t kEventsPerLook = 64;
  for (std::uint64_t i = 0; run.advance(); ++i)
    if (i % kEventsPerLook == 0 && stop.load(std::memory_order_relaxed)) return false;
  return true;
}

void make_run(const PointTask& task, const Execution& execution, const std::atomic<bool>& stop, PointOutcome& out) {
  const Clock::time_point start = Clock::now();
  Run run(parse_options<Scenario>(task.scenario, {execution.scenario_file, ""}), execution);
  const Clock::time_point loop = Clock::now();
  if (stop.load(std::memory_order_relaxed) || !advance_to_end(run, stop)) return;
  const Clock::time_point end = Clock::now();
  RunSummary summary = run.summary();
  summary.machine = machine_report(run, execution, seconds_between(start, loop), seconds_between(loop, end));
  out.summary = summary_json(summary);
  out.machine = std::move(out.summary["machine"]);
  out.summary.erase("machine");
  out.rows = run.rows();
  out.wall_seconds = seconds_between(start, end);
  out.kind = PointOutcome::Kind::finished;
}

}  // namespace

PointOutcome run_point(const PointTask& task, const Execution& execution, const std::atomic<bool>& stop) {
  PointOutcome out;
  out.index = task.index;
  try {
    make_run(task, execution, stop, out);
  } catch (const InputError& e) {
    out.kind = PointOutcome::Kind::refused;
    out.error = e.what();
  } catch (const std::bad_alloc&) {
    out.kind = PointOutcome::Kind::failed;
    out.error = "out of memory";
  } catch (const std::exception& e) {
    out.kind = PointOutcome::Kind::failed;
    out.error = e.what();
  }
  return out;
}

}  // namespace peloton
