#pragma once

#include <optional>
#include <vector>

#include "analysis/scores/group_score.hpp"

namespace peloton {

/// One number of workers on a speed-up curve.
struct ScalingPoint {
  std::size_t group = 0;  ///< index into the groups
  double workers = 0;
  std::optional<double> speedup = {};             ///< T(n₀) / T(n) of the median times to the target; nothing when T(n₀) is not reached
  std::optional<Interval> speedup_interval = {};  ///< bootstrap over the repeats that both have, the same resamples in both
  std::optional<double> efficiency = {};          ///< speed-up / (n / n₀)
  std::optional<Interval> efficiency_interval = {};
};

/// Speed-up against workers with all other axes equal (a tuned axis excepted): n₀ is the smallest number of workers.
struct ScalingCurve {
  std::vector<std::size_t> levels;   ///< by axis, of the first point; axes that vary along the curve are the workers' and the tuned one
  std::vector<ScalingPoint> points;  ///< by workers, ascending; at least two
};

/// Curves over the candidates (indices into `groups`; after tuning the winners). `workers`: the axis of worker counts; `tuned`: an axis
/// that does not tell curves apart, if any.
[[nodiscard]] std::vector<ScalingCurve> scaling_curves(const std::vector<GroupScore>& groups, const std::vector<std::size_t>& candidates,
                                                       const std::vector<SweepAxis>& axes, std::size_t workers,
                                                       std::optional<std::size_t> tuned, Bootstrap& bootstrap);

}  // namespace peloton
