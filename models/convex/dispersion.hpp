#pragma once

#include <vector>

#include "models/evaluation.hpp"
#include "models/objective.hpp"
#include "sim/base/thread_pool.hpp"

namespace peloton {

/// How gradients at one point x scatter about ∇f(x). The objective is in float64 and adds no noise of its own. The results are the same
/// for every pool.

/// σ² = (1/n) Σ_i ‖∇f_i(x) − ∇f(x)‖² over the training rows, of which there must be some: the variance of a stochastic gradient on one row
/// drawn from the whole set; on b rows drawn independently it is σ²/b. O(n d), d numbers for each thread.
[[nodiscard]] double gradient_noise(const Objective& objective, const std::vector<double>& x, ThreadPool& pool);

/// ζ² = (1/M) Σ_m ‖∇f_m(x) − ∇f(x)‖² over the workers' own functions. 0 when they are one and the same. O((n + M) d) as above.
[[nodiscard]] double heterogeneity(const Objective& objective, const std::vector<double>& x, const WorkerFunctions& functions,
                                   ThreadPool& pool);

}  // namespace peloton
