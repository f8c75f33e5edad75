#pragma once

#include <cstdint>
#include <string>

#include "models/objective.hpp"

namespace peloton {

/// How much is checked.
struct GradientCheckOptions {
  std::uint64_t seed = 1;
  std::size_t points = 3;       ///< random points around the starting point (which may lie on a kink: a ReLU at zero)
  std::size_t directions = 12;  ///< at each point: along the gradient, then random coordinates and random directions in turn
  std::size_t rows = 64;        ///< at most so many random training rows make up the function that is checked
};

/// The largest disagreement found.
struct GradientCheck {
  double worst_error = 0;
  double tolerance = 0;
  std::string where;  ///< "point 2, coordinate 17 of the stochastic gradient"

  [[nodiscard]] bool passed() const { return worst_error <= tolerance; }  // false for NaN
};

/// Compares an objective's gradients with central differences of its own loss.
///
/// Checked are `score` with `regulariser` and, for objectives with data, `gradient` on the same rows. (An objective without data may add
/// noise to the latter.) For a step from x − h u to x + h u, the difference of the losses is compared with ⟨g(x), (x + h u) − (x − h u)⟩,
/// both in float64 and with the points as they are after rounding to the objective's precision. The error is relative to the largest of
/// the two and ‖g‖ ‖step‖ / √d, the size of a typical slope, so that a flat direction does not count as wrong.
///
/// A central difference is wrong by rounding (ε |f| / h) and by the function's third derivative or its kinks (h² or h). In float64,
/// h = 1e-5 keeps both below the tolerance of 1e-5 for losses and features around 1. The losses of float32 models carry errors of
/// 1e-7, so h = 1e-2 and the tolerance is 2e-2: enough to find a wrong factor, sign or term; run the check in float64 where it is to
/// be sharp. Where features are large or a kink is near, a step may be too long: up to six shorter ones are tried, and the best
/// counts (a wrong gradient agrees with none).
[[nodiscard]] GradientCheck check_gradient(const Objective& objective, const GradientCheckOptions& options);

}  // namespace peloton
