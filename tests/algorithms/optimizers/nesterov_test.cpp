#include "algorithms/optimizers/nesterov.hpp"

#include "tests/algorithms/optimizers/bench.hpp"

using namespace peloton;
using test::first;
using test::Plane;
using test::second;

TEST_CASE("nesterov follows v ← βv + g, x ← x − η(g + βv)", "[algorithms][optimizers]") {
  // g = 1 at every step, β = 1/2, η = 1: v = 1, 3/2, 7/4; steps 1 + v/2 = 3/2, 7/4, 15/8. All exact in binary.
  Plane b;
  Optimizer nesterov(test::optimizer(NesterovOptions{.beta = 0.5}), b.space);
  Vector x = b.vector(0, 0);
  for (const double expected : {-1.5, -3.25, -5.125}) {
    x = nesterov.step(std::move(x), b.vector(1, 0), 1);
    CHECK(first(x) == expected);
    CHECK(second(x) == 0);
  }
}

TEST_CASE("nesterov's iterates are the points where the textbook's method takes gradients", "[algorithms][optimizers]") {
  // Oracle: v ← βv + ∇f(y), z ← z − ηv, y ← z − ηβv on f(y) = (y₁² + 10 y₂²)/2, from v = 0, z = y = (1, −1).
  Plane b;
  const double eta = 0.05;
  const double beta = 0.9;
  Optimizer nesterov(test::optimizer(NesterovOptions{.beta = beta}), b.space);
  Vector x = b.vector(1, -1);
  double v[2] = {0, 0};
  double z[2] = {1, -1};
  double y[2] = {1, -1};
  for (int t = 0; t < 30; ++t) {
    x = nesterov.step(std::move(x), b.vector(first(x), 10 * second(x)), eta);
    for (int i = 0; i < 2; ++i) {
      v[i] = beta * v[i] + (i == 0 ? 1 : 10) * y[i];
      z[i] -= eta * v[i];
      y[i] = z[i] - eta * beta * v[i];
    }
    CHECK(first(x) == Approx(y[0]).margin(1e-13));
    CHECK(second(x) == Approx(y[1]).margin(1e-13));
  }
}
