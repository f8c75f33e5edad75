#include "models/objectives/spectrum.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "tests/test.hpp"

namespace peloton {
namespace {

RandomStream stream(std::uint64_t seed) { return {seed, Purpose::test, 0, 0}; }

}  // namespace

TEST_CASE("eigenvalues are spread by their law", "[models][objectives][spectrum]") {
  // Hand computation: linear 1, 2.5, 4; geometric 1, 2, 4; a single one is the lowest.
  CHECK(eigenvalues(LinearSpectrum{.low = 1, .high = 4}, 3, stream(1)) == std::vector<double>{1, 2.5, 4});
  CHECK(eigenvalues(GeometricSpectrum{.low = 1, .high = 4}, 3, stream(1)) == std::vector<double>{1, 2, 4});
  CHECK(eigenvalues(LinearSpectrum{.low = 1, .high = 4}, 1, stream(1)) == std::vector<double>{1});
}

TEST_CASE("uniform eigenvalues fill their range", "[models][objectives][spectrum]") {
  // Invariant: within the range, not all the same, others for another seed.
  const std::vector<double> drawn = eigenvalues(UniformSpectrum{.low = 2, .high = 3}, 30, stream(1));
  const auto [least, most] = std::ranges::minmax(drawn);
  CHECK(least >= 2);
  CHECK(most < 3);
  CHECK(most - least > 0.5);  // fails by chance with probability 30 · 0.5^29 < 1e-7
  CHECK(drawn == eigenvalues(UniformSpectrum{.low = 2, .high = 3}, 30, stream(1)));
  CHECK(drawn != eigenvalues(UniformSpectrum{.low = 2, .high = 3}, 30, stream(2)));
}

TEST_CASE("a rotation keeps the eigenvalues and turns the axes", "[models][objectives][spectrum]") {
  // Reference implementation: Eigen's solver for symmetric eigenvalues.
  const std::vector<double> a = rotated({1, 2, 4, 8, 16}, stream(1));
  const Eigen::MatrixXd matrix = Eigen::Map<const Eigen::MatrixXd>(a.data(), 5, 5);
  CHECK((matrix - matrix.transpose()).cwiseAbs().maxCoeff() < 1e-13);
  const Eigen::VectorXd found = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(matrix).eigenvalues();
  for (Eigen::Index i = 0; i < 5; ++i) CHECK(found[i] == Approx(std::ldexp(1.0, static_cast<int>(i))).epsilon(1e-13));
  CHECK((matrix - Eigen::MatrixXd(matrix.diagonal().asDiagonal())).norm() > 1);
}

}  // namespace peloton
