#include "models/convex/optimum.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/convex/lbfgs.hpp"
#include "models/evaluation.hpp"

namespace peloton {
namespace {

constexpr double kGradientTolerance = 1e-8;
constexpr double kGapTolerance = 1e-10;
constexpr double kTightening = 100;
constexpr double kMostMoved = 0.01;

double norm(const std::vector<double>& x) {
  double square = 0;
  for (const double coordinate : x) square += coordinate * coordinate;
  return std::sqrt(square);
}

double distance(const std::vector<double>& x, const std::vector<double>& y) {
  double square = 0;
  for (std::size_t i = 0; i < x.size(); ++i) square += (x[i] - y[i]) * (x[i] - y[i]);
  return std::sqrt(square);
}

Optimum accepted(LbfgsResult end) { return {.x = std::move(end.x), .value = end.value, .missing = {}}; }

Optimum missing(std::string reason) { return {.x = {}, .value = 0, .missing = std::move(reason)}; }

}  // namespace

Optimum find_optimum(const Objective& objective, double mu, std::size_t iterations, ThreadPool& pool) {
  const std::size_t d = objective.dimension();
  const ConvexFunction f = [&](const std::vector<double>& x, std::vector<double>& gradient) {
    double value = 0;
    gradient = full_gradient(objective, {Precision::float64, x.data(), d}, Split::train, pool, &value);
    return value;
  };
  std::vector<double> start(d);
  objective.initial_point(0, {Precision::float64, start.data(), d});
  std::vector<double> gradient(d);
  f(start, gradient);
  const double tolerance = kGradientTolerance * std::max(1.0, norm(gradient));

  LbfgsResult end = minimise_by_lbfgs(f, std::move(start), {.gradient_tolerance = tolerance, .iterations = iterations});
  if (mu > 0 && (end.converged || end.gradient_norm * end.gradient_norm / (2 * mu) <= kGapTolerance)) return accepted(std::move(end));
  if (!end.converged)
    return missing(fmt::format("not found: ‖∇f‖ is {:.2g} after {} iterations of L-BFGS, at ‖x‖ = {:.3g}", end.gradient_norm,
                               end.iterations, norm(end.x)));
  LbfgsResult nearer = minimise_by_lbfgs(f, end.x, {.gradient_tolerance = tolerance / kTightening, .iterations = iterations});
  if (distance(end.x, nearer.x) > kMostMoved * norm(end.x))
    return missing(
        fmt::format("not found: ‖x‖ goes on growing, from {:.3g} to {:.3g}, while ‖∇f‖ falls to {:.2g}; are the classes separable?",
                    norm(end.x), norm(nearer.x), nearer.gradient_norm));
  return accepted(std::move(nearer));
}

}  // namespace peloton
