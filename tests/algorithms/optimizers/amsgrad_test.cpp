#include "algorithms/optimizers/amsgrad.hpp"

#include <algorithm>
#include <cmath>

#include "tests/algorithms/optimizers/bench.hpp"

using namespace peloton;
using test::first;
using test::Plane;
using test::second;

TEST_CASE("amsgrad without bias correction is the paper's", "[algorithms][optimizers]") {
  // g = 4, 1, 8 with β₁ = 1/2, β₂ = 3/4, η = 1: m = 2, 3/2, 19/4; v = 4, 13/4, 295/16; v̂ = 4, 4, 295/16.
  Plane b;
  Optimizer amsgrad(test::optimizer(AmsgradOptions{.beta1 = 0.5, .beta2 = 0.75, .epsilon = 1e-300, .bias_correction = false}), b.space);
  Vector x = b.vector(0, 0);
  x = amsgrad.step(std::move(x), b.vector(4, -4), 1);
  CHECK(first(x) == -1);
  CHECK(second(x) == 1);
  x = amsgrad.step(std::move(x), b.vector(1, -1), 1);
  CHECK(first(x) == -1.75);
  CHECK(second(x) == 1.75);
  x = amsgrad.step(std::move(x), b.vector(8, -8), 1);
  CHECK(first(x) == Approx(-1.75 - 4.75 / std::sqrt(18.4375)).epsilon(1e-14));
}

TEST_CASE("amsgrad's bias correction follows the maximum", "[algorithms][optimizers]") {
  // The same moments over c₁ = 1/2, 3/4, 7/8 and c₂ = 1/4, 7/16, 37/64. The maximum of corrected moments would keep 16 in step 2.
  Plane b;
  const double epsilon = 0.5;
  Optimizer amsgrad(test::optimizer(AmsgradOptions{.beta1 = 0.5, .beta2 = 0.75, .epsilon = epsilon}), b.space);
  Vector x = b.vector(0, 0);
  double expected = 0;
  const double moments[3][4] = {{2, 0.5, 4, 0.25}, {1.5, 0.75, 4, 7.0 / 16}, {4.75, 0.875, 18.4375, 37.0 / 64}};
  const double gradients[3] = {4, 1, 8};
  for (int t = 0; t < 3; ++t) {
    const auto& [m, c1, largest, c2] = moments[t];
    x = amsgrad.step(std::move(x), b.vector(gradients[t], 0), 1);
    expected -= m / c1 / (std::sqrt(largest / c2) + epsilon);
    CHECK(first(x) == Approx(expected).epsilon(1e-14));
    CHECK(second(x) == 0);
  }
}

TEST_CASE("adam goes to the worst point where amsgrad finds the best", "[algorithms][optimizers]") {
  // Reddi, Kale, Kumar (ICLR 2018), Theorem 1: f_t(x) = 3x for t = 1, 4, 7, …, else −x, on [−1, 1] by projection; β₁ = 0, β₂ = 1/10,
  // step η/√t with η < √(1 − β₂). Every three steps f rises with slope 1, so that −1 is best. Adam from +1 is back there after each
  // three steps, and from 0 gets there. AMSGrad's steps keep their proportion: √v̂ tends to at most √8.3, so that it moves down by
  // η/(√8.3 √t) every three steps, which takes it from +1 to −1 in about 300 steps; then a rise and two falls are at most 3η/√(9t/10).
  constexpr int kSteps = 3000;
  const double eta = 0.5;
  const auto ends = [&](const OptimizerLaw& law, bool stays_at_one) {
    Plane b;
    Optimizer optimizer(test::optimizer(law), b.space);
    Vector x = b.vector(1, 0);
    bool stayed = true;
    for (int t = 1; t <= kSteps; ++t) {
      const double g = t % 3 == 1 ? 3 : -1;
      x = optimizer.step(std::move(x), b.vector(g, g), eta / std::sqrt(t));
      for (double& value : x.write().as<double>()) value = std::clamp(value, -1.0, 1.0);
      if (t % 3 == 0) stayed = stayed && first(x) == 1;
    }
    CHECK(stayed == stays_at_one);
    return std::pair(first(x), second(x));
  };
  const auto adam = ends(AdamOptions{.beta1 = 0, .beta2 = 0.1}, true);
  CHECK(adam.second == 1);
  for (const bool corrected : {false, true}) {
    const auto amsgrad = ends(AmsgradOptions{.beta1 = 0, .beta2 = 0.1, .bias_correction = corrected}, false);
    CHECK(amsgrad.first < -0.97);
    CHECK(amsgrad.second < -0.97);
  }
}
