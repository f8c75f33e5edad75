#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/store/sweep_store.hpp"
#include "analysis/sweep_result.hpp"
#include "scenarios/scenario.hpp"

namespace peloton {

/// All points of a sweep, before any of them runs. Immutable.
class SweepPlan {
 public:
  static constexpr std::size_t kMostPoints = 1'000'000;

  /// `scenario`: as read, with its "sweep" (which `spec` is in the end) or without; `file`: named in errors. An axis that names no
  /// scenario value, a value of the wrong type, any combination that is no valid scenario, a sweep without points and one with too many
  /// are InputErrors at the axis or with the values of the point.
  SweepPlan(Json scenario, SweepSpec spec, std::string file);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::vector<SweepAxis>& axes() const { return axes_; }
  [[nodiscard]] std::size_t repeats() const { return static_cast<std::size_t>(spec_.repeat); }
  /// Points: combinations that meet the condition, times repeats.
  [[nodiscard]] std::size_t size() const { return combinations_.size() * repeats(); }

  /// The point's place in the sweep, its results empty. Its seed depends on the repeat alone (and on the scenario's own seed).
  [[nodiscard]] SweepPoint point(std::size_t index) const;
  /// The whole scenario of the point's run.
  [[nodiscard]] Json scenario(std::size_t index) const;
  /// "cluster.workers 4, algorithm.learning_rate 0.5, seed 3"
  [[nodiscard]] std::string label(std::size_t index) const;

  /// What its store is of.
  [[nodiscard]] SweepIdentity identity(std::string kernels) const;

 private:
  [[nodiscard]] std::vector<std::size_t> levels_of(std::size_t combination) const;
  [[nodiscard]] Json combined(const std::vector<std::size_t>& levels) const;
  [[nodiscard]] std::string label(const std::vector<std::size_t>& levels) const;
  void choose_combinations();
  void validate_combination(std::size_t combination);
  /// The error of a point's scenario at the axis that brought it in, or with the values of the point.
  [[nodiscard]] InputError located(const InputError& error, std::size_t combination) const;
  [[nodiscard]] Place place_of(std::size_t axis) const;

  Json scenario_;  ///< without its sweep
  SweepSpec spec_;
  std::string file_;
  std::string name_;
  std::vector<SweepAxis> axes_;
  std::vector<std::size_t> group_of_axis_;
  std::vector<std::size_t> application_order_;  ///< of the axes: shorter paths first
  std::vector<std::size_t> combinations_;       ///< in mixed radix over the groups, the last varies fastest
};

}  // namespace peloton
