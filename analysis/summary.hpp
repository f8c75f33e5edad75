#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/metrics.hpp"
#include "analysis/staleness.hpp"
#include "models/convex/facts.hpp"
#include "sim/base/options.hpp"

namespace peloton {

/// How a run ended.
enum class RunStatus : std::uint8_t { finished, target, diverged, stalled, interrupted };
template <>
struct EnumNames<RunStatus> {
  static constexpr std::array names = {
      std::pair{std::string_view("finished"), RunStatus::finished}, std::pair{std::string_view("target"), RunStatus::target},
      std::pair{std::string_view("diverged"), RunStatus::diverged}, std::pair{std::string_view("stalled"), RunStatus::stalled},
      std::pair{std::string_view("interrupted"), RunStatus::interrupted}};
};
[[nodiscard]] std::string status_name(RunStatus status);

/// What cannot be deterministic: left out of comparisons.
struct MachineReport {
  double wall_seconds = 0;
  double setup_seconds = 0;
  std::uint64_t peak_memory_bytes = 0;
  std::size_t threads = 1;
  std::string kernels;
  std::string cpu;
  std::string build;
  double events_per_second = 0;
  double gradients_per_second = 0;
};

struct WorkerReport {
  Duration busy;
  Duration waiting;
  Duration down;  ///< written in runs with faults only
  std::uint64_t gradients = 0;
};

/// What faults have cost a run.
struct FaultReport {
  std::uint64_t lost_messages = 0;
  std::uint64_t lost_bits = 0;
  std::uint64_t lost_computations = 0;
};

/// What the zero-delay twin of a run found.
struct TwinReport {
  struct Range {
    std::optional<double> mean;  ///< empty when there was nothing
    double max = 0;
  };
  std::string removes;            ///< "delay" or "delay+compression"
  Range distance;                 ///< over the updates
  Range floor;                    ///< over the updates
  Range discrepancy;              ///< of gradients, over the contributions
  std::uint64_t evaluations = 0;  ///< mini-batch gradients computed for it, beside the run's own
};

/// Everything summary.json says.
struct RunSummary {
  std::string name;
  std::string algorithm;
  std::uint64_t seed = 1;
  RunStatus status = RunStatus::finished;
  MetricsRow last;  ///< the measurement at the end
  std::array<std::uint64_t, kTrafficKinds> wire_bytes{};
  std::string accuracy_on;                          ///< "test", "train" or empty
  std::optional<std::uint64_t> nominal_parameters;  ///< absent from summary.json where messages take their own time
  double parameter_scale = 1;                       ///< how many parameters each of the model's stood for in message times
  const ConvexFacts* task = nullptr;                ///< null: not a convex task, or nothing is learned
  const StalenessObserver* staleness = nullptr;
  std::string reason;                 ///< of a run that stalled: who is down, and who waits for whom; absent where it is empty
  std::optional<FaultReport> faults;  ///< absent from summary.json where there are none
  std::optional<TwinReport> twin;     ///< absent from summary.json where there is none
  std::vector<WorkerReport> workers;
  std::uint64_t events = 0;
  std::string timing_fingerprint;
  std::optional<std::string> learning_fingerprint;
  std::string version;
  MachineReport machine;
};

/// summary.json of SCENARIO.md. The list of workers ends after 1000; `workers_all` has the aggregates of all.
[[nodiscard]] Json summary_json(const RunSummary& summary);

}  // namespace peloton
