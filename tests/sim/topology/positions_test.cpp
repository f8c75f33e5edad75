#include "sim/topology/positions.hpp"

#include <cmath>

#include "tests/test.hpp"

using namespace peloton;

TEST_CASE("points round a circle are one unit apart, the first on top", "[sim][topology][positions]") {
  for (const std::size_t n : {3UL, 4UL, 50UL}) {
    const std::vector<Position> circle = circle_positions(n);
    CHECK(circle[0].x == Approx(0).margin(1e-12));
    CHECK(circle[0].y < 0);
    for (std::size_t i = 0; i < n; ++i)
      CHECK(std::hypot(circle[i].x - circle[(i + 1) % n].x, circle[i].y - circle[(i + 1) % n].y) == Approx(1));
  }
  CHECK(circle_positions(1).size() == 1);
}
