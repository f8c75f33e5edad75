#include "analysis/scores/statistics.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "sim/base/random.hpp"
#include "tests/test.hpp"

using namespace peloton;

namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

std::optional<double> median_of(std::vector<double> values) { return median(values); }

Bootstrap bootstrap(double confidence) { return Bootstrap({.confidence = confidence, .resamples = 10000}); }

}  // namespace

TEST_CASE("a median exists when more than half of the runs arrived", "[analysis][scores][statistics]") {
  CHECK(median_of({3, 1, 2}) == 2);
  CHECK(median_of({4, 1, 2, 3}) == 2.5);
  CHECK(median_of({kInf, 1, 2}) == 2);
  CHECK(median_of({kInf, kInf, 2}) == kInf);
  CHECK(median_of({kInf, kInf, 1, 2}) == kInf);
  CHECK(median_of({kInf, 3, 1, 2}) == 2.5);
  CHECK(median_of({kInf, kInf}) == kInf);
  CHECK_FALSE(median_of({}).has_value());
}

TEST_CASE("mean and standard deviation by hand", "[analysis][scores][statistics]") {
  // Mean 5; squares of the deviations 9 1 1 1 0 0 4 16 = 32, over 7.
  const std::vector<double> values = {2, 4, 4, 4, 5, 5, 7, 9};
  CHECK(mean(values) == 5);
  CHECK(*standard_deviation(values) == Approx(std::sqrt(32.0 / 7)));
  CHECK_FALSE(standard_deviation(std::vector<double>{1}).has_value());
  CHECK_FALSE(standard_deviation(std::vector<double>{1, kInf}).has_value());
  CHECK_FALSE(mean({}).has_value());
}

TEST_CASE("Wilson's interval gives the published values", "[analysis][scores][statistics]") {
  // Oracle: Newcombe, Statistics in Medicine 17 (1998), table I, method 3, 95 %.
  struct Published {
    std::size_t successes, trials;
    double low, high;
  };
  for (const Published& p :
       {Published{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0.0, 0.1611}, {1, 29, 0.0061, 0.1718}}) {
    const Interval interval = wilson_interval(p.successes, p.trials, 0.95);
    CHECK(interval.low == Approx(p.low).margin(0.00005));
    CHECK(interval.high == Approx(p.high).margin(0.00005));
  }
  CHECK(wilson_interval(20, 20, 0.95).high == 1);
}

TEST_CASE("the bootstrap of two values takes three means", "[analysis][scores][statistics]") {
  // Resamples of {0, 1}: mean 0, 1/2, 1 with probabilities 1/4, 1/2, 1/4. The quantiles 0.3 and 0.7 are 1/2, those of 0.2 and 0.8 are 0
  // and 1; 10,000 resamples miss a quarter by 0.05 with probability below 1e-29 (Chernoff).
  const std::vector<double> values = {0, 1};
  CHECK(bootstrap(0.4).of_mean(values) == Interval{0.5, 0.5});
  CHECK(bootstrap(0.6).of_mean(values) == Interval{0, 1});
  CHECK_FALSE(bootstrap(0.6).of_mean(std::vector<double>{1}).has_value());
}

TEST_CASE("the bootstrap of a median keeps runs that never arrived apart", "[analysis][scores][statistics]") {
  // Resamples of {1, 2, ∞}: the median is 1 or ∞ with probability (3 · 2 + 1) / 27 = 0.259 each, else 2.
  const std::vector<double> values = {2, kInf, 1};
  CHECK(bootstrap(0.4).of_median(values) == Interval{2, 2});
  CHECK(bootstrap(0.6).of_median(values) == Interval{1, kInf});
}

TEST_CASE("the bootstrap of a median is that of the general statistic on sorted values", "[analysis][scores][statistics]") {
  // Oracle: invariant. Both take the same resamples.
  const std::vector<double> values = {1, 2, 4, 8, 16, 32, 64, kInf};
  Bootstrap b = bootstrap(0.9);
  const auto general = b.interval(values.size(), [&](std::span<const std::uint32_t> indices) {
    std::vector<double> resample;
    for (const std::uint32_t i : indices) resample.push_back(values[i]);
    return *median(resample);
  });
  CHECK(b.of_median(values) == general);
}

TEST_CASE("resamples that are too many to keep are the same", "[analysis][scores][statistics]") {
  // Oracle: invariant, as above. 20,000 values × 1,000 resamples are more than are kept; the medians of sorted values need none of them.
  Bootstrap b({.confidence = 0.9, .resamples = 1000});
  std::vector<double> values(20000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i);
  std::vector<double> resample;
  const auto general = b.interval(values.size(), [&](std::span<const std::uint32_t> indices) {
    resample.clear();
    for (const std::uint32_t i : indices) resample.push_back(values[i]);
    return *median(resample);
  });
  CHECK(b.of_median(values) == general);
}

TEST_CASE("resamples without a defined statistic are left out", "[analysis][scores][statistics]") {
  Bootstrap b = bootstrap(0.95);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(b.interval(2, [&](std::span<const std::uint32_t> i) { return i[0] == 0 ? nan : 7.0; }) == Interval{7, 7});
  CHECK_FALSE(b.interval(2, [&](std::span<const std::uint32_t>) { return nan; }).has_value());
}

TEST_CASE("95 % bootstrap intervals of a mean cover it about 95 times in 100", "[analysis][scores][statistics]") {
  // 400 samples of 40 uniform numbers. The percentile bootstrap covers with 0.93 … 0.95 at this size; counting fewer than 360 or more
  // than 396 of 400 has a probability below 0.02 for 0.93 and 1e-4 for 0.95. The seed is fixed.
  Bootstrap b({.confidence = 0.95, .resamples = 1000});
  int covered = 0;
  for (std::uint32_t sample = 0; sample < 400; ++sample) {
    RandomStream random(3, Purpose::test, sample, 0);
    std::vector<double> values;
    for (int i = 0; i < 40; ++i) values.push_back(random.uniform());
    const Interval interval = *b.of_mean(values);
    covered += interval.low <= 0.5 && 0.5 <= interval.high ? 1 : 0;
  }
  CHECK(covered >= 360);
  CHECK(covered <= 396);
}
