#pragma once

#include <optional>
#include <vector>

#include "models/objective.hpp"
#include "sim/base/thread_pool.hpp"

namespace peloton {

/// What is known of a model after a pass over a whole split.
struct Evaluation {
  double loss = 0;                      ///< f(x), the regulariser included
  std::optional<double> accuracy;       ///< share of rows classified correctly, for objectives that classify
  std::optional<double> gradient_norm;  ///< ‖∇f(x)‖, when it was asked for
};

/// Evaluates x on a whole split, spread over the pool. Rows go in chunks of a fixed size whose results are added in order: the result
/// is the same for every pool. Memory: a workspace for each thread and, with the gradient, d numbers for each and d float64 in all.
/// An objective without data has the split `train` only; an objective with data needs a row in the split.
[[nodiscard]] Evaluation evaluate(const Objective& objective, ConstView x, Split split, bool want_gradient, ThreadPool& pool);

/// ∇f(x) over a whole split, regulariser included, noiseless; summed in float64. Otherwise as above.
[[nodiscard]] std::vector<double> full_gradient(const Objective& objective, ConstView x, Split split, ThreadPool& pool);

}  // namespace peloton
