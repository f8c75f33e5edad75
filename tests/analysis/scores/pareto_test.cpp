#include "analysis/scores/pareto.hpp"

#include <limits>

#include "tests/test.hpp"

using namespace peloton;

TEST_CASE("the Pareto front keeps what nothing beats, ties together", "[analysis][scores][pareto]") {
  //  time
  //   4   0,5
  //   3       1
  //   2       2   3
  //   1               4    beaten: 1 by 2 (same bits), 3 by 2 (same time); 0 and 5 are the same point
  //       1   2   3   4   bits
  const std::vector<BitsAndTime> points = {{1, 4}, {2, 3}, {2, 2}, {3, 2}, {4, 1}, {1, 4}};
  CHECK(pareto_front(points) == std::vector<std::size_t>{0, 5, 2, 4});
}

TEST_CASE("what never arrived is not on the front", "[analysis][scores][pareto]") {
  const double inf = std::numeric_limits<double>::infinity();
  const std::vector<BitsAndTime> points = {{inf, inf}, {5, 5}, {std::numeric_limits<double>::quiet_NaN(), 1}};
  CHECK(pareto_front(points) == std::vector<std::size_t>{1});
  CHECK(pareto_front({}).empty());
}
