#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace peloton {

/// A convex differentiable function: returns f(x) and writes ∇f(x); both vectors have d numbers.
using ConvexFunction = std::function<double(const std::vector<double>& x, std::vector<double>& gradient)>;

struct LbfgsOptions {
  double gradient_tolerance = 1e-8;  ///< converged when ‖∇f(x)‖ is at most this
  std::size_t iterations = 1000;     ///< at most; each takes one evaluation, now and then a few
};

/// Where the method ended.
struct LbfgsResult {
  std::vector<double> x;
  double value = 0;
  double gradient_norm = 0;
  std::size_t iterations = 0;
  bool converged = false;
};

/// Minimises a convex function by L-BFGS with 20 correction pairs (Liu, Nocedal, Math. Program. 1989; the two-loop recursion is
/// algorithm 7.4 of Nocedal, Wright, Numerical Optimization, 2006). Step lengths: bracketing by doubling and bisection (algorithm 2.6 of
/// Lewis, Overton, Math. Program. 2013) until the approximate Wolfe conditions of Hager and Zhang (SIAM J. Optim. 2005) hold, which compare
/// slopes instead of values and so can be met down to the last digits.
/// Ends, not converged, when the iterations are used up, the values are not finite, or rounding leaves no step. 42 d numbers of memory.
[[nodiscard]] LbfgsResult minimise_by_lbfgs(const ConvexFunction& f, std::vector<double> start, const LbfgsOptions& options);

}  // namespace peloton
