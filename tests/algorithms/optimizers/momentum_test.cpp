#include "algorithms/optimizers/momentum.hpp"

#include "tests/algorithms/optimizers/bench.hpp"

using namespace peloton;
using test::first;
using test::Plane;
using test::second;

TEST_CASE("momentum follows v ← βv + g, x ← x − ηv", "[algorithms][optimizers]") {
  // g = 1 at every step, β = 1/2, η = 1: v = 1, 3/2, 7/4; x = −1, −5/2, −17/4. All exact in binary.
  Plane b;
  Optimizer momentum(test::optimizer(MomentumOptions{.beta = 0.5}), b.space);
  Vector x = b.vector(0, 0);
  for (const double expected : {-1.0, -2.5, -4.25}) {
    x = momentum.step(std::move(x), b.vector(1, 0), 1);
    CHECK(first(x) == expected);
    CHECK(second(x) == 0);
  }
}
