#include "algorithms/optimizers/adagrad.hpp"

#include "tests/algorithms/optimizers/bench.hpp"

using namespace peloton;
using test::first;
using test::Plane;
using test::second;

TEST_CASE("adagrad divides by the root of the summed squares", "[algorithms][optimizers]") {
  // g = 3, 4, 12 with η = 1: √G = 3, 5, 13, so that the steps are 1, 4/5, 12/13. A coordinate without gradients stays.
  Plane b;
  Optimizer adagrad(test::optimizer(AdagradOptions{}), b.space);
  Vector x = b.vector(0, 7);
  double expected = 0;
  for (const auto& [g, root] : {std::pair(3.0, 3.0), std::pair(4.0, 5.0), std::pair(-12.0, 13.0)}) {
    x = adagrad.step(std::move(x), b.vector(g, 0), 1);
    expected -= g / (root + 1e-10);
    CHECK(first(x) == Approx(expected).epsilon(1e-13));
    CHECK(second(x) == 7);
  }
}

TEST_CASE("adagrad's accumulator starts where it is told", "[algorithms][optimizers]") {
  // G₀ = 7 and g = 3, 3, ε = 1: √16 + 1, √25 + 1, with η = 10: steps 6 and 5, exact in binary.
  Plane b;
  Optimizer adagrad(test::optimizer(AdagradOptions{.initial_accumulator = 7, .epsilon = 1}), b.space);
  Vector x = b.vector(0, 0);
  for (const double expected : {-6.0, -11.0}) {
    x = adagrad.step(std::move(x), b.vector(3, -3), 10);
    CHECK(first(x) == expected);
    CHECK(second(x) == -expected);
  }
}
