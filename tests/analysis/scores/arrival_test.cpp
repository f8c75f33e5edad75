#include "analysis/scores/arrival.hpp"

#include <cmath>

#include "tests/analysis/scores/sweeps.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

TEST_CASE("a target is met at the first of k measurements in a row that hold it", "[analysis][scores]") {
  // rows:                                  0  1    2    3    4    5    6
  const std::vector<MetricsRow> rows = rows_of({9, 0.5, 2.0, 0.5, 0.4, 0.6, 0.1});
  CHECK(find_arrival(rows, {"loss", 0.5, 1})->row == 1);
  CHECK(find_arrival(rows, {"loss", 0.5, 2})->row == 3);
  CHECK(find_arrival(rows, {"loss", 0.6, 4})->row == 3);
  CHECK_FALSE(find_arrival(rows, {"loss", 0.5, 3}).has_value());
  CHECK_FALSE(find_arrival(rows, {"loss", 0.01, 1}).has_value());
  CHECK_FALSE(find_arrival({}, {"loss", 0.5, 1}).has_value());
}

TEST_CASE("an arrival has its costs and how far the measurement before lies back", "[analysis][scores]") {
  // Row 3 of a measurement every 10 ms, 100 bits, 5 updates, 7 gradients, 70 samples.
  const Arrival arrival = *find_arrival(rows_of({9, 8, 7, 0.5}), {"loss", 0.5, 1});
  CHECK(cost_of(arrival.costs, Cost::time) == 0.03);
  CHECK(cost_of(arrival.costs, Cost::bits) == 300);
  CHECK(cost_of(arrival.costs, Cost::updates) == 15);
  CHECK(cost_of(arrival.costs, Cost::gradients) == 21);
  CHECK(cost_of(arrival.costs, Cost::samples) == 210);
  CHECK(std::isnan(cost_of(arrival.costs, Cost::epochs)));
  CHECK(cost_of(arrival.resolution, Cost::time) == Approx(0.01));
  CHECK(cost_of(arrival.resolution, Cost::bits) == 100);
  CHECK(cost_of(arrival.resolution, Cost::gradients) == 7);
}

TEST_CASE("a target that holds at the start costs nothing", "[analysis][scores]") {
  const Arrival arrival = *find_arrival(rows_of({0.5, 0.4}), {"loss", 0.5, 1});
  CHECK(cost_of(arrival.costs, Cost::time) == 0);
  CHECK(cost_of(arrival.resolution, Cost::time) == 0);
}
