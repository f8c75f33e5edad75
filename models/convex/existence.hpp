#pragma once

#include <cstddef>
#include <vector>

#include "models/objective.hpp"
#include "sim/base/thread_pool.hpp"

namespace peloton {

/// The most dimensions for which existence is tried: 4 d gradients over the training set, 3 d² numbers, O(d³).
inline constexpr std::size_t kMostDimensionsOfExistence = 1000;

/// Whether it is certain that logistic or softmax regression without a regulariser (`objective`, float64) has a minimiser, given an x with
/// a small gradient `gradient_norm`. On classes that are separable, if only by a feature that one class alone has, there is none, and yet
/// the gradient tends to 0 along some ray; nothing that an iteration does tells the two apart.
///
/// With m the smallest eigenvalue of ∇²f(x) on the range of ∇²f(0) (the span of the data, outside of which f is constant) and |f'''| ≤ R
/// f'' along unit vectors, the slope at distance t from x is at least m (1 − exp(−R t))/R − ‖∇f(x)‖ in every direction (generalised
/// self-concordance: Bach, Electron. J. Stat. 2010). So R ‖∇f(x)‖ ≤ m/2 proves a minimiser x* with ‖x − x*‖ ≤ 2 ln 2 ‖∇f(x)‖ / m.
/// R = √2 max ‖a_i‖ ≤ 2√2 max ‖∇f_i(0)‖. Hessians are central differences of the gradient; m below 1e-7 λmax(∇²f(0)) counts as 0.
[[nodiscard]] bool certainly_has_minimiser(const Objective& objective, const std::vector<double>& x, double gradient_norm,
                                           ThreadPool& pool);

}  // namespace peloton
