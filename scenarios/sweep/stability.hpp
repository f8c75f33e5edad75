#pragma once

#include <functional>
#include <string>
#include <vector>

#include "analysis/store/trial_store.hpp"
#include "analysis/sweep_result.hpp"
#include "scenarios/sweep/bisection.hpp"
#include "scenarios/sweep/sweep_plan.hpp"
#include "scenarios/sweep/workforce.hpp"

namespace peloton {

/// What a search by bisection varies, and from where.
struct BisectionSpec {
  std::string path;                                  ///< of the scenario value, as in --set
  std::optional<std::pair<double, double>> between;  ///< default: from the value that the scenario has
  double tolerance = 0.01;
};

/// The largest stable value for one combination of the other axes' levels.
struct StabilityLimit {
  std::vector<std::size_t> levels;  ///< by axis of the plan
  Bisection search;
};

/// Whether a run was stable: it did not diverge, and its last measured loss is finite and at most the first.
[[nodiscard]] bool is_stable(const std::string& status, const std::vector<MetricsRow>& rows);

/// For each combination of `plan` the largest value at `spec.path` with which every repeat is stable. The searches go side by side, a
/// trial of each at a time; what `store` knows is not run again. Stops early, with what is known, once `stopped()` says so.
class StabilitySearch {
 public:
  /// A combination whose scenario has no positive number at the path, without `between`, is an InputError.
  StabilitySearch(const SweepPlan& plan, const BisectionSpec& spec, TrialStore& store);

  /// False when stopped. A run that could not be made is a Failure; a first value that the scenario cannot have is an InputError.
  bool run(Workforce& workforce, const std::function<bool()>& stopped);

  [[nodiscard]] const std::vector<StabilityLimit>& limits() const { return limits_; }
  /// Searches that are over.
  [[nodiscard]] std::size_t done() const;
  /// Runs made by this search, those of the store aside.
  [[nodiscard]] std::size_t made() const { return made_; }

 private:
  [[nodiscard]] Json scenario(std::size_t point, double value) const;
  [[nodiscard]] bool check_possible(std::size_t combination, double value);
  [[nodiscard]] std::vector<PointTask> next_tasks();
  void take(const PointOutcome& outcome);
  void tell_all();

  const SweepPlan& plan_;
  BisectionSpec spec_;
  TrialStore& store_;
  std::vector<StabilityLimit> limits_;  ///< by combination
  std::size_t made_ = 0;
};

/// As a table for a terminal, and for scripts (stability.csv: a column per axis, then largest_stable, smallest_unstable, values).
[[nodiscard]] std::string stability_text(const SweepPlan& plan, const BisectionSpec& spec, const std::vector<StabilityLimit>& limits);
[[nodiscard]] std::string stability_csv(const SweepPlan& plan, const BisectionSpec& spec, const std::vector<StabilityLimit>& limits);

}  // namespace peloton
