#include "sim/topology/all_pairs.hpp"

#include <set>

#include "tests/test.hpp"

using namespace peloton;

TEST_CASE("pairs are numbered without gaps, there and back", "[sim][topology][all_pairs]") {
  // Invariant: find inverts at; n (n − 1) / 2 different pairs; the two directions of a pair share its number.
  for (std::size_t n = 0; n <= 9; ++n) {
    const AllPairs pairs{n};
    CHECK(pairs.count() == (n == 0 ? 0 : n * (n - 1) / 2));
    std::set<std::pair<std::size_t, std::size_t>> seen;
    for (std::size_t i = 0; i < pairs.count(); ++i) {
      const auto [a, b] = pairs.at(i);
      REQUIRE(a < n);
      REQUIRE(b < n);
      REQUIRE(a != b);
      seen.insert(std::minmax(a, b));
      CHECK(pairs.find(a, b).pair == i);
      CHECK(pairs.find(a, b).forward);
      CHECK(pairs.find(b, a).pair == i);
      CHECK_FALSE(pairs.find(b, a).forward);
    }
    CHECK(seen.size() == pairs.count());
  }
}
