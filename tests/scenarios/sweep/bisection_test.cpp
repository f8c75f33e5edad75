#include "scenarios/sweep/bisection.hpp"

#include <cmath>
#include <vector>

#include "tests/test.hpp"

using namespace peloton;

namespace {

/// The values that a search tries when everything up to `limit` is stable.
std::vector<double> tried(Bisection& search, double limit) {
  std::vector<double> out;
  while (const auto value = search.next()) {
    out.push_back(*value);
    search.tell(*value <= limit);
  }
  return out;
}

}  // namespace

TEST_CASE("a bisection finds its bracket by doubling, then halves it in logarithms", "[scenarios][bisection]") {
  // From 1 with the limit 5: 1, 2, 4 stable, 8 not; √(4 · 8) = 5.66 not, √(4 · 5.66) = 4.76 stable; 5.66 / 4.76 = 2^(1/4) ≤ 1.2.
  Bisection search({.start = 1, .between = {}, .tolerance = 0.2});
  const std::vector<double> values = tried(search, 5);
  REQUIRE(values.size() == 6);
  CHECK(std::vector(values.begin(), values.begin() + 4) == std::vector<double>{1, 2, 4, 8});
  CHECK(values[4] == Approx(4 * std::sqrt(2.0)));
  CHECK(values[5] == Approx(4 * std::pow(2.0, 0.25)));
  CHECK(search.largest_stable() == values[5]);
  CHECK(search.smallest_unstable() == values[4]);
}

TEST_CASE("an unstable start is halved until it is stable", "[scenarios][bisection]") {
  Bisection search({.start = 8, .between = {}, .tolerance = 1.0});
  CHECK(tried(search, 1.5) == std::vector<double>{8, 4, 2, 1});
  CHECK(search.largest_stable() == 1);
  CHECK(search.smallest_unstable() == 2);
}

TEST_CASE("the limit lies within the tolerance", "[scenarios][bisection]") {
  // Oracle: invariant, for many limits.
  for (double limit = 1e-6; limit < 1e6; limit *= 3.7) {
    Bisection search({.start = 0.1, .between = {}, .tolerance = 0.01});
    tried(search, limit);
    CHECK(*search.largest_stable() <= limit);
    CHECK(limit < *search.smallest_unstable());
    CHECK(*search.smallest_unstable() <= *search.largest_stable() * 1.01);
  }
}

TEST_CASE("between two values both are tried first, and what lies outside is not looked for", "[scenarios][bisection]") {
  Bisection inside({.start = 1, .between = std::pair(1.0, 4.0), .tolerance = 1.0});
  CHECK(tried(inside, 2.5) == std::vector<double>{1, 4, 2});
  Bisection above({.start = 1, .between = std::pair(1.0, 4.0), .tolerance = 1.0});
  CHECK(tried(above, 9) == std::vector<double>{1, 4});
  CHECK_FALSE(above.smallest_unstable().has_value());
  Bisection below({.start = 1, .between = std::pair(1.0, 4.0), .tolerance = 1.0});
  CHECK(tried(below, 0.5) == std::vector<double>{1});
  CHECK_FALSE(below.largest_stable().has_value());
}

TEST_CASE("a search for what has no limit ends", "[scenarios][bisection]") {
  Bisection search({.start = 1, .between = {}, .tolerance = 0.01});
  CHECK(tried(search, 1e300).size() == 65);
  Bisection impossible({.start = 1, .between = {}, .tolerance = 0.01});
  impossible.tell(true);
  impossible.tell_impossible();
  CHECK_FALSE(impossible.next().has_value());
  CHECK(impossible.largest_stable() == 1);
}
