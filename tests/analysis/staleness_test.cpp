#include "analysis/staleness.hpp"

#include <algorithm>
#include <cmath>

#include "sim/base/random.hpp"
#include "tests/test.hpp"

using namespace peloton;

TEST_CASE("a histogram is exact below 4096 and names wider bins by their lowest value above", "[analysis][staleness]") {
  // Oracle: hand computation. 5001 lies in [4096, 8192), where bins are 2 wide, and 1,000,001 in [2^19, 2^20), where they are 256 wide.
  Histogram h;
  for (const std::int64_t v : {0, 3, 3, 4095, 5001, 1'000'001}) h.add(v);
  const std::vector<std::pair<std::int64_t, std::uint64_t>> expected = {{0, 1}, {3, 2}, {4095, 1}, {5000, 1}, {1'000'001 / 256 * 256, 1}};
  CHECK(h.entries() == expected);
  CHECK(h.max() == 1'000'001);
  CHECK(h.mean() == (0 + 3 + 3 + 4095 + 5001 + 1'000'001) / 6.0);
}

TEST_CASE("quantiles agree with a sorted list", "[analysis][staleness]") {
  // Oracle: reference implementation. The q-quantile is the ⌈q n⌉-th smallest value.
  RandomStream random(1, Purpose::test, 0, 0);
  Histogram h;
  std::vector<std::int64_t> values;
  for (int i = 0; i < 1001; ++i) {
    values.push_back(random.below(4000));
    h.add(values.back());
  }
  std::sort(values.begin(), values.end());
  for (const double q : {0.001, 0.5, 0.95, 1.0}) CHECK(h.quantile(q) == values[static_cast<std::size_t>(std::ceil(q * 1001)) - 1]);
  CHECK_FALSE(Histogram().quantile(0.5).has_value());
  CHECK_FALSE(Histogram().mean().has_value());
}

TEST_CASE("every value falls into a bin that starts at or below it, less than one part in 2048 away", "[analysis][staleness]") {
  for (std::int64_t v = 1; v < (std::int64_t{1} << 50); v = v * 3 + 1) {
    Histogram h;
    h.add(v);
    const std::int64_t low = h.entries().front().first;
    CHECK(low <= v);
    CHECK(static_cast<double>(v - low) < static_cast<double>(v) / 2048 + 1e-9);
  }
}

TEST_CASE("intervals restart at each measurement and dropped contributions are counted apart", "[analysis][staleness]") {
  StalenessObserver observer;
  const auto update = [&](std::int64_t staleness, bool applied) {
    observer.on_update({Time{}, 0, 10, 10 - staleness, staleness, Duration{staleness * 1'000'000'000}, 1, applied});
  };
  update(2, true);
  update(4, true);
  update(9, false);
  const StalenessObserver::Interval first = observer.take_interval();
  CHECK(first.mean == 3.0);
  CHECK(first.max == 4);
  CHECK(observer.dropped() == 1);
  CHECK(observer.mean_seconds() == 3.0);
  const StalenessObserver::Interval second = observer.take_interval();
  CHECK_FALSE(second.mean.has_value());
  CHECK(observer.total().count() == 2);
}
