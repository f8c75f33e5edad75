#include "algorithms/optimizers/sgd.hpp"

#include "tests/algorithms/optimizers/bench.hpp"

using namespace peloton;
using test::first;
using test::Plane;
using test::second;

TEST_CASE("sgd steps against the gradient", "[algorithms][optimizers]") {
  // Hand computation: (1, 2) − (2, −2)/2.
  Plane b;
  Optimizer sgd(test::optimizer(SgdOptions{}), b.space);
  const Vector y = sgd.step(b.vector(1, 2), b.vector(2, -2), 0.5);
  CHECK(first(y) == 0);
  CHECK(second(y) == 3);
}
