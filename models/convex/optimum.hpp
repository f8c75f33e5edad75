#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/objective.hpp"
#include "sim/base/thread_pool.hpp"

namespace peloton {

/// A minimiser x* and f* = f(x*), or why there is none.
struct Optimum {
  std::optional<std::vector<double>> x;
  double value = 0;
  std::string missing;  ///< empty when x is known
};

/// Minimises a convex float64 objective over its whole training set by L-BFGS from its starting point.
///
/// Accepted: ‖∇f(x)‖ ≤ 1e-8 max(1, ‖∇f(x_0)‖), or the bound ‖∇f(x)‖² / (2μ) ≤ 1e-10 on f(x) − f*, where f is `mu`-strongly convex (0:
/// perhaps not at all). Without strong convexity there may be no minimiser (logistic regression on separable classes): then 1 % of ‖x‖ or
/// more is covered while the gradient shrinks by another factor of 100, and x is not accepted. At most `iterations`, twice at mu = 0.
[[nodiscard]] Optimum find_optimum(const Objective& objective, double mu, std::size_t iterations, ThreadPool& pool);

}  // namespace peloton
