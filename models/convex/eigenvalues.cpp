#include "models/convex/eigenvalues.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "sim/base/random.hpp"

namespace peloton {
namespace {

Eigen::VectorXd product(const SymmetricMap& a, const Eigen::VectorXd& v) {
  const std::vector<double> out = a({v.begin(), v.end()});
  return Eigen::Map<const Eigen::VectorXd>(out.data(), static_cast<Eigen::Index>(out.size()));
}

/// Almost surely with a part along every eigenvector.
Eigen::VectorXd first_vector(std::size_t d) {
  RandomStream random(0, Purpose::initial_point, 0, 0);
  Eigen::VectorXd v(static_cast<Eigen::Index>(d));
  for (double& coordinate : v) coordinate = random.uniform() - 0.5;
  return v.normalized();
}

/// Whether the largest Ritz value is as near to an eigenvalue as asked, when the next off-diagonal entry is `beta`.
bool is_accurate(const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>& ritz, double beta, double tolerance) {
  const Eigen::Index last = ritz.eigenvalues().size() - 1;
  const double value = ritz.eigenvalues()[last];
  const double residual = beta * std::abs(ritz.eigenvectors()(last, last));
  const double gap = last > 0 ? value - ritz.eigenvalues()[last - 1] : 0;
  const double error = gap > residual ? residual * residual / gap : residual;
  return error <= tolerance * value;
}

}  // namespace

std::optional<double> largest_eigenvalue(const SymmetricMap& a, std::size_t d, double tolerance, std::size_t steps) {
  const std::size_t most = std::min(steps, d);
  std::vector<Eigen::VectorXd> basis{first_vector(d)};
  Eigen::MatrixXd tridiagonal = Eigen::MatrixXd::Zero(1, 1);
  for (std::size_t k = 1; k <= most; ++k) {
    Eigen::VectorXd w = product(a, basis.back());
    const auto size = static_cast<Eigen::Index>(k);
    tridiagonal(size - 1, size - 1) = basis.back().dot(w);
    for (int pass = 0; pass < 2; ++pass) {  // twice is enough (Parlett, §6.9)
      for (const Eigen::VectorXd& v : basis) w -= v.dot(w) * v;
    }
    const double beta = w.norm();
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> ritz(tridiagonal);
    const double value = ritz.eigenvalues()[size - 1];
    if (k == d || is_accurate(ritz, beta, tolerance)) return value;
    tridiagonal.conservativeResizeLike(Eigen::MatrixXd::Zero(size + 1, size + 1));
    tridiagonal(size, size - 1) = tridiagonal(size - 1, size) = beta;
    basis.push_back(w / beta);
  }
  return std::nullopt;
}

EigenvalueRange eigenvalue_range(const SymmetricMap& a, std::size_t d) {
  const auto size = static_cast<Eigen::Index>(d);
  Eigen::MatrixXd matrix(size, size);
  for (Eigen::Index j = 0; j < size; ++j) matrix.col(j) = product(a, Eigen::VectorXd::Unit(size, j));
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(matrix, Eigen::EigenvaluesOnly);
  return {solver.eigenvalues()[0], solver.eigenvalues()[size - 1]};
}

}  // namespace peloton
