#include "algorithms/mixing/spectrum.hpp"

#include <Spectra/SymEigsSolver.h>

#include <Eigen/Eigenvalues>
#include <algorithm>

#include "algorithms/mixing/mixing_matrix.hpp"
#include "sim/base/error.hpp"

namespace peloton {
namespace {

/// I − W as Spectra wants it, with the eigenvalue 0 of (1, …, 1) moved to the mean of the others, so that it is at neither end.
class Deviation {
 public:
  using Scalar = double;

  explicit Deviation(const MixingMatrix& w) : w_(w) {
    double trace = 0;
    for (std::size_t i = 0; i < w.nodes(); ++i) trace += 1 - w.self_weight(i);
    mean_eigenvalue_ = trace / static_cast<double>(w.nodes() - 1);
  }

  [[nodiscard]] Eigen::Index rows() const { return static_cast<Eigen::Index>(w_.nodes()); }
  [[nodiscard]] Eigen::Index cols() const { return rows(); }

  void perform_op(const double* x, double* y) const {
    const double shift = mean_eigenvalue_ * Eigen::Map<const Eigen::VectorXd>(x, rows()).mean();
    for (std::size_t i = 0; i < w_.nodes(); ++i) {
      const auto neighbours = w_.neighbours(i);
      const auto weights = w_.weights(i);
      double sum = shift;
      for (std::size_t k = 0; k < neighbours.size(); ++k) sum += weights[k] * (x[i] - x[neighbours[k]]);
      y[i] = sum;
    }
  }

 private:
  const MixingMatrix& w_;
  double mean_eigenvalue_ = 0;
};

}  // namespace

std::optional<Spectrum> closed_form_spectrum(const MixingMatrix& w) {
  if (w.nodes() == 1) return Spectrum{};
  const auto& laplacian = w.graph().laplacian();
  const double weight = w.weights(0)[0];
  if (!laplacian) return std::nullopt;
  for (std::size_t i = 0; i < w.nodes(); ++i)
    for (const double other : w.weights(i))
      if (other != weight) return std::nullopt;
  return Spectrum{weight * laplacian->connectivity, weight * laplacian->largest};
}

Spectrum dense_spectrum(const MixingMatrix& w) {
  PELOTON_INVARIANT(w.nodes() >= 2, "a single node has no second eigenvalue");
  const auto n = static_cast<Eigen::Index>(w.nodes());
  Eigen::MatrixXd deviation = Eigen::MatrixXd::Zero(n, n);
  for (Eigen::Index i = 0; i < n; ++i) {
    const auto node = static_cast<std::size_t>(i);
    deviation(i, i) = 1 - w.self_weight(node);
    for (std::size_t k = 0; k < w.degree(node); ++k) deviation(i, w.neighbours(node)[k]) = -w.weights(node)[k];
  }
  const Eigen::VectorXd ascending = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(deviation, Eigen::EigenvaluesOnly).eigenvalues();
  return {ascending[1], ascending[n - 1]};
}

std::optional<Spectrum> lanczos_spectrum(const MixingMatrix& w) {
  constexpr Eigen::Index kBasis = 60;
  constexpr double kTolerance = 1e-6;                // of the residual, relative to the eigenvalue; a bound on the eigenvalue's error
  constexpr Eigen::Index kNodeRestarts = 1'000'000;  // some seconds on sparse graphs
  constexpr std::size_t kMaxNodes = 200'000;         // 100 MB of basis
  PELOTON_INVARIANT(w.nodes() >= 100, "the Krylov basis is smaller than the matrix");
  if (w.nodes() > kMaxNodes) return std::nullopt;
  Deviation deviation(w);
  Spectra::SymEigsSolver<Deviation> solver(deviation, 2, kBasis);
  solver.init();
  const Eigen::Index restarts = std::clamp<Eigen::Index>(kNodeRestarts / deviation.rows(), 10, 200);
  solver.compute(Spectra::SortRule::BothEnds, restarts, kTolerance, Spectra::SortRule::SmallestAlge);
  if (solver.info() != Spectra::CompInfo::Successful) return std::nullopt;
  return Spectrum{solver.eigenvalues()[0], solver.eigenvalues()[1]};
}

}  // namespace peloton
