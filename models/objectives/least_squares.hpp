#pragma once

#include <memory>
#include <span>
#include <vector>

namespace peloton {

/// A minimiser and the minimum.
struct LeastSquares {
  std::vector<double> x;
  double value = 0;
};

/// min_x 1/(2n) Σ_i (⟨a_i, x⟩ − y_i)² + l2/2 ‖x‖², from rows that come one after another. The rows are reduced to a triangle by
/// Householder reflections, block after block: memory for about 3 d² numbers, about 4 n d² operations, and the error of the condition
/// number itself, not of its square as with the normal equations.
class LeastSquaresProblem {
 public:
  /// d ≥ 1
  explicit LeastSquaresProblem(std::size_t dimension);
  ~LeastSquaresProblem();
  LeastSquaresProblem(const LeastSquaresProblem&) = delete;
  LeastSquaresProblem& operator=(const LeastSquaresProblem&) = delete;

  /// A row (d numbers) and its target.
  void add(std::span<const double> row, double target);

  /// The solution of the smallest norm; at least one row must have been added. Uses up the problem. O(d³).
  [[nodiscard]] LeastSquares solve(double l2);

 private:
  class Triangle;
  std::unique_ptr<Triangle> triangle_;
  std::size_t rows_ = 0;
};

}  // namespace peloton
