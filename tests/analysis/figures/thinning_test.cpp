#include "analysis/figures/thinning.hpp"

#include <algorithm>

#include "tests/test.hpp"

using namespace peloton;

TEST_CASE("few points are all kept", "[analysis][figures]") {
  const std::vector<std::vector<double>> columns = {{1, 2, 3}, {5, 4, 6}};
  CHECK(kept_points(columns, 3) == std::vector<std::size_t>{0, 1, 2});
  CHECK(kept_points({}, 3).empty());
}

TEST_CASE("of each stretch the ends and every column's extremes are kept", "[analysis][figures]") {
  // 12 points, limit 8, one column: 8 / (2·1 + 2) = 2 stretches, [0, 6) and [6, 12).
  // First: ends 0 and 5, lowest at 2, highest at 4. Second: ends 6 and 11, lowest at 7, highest at 9; the undefined 8 counts for nothing.
  const std::vector<std::vector<double>> columns = {{3, 3, 1, 3, 9, 3, 4, 0, kUndefined, 7, 4, 4}};
  CHECK(kept_points(columns, 8) == std::vector<std::size_t>{0, 2, 4, 5, 6, 7, 9, 11});
}

TEST_CASE("a single peak among a million points survives", "[analysis][figures]") {
  std::vector<double> flat(1'000'000, 1.0);
  flat[777'777] = 5;
  const std::vector<std::vector<double>> columns = {flat, std::vector<double>(1'000'000, kUndefined)};
  const std::vector<std::size_t> kept = kept_points(columns, 10'000);
  CHECK(kept.size() <= 10'000);
  CHECK(std::binary_search(kept.begin(), kept.end(), std::size_t{777'777}));
}
