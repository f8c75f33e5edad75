#include "algorithms/optimizers/adam.hpp"

#include <cmath>

#include "tests/algorithms/optimizers/bench.hpp"

using namespace peloton;
using test::first;
using test::Plane;
using test::second;

TEST_CASE("adam's first steps", "[algorithms][optimizers]") {
  // With bias correction, step 1 moves by η g / (|g| + ε). Step 2 with g₁ = 1, g₂ = 3: m = β₁(1−β₁) + 3(1−β₁) = 0.39,
  // v = 0.999·0.001 + 9·0.001 = 0.009999; m̂ = 0.39/0.19, v̂ = 0.009999/0.001999.
  Plane b;
  Optimizer adam(test::optimizer(AdamOptions{}), b.space);
  Vector x = b.vector(0, 0);
  x = adam.step(std::move(x), b.vector(1, -4), 0.1);
  CHECK(first(x) == Approx(-0.1 / (1 + 1e-8)).epsilon(1e-12));
  CHECK(second(x) == Approx(0.1 * 4 / (4 + 1e-8)).epsilon(1e-12));
  const double before = first(x);
  x = adam.step(std::move(x), b.vector(3, 0), 0.1);
  CHECK(first(x) - before == Approx(-0.1 * (0.39 / 0.19) / (std::sqrt(0.009999 / 0.001999) + 1e-8)).epsilon(1e-10));
}
