#include "models/objectives/least_squares.hpp"

#include <Eigen/Dense>
#include <cmath>

#include "sim/base/error.hpp"
#include "sim/base/random.hpp"
#include "tests/test.hpp"

namespace peloton {

TEST_CASE("a line through three points, by hand", "[models][objectives][least_squares]") {
  // Points (0, 1), (1, 1), (2, 4) and y = m t + b: m = 3/2, b = ½; residuals ½, −1, ½, so the value is 1.5 / (2 · 3) = ¼.
  LeastSquaresProblem problem(2);
  problem.add(std::vector<double>{0, 1}, 1);
  problem.add(std::vector<double>{1, 1}, 1);
  problem.add(std::vector<double>{2, 1}, 4);
  const LeastSquares best = problem.solve(0);
  CHECK(best.x[0] == Approx(1.5).epsilon(1e-14));
  CHECK(best.x[1] == Approx(0.5).epsilon(1e-14));
  CHECK(best.value == Approx(0.25).epsilon(1e-14));
}

TEST_CASE("ridge regression of one number, by hand", "[models][objectives][least_squares]") {
  // 1/(2n) Σ (x − y_i)² + l2/2 x² with y = (1, 3), l2 = 1: x = mean / (1 + l2) = 1; value ¼ (0 + 4) + ½ = 1.5.
  LeastSquaresProblem problem(1);
  problem.add(std::vector<double>{1}, 1);
  problem.add(std::vector<double>{1}, 3);
  const LeastSquares best = problem.solve(1);
  CHECK(best.x[0] == Approx(1).epsilon(1e-14));
  CHECK(best.value == Approx(1.5).epsilon(1e-14));
}

TEST_CASE("many blocks of rows give the solution of the whole", "[models][objectives][least_squares]") {
  // Reference implementation: the normal equations (AᵀA/n + l2 I) x = Aᵀy/n by Eigen, well conditioned here; 2000 rows are several blocks.
  constexpr Eigen::Index kRows = 2000;
  constexpr Eigen::Index kFeatures = 7;
  std::vector<double> numbers(kRows * (kFeatures + 1));
  RandomStream random(1, Purpose::test, 0, 0);
  for (double& number : numbers) number = random.uniform() - 0.5;
  const Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>> table(numbers.data(), kRows,
                                                                                                       kFeatures + 1);
  const Eigen::MatrixXd a = table.leftCols(kFeatures);
  const Eigen::VectorXd y = table.col(kFeatures);
  for (const double l2 : {0.0, 0.3}) {
    const Eigen::MatrixXd hessian = a.transpose() * a / kRows + l2 * Eigen::MatrixXd::Identity(kFeatures, kFeatures);
    const Eigen::VectorXd expected = hessian.ldlt().solve(a.transpose() * y / kRows);
    LeastSquaresProblem problem(kFeatures);
    for (std::size_t i = 0; i < kRows; ++i)
      problem.add(std::span<const double>(numbers).subspan(i * (kFeatures + 1), kFeatures), numbers[i * (kFeatures + 1) + kFeatures]);
    const LeastSquares best = problem.solve(l2);
    for (Eigen::Index j = 0; j < kFeatures; ++j) CHECK(best.x[static_cast<std::size_t>(j)] == Approx(expected[j]).epsilon(1e-9));
    const double value = (a * expected - y).squaredNorm() / (2 * kRows) + l2 / 2 * expected.squaredNorm();
    CHECK(best.value == Approx(value).epsilon(1e-12));
  }
}

TEST_CASE("of several solutions the shortest is given", "[models][objectives][least_squares]") {
  // Closed form: one row (3, 4) with y = 50 is met by x = 50 (3, 4) / 25 = (6, 8) and all points on the line across it.
  LeastSquaresProblem problem(2);
  problem.add(std::vector<double>{3, 4}, 50);
  const LeastSquares best = problem.solve(0);
  CHECK(best.x[0] == Approx(6).epsilon(1e-13));
  CHECK(best.x[1] == Approx(8).epsilon(1e-13));
  CHECK(std::abs(best.value) < 1e-24);
}

TEST_CASE("nearly dependent features do not spoil the solution", "[models][objectives][least_squares]") {
  // Closed form (Läuchli's matrix): rows (1, 1), (e, 0), (0, e) with e = 1e-8 and targets of x = (1, 2). AᵀA is singular in float64.
  constexpr double kSmall = 1e-8;
  LeastSquaresProblem problem(2);
  problem.add(std::vector<double>{1, 1}, 3);
  problem.add(std::vector<double>{kSmall, 0}, kSmall);
  problem.add(std::vector<double>{0, kSmall}, 2 * kSmall);
  const LeastSquares best = problem.solve(0);
  CHECK(best.x[0] == Approx(1).epsilon(1e-6));
  CHECK(best.x[1] == Approx(2).epsilon(1e-6));
}

TEST_CASE("least squares without rows are a defect of the caller", "[models][objectives][least_squares]") {
  // Invariant.
  LeastSquaresProblem problem(2);
  CHECK_THROWS_AS(problem.add(std::vector<double>{1}, 1), BrokenInvariant);
  CHECK_THROWS_AS(problem.solve(0), BrokenInvariant);
}

}  // namespace peloton
