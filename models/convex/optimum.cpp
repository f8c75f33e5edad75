#include "models/convex/optimum.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/convex/existence.hpp"
#include "models/convex/lbfgs.hpp"
#include "models/evaluation.hpp"

namespace peloton {
namespace {

constexpr double kGradientTolerance = 1e-8;
constexpr double kTightening = 100;
constexpr double kGapTolerance = 1e-10;

double norm(const std::vector<double>& x) {
  double square = 0;
  for (const double coordinate : x) square += coordinate * coordinate;
  return std::sqrt(square);
}

Optimum missing(std::string reason) { return {.x = {}, .value = 0, .missing = std::move(reason)}; }

}  // namespace

Optimum find_optimum(const Objective& objective, const OptimumSearch& search, ThreadPool& pool) {
  const std::size_t d = objective.dimension();
  const bool exists = search.mu > 0 || search.is_attained;
  if (!exists && d > kMostDimensionsOfExistence)
    return missing(fmt::format("not sought: without l2 there may be none, which is checked for at most {} dimensions only",
                               kMostDimensionsOfExistence));
  const ConvexFunction f = [&](const std::vector<double>& x, std::vector<double>& gradient) {
    double value = 0;
    gradient = full_gradient(objective, {Precision::float64, x.data(), d}, Split::train, pool, &value);
    return value;
  };
  std::vector<double> start(d);
  objective.initial_point(0, {Precision::float64, start.data(), d});
  std::vector<double> gradient(d);
  f(start, gradient);
  const double tolerance = kGradientTolerance * std::max(1.0, norm(gradient)) / (exists ? 1 : kTightening);

  LbfgsResult end = minimise_by_lbfgs(f, std::move(start), {.gradient_tolerance = tolerance, .iterations = search.iterations});
  const bool is_near = search.mu > 0 && end.gradient_norm * end.gradient_norm / (2 * search.mu) <= kGapTolerance;
  if (!end.converged && !is_near)
    return missing(fmt::format("not found: ‖∇f‖ is {:.2g} after {} iterations of L-BFGS, at ‖x‖ = {:.3g}", end.gradient_norm,
                               end.iterations, norm(end.x)));
  if (!exists && !certainly_has_minimiser(objective, end.x, end.gradient_norm, pool))
    return missing(
        fmt::format("not found: no minimiser is certain to exist (‖∇f‖ is {:.2g} at ‖x‖ = {:.3g}, where f is flat along the "
                    "data, as on separable classes)",
                    end.gradient_norm, norm(end.x)));
  return {.x = std::move(end.x), .value = end.value, .missing = {}};
}

}  // namespace peloton
