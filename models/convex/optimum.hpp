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

struct OptimumSearch {
  double mu = 0;             ///< f is known to be this strongly convex; 0: perhaps not at all
  bool is_attained = false;  ///< a minimiser exists even where mu = 0
  std::size_t iterations = 1000;
};

/// Minimises a convex float64 objective over its whole training set by L-BFGS from its starting point.
///
/// Accepted where a minimiser exists for certain (mu > 0 or `is_attained`): ‖∇f(x)‖ ≤ 1e-8 max(1, ‖∇f(x_0)‖), or the bound ‖∇f(x)‖² / (2μ)
/// ≤ 1e-10 on f(x) − f*. Otherwise the gradient must be 100 times smaller, and certainly_has_minimiser (existence.hpp) must confirm; it
/// does so for at most 1000 dimensions, above which nothing is sought.
[[nodiscard]] Optimum find_optimum(const Objective& objective, const OptimumSearch& search, ThreadPool& pool);

}  // namespace peloton
