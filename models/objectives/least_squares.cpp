#include "models/objectives/least_squares.hpp"

#include <Eigen/QR>
#include <cmath>

#include "sim/base/error.hpp"

namespace peloton {

/// The columns (A y) of the rows so far, times an orthogonal matrix from the left.
class LeastSquaresProblem::Triangle {
 public:
  explicit Triangle(std::size_t dimension)
      : d_(static_cast<Eigen::Index>(dimension)), work_(Eigen::MatrixXd::Zero(2 * (d_ + 1) + kBlock, d_ + 1)) {}

  [[nodiscard]] Eigen::Index dimension() const { return d_; }

  void add(const Eigen::Ref<const Eigen::VectorXd>& row, double target) {
    if (used_ == work_.rows()) reduce();
    work_.row(used_).head(d_) = row.transpose();
    work_(used_, d_) = target;
    ++used_;
  }

  /// (d + 1) × (d + 1), upper triangular
  Eigen::MatrixXd reduced() {
    reduce();
    return work_.topRows(d_ + 1);
  }

 private:
  static constexpr Eigen::Index kBlock = 256;

  void reduce() {
    Eigen::Ref<Eigen::MatrixXd> rows = work_;
    const Eigen::HouseholderQR<Eigen::Ref<Eigen::MatrixXd>> in_place(rows);
    work_.triangularView<Eigen::StrictlyLower>().setZero();
    used_ = d_ + 1;
  }

  Eigen::Index d_;
  Eigen::Index used_ = 0;
  Eigen::MatrixXd work_;
};

LeastSquaresProblem::LeastSquaresProblem(std::size_t dimension) : triangle_(std::make_unique<Triangle>(dimension)) {}
LeastSquaresProblem::~LeastSquaresProblem() = default;

void LeastSquaresProblem::add(std::span<const double> row, double target) {
  PELOTON_INVARIANT(row.size() == static_cast<std::size_t>(triangle_->dimension()), "a row has d numbers");
  triangle_->add(Eigen::Map<const Eigen::VectorXd>(row.data(), triangle_->dimension()), target);
  ++rows_;
}

LeastSquares LeastSquaresProblem::solve(double l2) {
  PELOTON_INVARIANT(rows_ > 0, "least squares need a row");
  const Eigen::Index d = triangle_->dimension();
  const auto n = static_cast<double>(rows_);
  if (l2 > 0) {
    // n l2/2 x_j² = ½ (√(n l2) x_j − 0)²: d more rows
    for (Eigen::Index j = 0; j < d; ++j) triangle_->add(std::sqrt(n * l2) * Eigen::VectorXd::Unit(d, j), 0);
  }
  const Eigen::MatrixXd reduced = triangle_->reduced();
  const Eigen::MatrixXd a = reduced.topLeftCorner(d, d);
  const Eigen::VectorXd y = reduced.col(d).head(d);
  const Eigen::VectorXd x = a.completeOrthogonalDecomposition().solve(y);
  const double rest = reduced(d, d);  // no x reaches this part of y
  return {.x = {x.begin(), x.end()}, .value = ((a * x - y).squaredNorm() + rest * rest) / (2 * n)};
}

}  // namespace peloton
