#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "algorithms/cluster.hpp"
#include "analysis/metrics.hpp"
#include "analysis/staleness.hpp"
#include "analysis/summary.hpp"
#include "scenarios/memory_estimate.hpp"
#include "scenarios/scenario.hpp"

namespace peloton {

struct SharedParts;

/// How a run is executed; none of it changes a result.
struct Execution {
  std::size_t threads = 1;
  std::string kernels = "auto";
  std::string data_folder;
  std::optional<Bytes> max_memory;  ///< default: the machine's memory
  std::string scenario_file;        ///< named in errors
  SharedParts* shared = nullptr;    ///< with the other runs of the process, whose memory limit then holds; null: the run is alone
};

/// One run of a scenario, from assembly to summary. Steps event by event; its whole state can be saved and restored.
class Run {
 public:
  /// Loads the data and builds everything. Wrong input is an InputError, an estimate above the memory limit too.
  Run(Scenario scenario, const Execution& execution);
  ~Run();
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  /// One event, measurement or stop; false when the run has ended.
  bool advance();
  /// Ends the run early, with a last measurement.
  void interrupt();
  [[nodiscard]] bool ended() const { return status_.has_value(); }

  /// Observers must be added before the first advance.
  void add_observer(Observer& observer);

  [[nodiscard]] const Scenario& scenario() const { return scenario_; }
  [[nodiscard]] const MemoryEstimate& memory() const { return memory_; }
  [[nodiscard]] const Cluster& cluster() const;
  [[nodiscard]] const Topology& topology() const;
  /// Null where messages do not overlap with computations.
  [[nodiscard]] const LayerSchedule* layers() const;
  [[nodiscard]] const Algorithm& algorithm() const;
  /// Null where there are no workers.
  [[nodiscard]] const ComputeModel* compute() const;
  /// Null in timing-only runs and where nothing is learned.
  [[nodiscard]] const Objective* objective() const;
  /// Facts of a convex task; null for other tasks, with "optimum": "skip", and where nothing is learned.
  [[nodiscard]] const ConvexFacts* convex() const;
  [[nodiscard]] const std::vector<MetricsRow>& rows() const { return rows_; }
  [[nodiscard]] const StalenessObserver& staleness() const { return staleness_; }
  [[nodiscard]] std::vector<Table> tables() const;
  [[nodiscard]] std::string kernels() const;
  /// The summary, the machine part excepted. The run must have ended.
  [[nodiscard]] RunSummary summary() const;
  /// How far the nearest stop rule is, 0 … 1; nothing when only targets are set.
  [[nodiscard]] std::optional<double> progress() const;
  /// The model the method reports now; empty values in timing-only runs.
  [[nodiscard]] Model reported_model() const;

  /// Everything that changes while the run advances. Restore into a fresh Run of the same scenario.
  void visit_state(StateVisitor& v);

 private:
  struct Parts;

  void start();
  void measure();
  void measure_learning(MetricsRow& row);
  void measure_workers(ConstView x, MetricsRow& row) const;
  void end(RunStatus status);
  /// In a run with faults: nothing pending can bring anything about.
  [[nodiscard]] bool nothing_to_come() const;
  /// Why the run stalled; empty when it did not.
  [[nodiscard]] std::string reason() const;
  void check_targets(const MetricsRow& row);
  void check_limits();
  [[nodiscard]] Time stop_time() const;
  [[nodiscard]] std::optional<double> epochs() const;

  Scenario scenario_;
  MemoryEstimate memory_;
  std::unique_ptr<Parts> parts_;
  StalenessObserver staleness_;
  std::vector<MetricsRow> rows_;
  Fingerprint learning_;
  Time next_measure_ = kNever;
  std::uint64_t next_measured_update_ = 0;  ///< 0: not measured by updates
  double diverged_above_ = 0;
  bool started_ = false;
  std::optional<RunStatus> status_;
};

}  // namespace peloton
