#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/figures/figure.hpp"
#include "analysis/scores/sweep_score.hpp"

namespace peloton {

/// Groups that agree in all axes but those along which a figure runs.
struct SweepSlice {
  std::string label;                ///< "batch_size 32, best learning_rate"; empty when there is nothing to tell
  std::vector<std::size_t> groups;  ///< indices into the score's groups
};

/// The group that the score's rule calls best, as an index into its groups; nothing when there are none.
[[nodiscard]] std::optional<std::size_t> best_group(const SweepScore& score);

/// The axes of a sweep as figures see them.
class SweepAxes {
 public:
  /// `score` must outlive it.
  explicit SweepAxes(const SweepScore& score);

  [[nodiscard]] const SweepScore& score() const { return score_; }
  /// Axes with more than one level.
  [[nodiscard]] const std::vector<std::size_t>& varied() const { return varied_; }
  [[nodiscard]] const std::string& name(std::size_t axis) const { return names_[axis]; }
  [[nodiscard]] const std::vector<std::string>& labels(std::size_t axis) const { return score_.axes[axis].labels; }
  /// The levels as numbers in a base unit, when they all are: plain numbers, or quantities of one kind.
  [[nodiscard]] const std::optional<std::vector<double>>& values(std::size_t axis) const { return values_[axis]; }
  /// The axis of a figure along this one; logarithmic when its levels are.
  [[nodiscard]] Axis figure_axis(std::size_t axis) const;
  /// The axis whose levels have colours: the one that is compared, or else the first that is not the workers' nor the tuned one.
  [[nodiscard]] std::optional<std::size_t> coloured() const;

  /// All slices along these axes; that of the best group is the first. With a tuned axis that is not among them, before them the slices of
  /// its best levels.
  [[nodiscard]] std::vector<SweepSlice> slices(const std::vector<std::size_t>& along) const;

 private:
  void add_slices(const std::vector<std::size_t>& groups, const std::vector<std::size_t>& along, bool tuned,
                  std::vector<SweepSlice>& out) const;

  const SweepScore& score_;
  std::vector<std::string> names_;
  std::vector<std::size_t> varied_;
  std::vector<std::optional<std::vector<double>>> values_;
  std::vector<std::string_view> units_;
};

/// What a figure can show of a group: a cost to the target, or a metric at the end.
struct SweepValue {
  std::string name;  ///< "time to loss <= 0.35"
  Axis axis;
  std::optional<Cost> cost;  ///< of the median to the target
  FinalMetric final = FinalMetric::loss;
  bool success = false;  ///< the share of the runs that arrived

  /// kUndefined where there is none.
  [[nodiscard]] double of(const GroupScore& group) const;
  [[nodiscard]] std::optional<Interval> interval(const GroupScore& group) const;
  /// "2/3 arrived, 1 diverged"; empty when all is well.
  [[nodiscard]] std::string note(const GroupScore& group) const;
};

/// What the groups have values of, the most telling first: costs to the target, share of arrivals, metrics at the end.
[[nodiscard]] std::vector<SweepValue> sweep_values(const SweepScore& score);

}  // namespace peloton
