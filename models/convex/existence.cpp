#include "models/convex/existence.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "models/evaluation.hpp"

namespace peloton {
namespace {

/// Differences take steps of this over R: a relative error of its square, and 1e-12 from rounding.
constexpr double kStep = 1e-4;
/// Eigenvalues below this share of the largest are taken for 0.
constexpr double kZero = 1e-7;

/// R
double third_derivative_ratio(const Objective& objective) {
  const std::size_t d = objective.dimension();
  const std::vector<double> zero(d, 0.0);
  std::vector<double> gradient(d);
  const auto workspace = objective.workspace();
  double largest = 0;
  for (std::uint32_t row = 0; row < objective.rows(Split::train); ++row) {
    Sample sample;
    sample.rows = {&row, 1};
    objective.gradient({Precision::float64, zero.data(), d}, sample, {Precision::float64, gradient.data(), d}, *workspace);
    double square = 0;
    for (const double g : gradient) square += g * g;
    largest = std::max(largest, square);
  }
  return 2 * std::numbers::sqrt2 * std::sqrt(largest);
}

Eigen::MatrixXd hessian(const Objective& objective, std::vector<double> x, double step, ThreadPool& pool) {
  const auto d = static_cast<Eigen::Index>(x.size());
  const auto gradient = [&] { return full_gradient(objective, {Precision::float64, x.data(), x.size()}, Split::train, pool); };
  Eigen::MatrixXd out(d, d);
  for (std::size_t j = 0; j < x.size(); ++j) {
    const double before = x[j];
    x[j] = before + step;
    const std::vector<double> above = gradient();
    x[j] = before - step;
    const std::vector<double> below = gradient();
    x[j] = before;
    const Eigen::Map<const Eigen::VectorXd> high(above.data(), d);
    const Eigen::Map<const Eigen::VectorXd> low(below.data(), d);
    out.col(static_cast<Eigen::Index>(j)) = (high - low) / (2 * step);
  }
  return (out + out.transpose()) / 2;
}

}  // namespace

bool certainly_has_minimiser(const Objective& objective, const std::vector<double>& x, double gradient_norm, ThreadPool& pool) {
  PELOTON_INVARIANT(x.size() <= kMostDimensionsOfExistence, "whole Hessians are for few dimensions");
  const double ratio = third_derivative_ratio(objective);
  if (ratio == 0) return true;  // no row depends on x
  const double step = kStep / ratio;
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> at_zero(hessian(objective, std::vector<double>(x.size(), 0.0), step, pool));
  const double threshold = kZero * at_zero.eigenvalues().maxCoeff();
  const auto rank = (at_zero.eigenvalues().array() > threshold).count();
  const Eigen::MatrixXd span = at_zero.eigenvectors().rightCols(rank);  // eigenvalues ascend
  const Eigen::MatrixXd here = span.transpose() * hessian(objective, x, step, pool) * span;
  const double smallest = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(here, Eigen::EigenvaluesOnly).eigenvalues()[0];
  return smallest > threshold && ratio * gradient_norm <= smallest / 2;
}

}  // namespace peloton
