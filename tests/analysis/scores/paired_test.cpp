#include "analysis/scores/paired.hpp"

#include <limits>

#include "tests/analysis/scores/sweeps.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

Bootstrap bootstrap() { return Bootstrap({.confidence = 0.9, .resamples = 1000}); }

}  // namespace

TEST_CASE("pairs of the same repeat are subtracted, others left out", "[analysis][scores][paired]") {
  // Repeats 0, 1, 2 and 1, 2, 3: pairs 20 → 50 and 30 → 20 ms.
  Bootstrap b = bootstrap();
  const PairedDifference d =
      paired_cost({run_of(0, 10), run_of(1, 20), run_of(2, 30)}, {run_of(1, 50), run_of(2, 20), run_of(3, 1)}, Cost::time, b);
  CHECK(d.pairs == 2);
  CHECK(d.decided == 2);
  CHECK(d.lower == 1);
  CHECK(d.higher == 1);
  CHECK(*d.median == Approx(0.010));
  CHECK(d.interval->low == Approx(-0.010));
  CHECK(d.interval->high == Approx(0.030));
}

TEST_CASE("common random numbers narrow a difference that each side's spread hides", "[analysis][scores][paired]") {
  // a: 10, 50, 90 ms; b is 1 ms slower in each: the difference has no spread at all.
  Bootstrap b = bootstrap();
  const PairedDifference d =
      paired_cost({run_of(0, 10), run_of(1, 50), run_of(2, 90)}, {run_of(0, 11), run_of(1, 51), run_of(2, 91)}, Cost::time, b);
  CHECK(d.higher == 3);
  CHECK(d.interval->low == Approx(0.001));
  CHECK(d.interval->high == Approx(0.001));
}

TEST_CASE("a censored run decides a pair only when it had paid as much as the other", "[analysis][scores][paired]") {
  const double inf = std::numeric_limits<double>::infinity();
  const auto one = [](const RunScore& first, const RunScore& second) {
    Bootstrap b = bootstrap();
    return paired_cost({first}, {second}, Cost::time, b);
  };
  CHECK(one(run_of(0, 10), run_of(0, -10)).median == inf);  // b went on for as long and had not arrived
  CHECK(one(run_of(0, 10), run_of(0, -9)).decided == 0);    // b ended earlier: it might have been faster
  CHECK(one(run_of(0, -30), run_of(0, 20)).median == -inf);
  CHECK(one(run_of(0, -30), run_of(0, -40)).decided == 0);                   // neither arrived
  CHECK(one(run_of(0, 10), run_of(0, -9, 1, 0, "diverged")).median == inf);  // it would never have
  CHECK(one(run_of(0, -1, 1, 0, "diverged"), run_of(0, 20)).lower == 1);
}

TEST_CASE("a loss that is not finite is worse than any other", "[analysis][scores][paired]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  Bootstrap b = bootstrap();
  const PairedDifference d = paired_final({run_of(0, 1, 1, 0.5), run_of(1, 1, 1, nan), run_of(2, 1, 1, nan)},
                                          {run_of(0, 1, 1, nan), run_of(1, 1, 1, 0.5), run_of(2, 1, 1, nan)}, FinalMetric::loss, b);
  CHECK(d.higher == 1);
  CHECK(d.lower == 1);
  CHECK(d.decided == 3);
  CHECK(paired_final({run_of(0, 1)}, {run_of(0, 1)}, FinalMetric::accuracy, b).decided == 0);
}
