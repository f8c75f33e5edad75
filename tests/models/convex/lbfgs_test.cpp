#include "models/convex/lbfgs.hpp"

#include <cmath>

#include "tests/test.hpp"

namespace peloton {

TEST_CASE("L-BFGS solves an ill-conditioned quadratic", "[models][convex]") {
  // Closed form: Σ ½ λ_i (x_i − i)² with λ from 1e-4 to 1 has its minimum 0 at x_i = i; ‖∇f‖ ≤ 1e-10 leaves |x_i − i| ≤ 1e-10 / λ_i.
  // The bound on conjugate gradients, 2 exp(−2k/√κ), allows ½ √κ ln(2e12) = 1400 iterations at κ = 1e4 for an error of 1e2 to fall to
  // 1e-10.
  constexpr std::size_t kDimension = 50;
  const auto eigenvalue = [](std::size_t i) { return std::pow(10.0, -4 + 4 * static_cast<double>(i) / (kDimension - 1)); };
  const ConvexFunction f = [&](const std::vector<double>& x, std::vector<double>& gradient) {
    double value = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double difference = x[i] - static_cast<double>(i);
      gradient[i] = eigenvalue(i) * difference;
      value += gradient[i] * difference / 2;
    }
    return value;
  };
  const LbfgsResult end = minimise_by_lbfgs(f, std::vector<double>(kDimension, 0.0), {.gradient_tolerance = 1e-10, .iterations = 1400});
  CHECK(end.converged);
  CHECK(end.gradient_norm <= 1e-10);
  CHECK(end.iterations > 10);
  for (std::size_t i = 0; i < kDimension; ++i) CHECK(std::abs(end.x[i] - static_cast<double>(i)) <= 1e-10 / eigenvalue(i));
}

TEST_CASE("L-BFGS finds the minimum of a function that is no quadratic, to the last digits", "[models][convex]") {
  // Closed form: eˣ − 3x has its minimum 3 − 3 ln 3 at ln 3. Started far off on the flat side and on the steep one.
  const ConvexFunction f = [](const std::vector<double>& x, std::vector<double>& gradient) {
    gradient[0] = std::exp(x[0]) - 3;
    return std::exp(x[0]) - 3 * x[0];
  };
  for (const double start : {-50.0, 0.0, 20.0}) {
    const LbfgsResult end = minimise_by_lbfgs(f, {start}, {.gradient_tolerance = 1e-14, .iterations = 100});
    CHECK(end.converged);
    CHECK(end.x[0] == Approx(std::log(3.0)).epsilon(1e-14));
    CHECK(end.value == Approx(3 - 3 * std::log(3.0)).epsilon(1e-14));
  }
}

TEST_CASE("L-BFGS says so when it has not converged", "[models][convex]") {
  // −x has no minimum: no step length bends its slope. The quadratic is cut off after two iterations.
  const ConvexFunction falling = [](const std::vector<double>& x, std::vector<double>& gradient) {
    gradient[0] = -1;
    return -x[0];
  };
  CHECK_FALSE(minimise_by_lbfgs(falling, {0}, {}).converged);
  const ConvexFunction bowl = [](const std::vector<double>& x, std::vector<double>& gradient) {
    gradient = {x[0], 10 * x[1], 100 * x[2]};
    return (x[0] * x[0] + 10 * x[1] * x[1] + 100 * x[2] * x[2]) / 2;
  };
  const LbfgsResult cut = minimise_by_lbfgs(bowl, {1, 1, 1}, {.gradient_tolerance = 1e-12, .iterations = 2});
  CHECK_FALSE(cut.converged);
  CHECK(cut.iterations == 2);
  CHECK(cut.value < 55.5);
  const ConvexFunction broken = [](const std::vector<double>&, std::vector<double>& gradient) { return gradient[0] = NAN; };
  CHECK_FALSE(minimise_by_lbfgs(broken, {0}, {}).converged);
}

}  // namespace peloton
