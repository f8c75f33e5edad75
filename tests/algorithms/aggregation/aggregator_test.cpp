/// Properties that aggregators share.

#include "algorithms/aggregation/aggregator.hpp"

#include <algorithm>

#include "algorithms/aggregation/contributions.hpp"
#include "sim/base/random.hpp"
#include "tests/algorithms/aggregation/vectors.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

constexpr std::size_t kDimension = 37;

std::vector<double> aggregate(Space& s, const AggregatorSpec& spec, std::vector<Vector> values, std::size_t together = 4) {
  VectorContributions contributions(std::move(values), {}, together);
  return values_of(make_aggregator(spec)->aggregate(s.space, contributions));
}

/// Grid values, so that sums are exact and properties hold bit for bit.
std::vector<Vector> grid_vectors(Space& s, std::size_t n) {
  std::vector<Vector> out;
  for (std::size_t i = 0; i < n; ++i) out.push_back(s.vector(on_grid(kDimension, static_cast<double>(3 * i + 1))));
  return out;
}

const std::vector<AggregatorSpec> kAll = {MeanOptions{}, MajorityVoteOptions{}, CoordinateMedianOptions{}};

}  // namespace

TEST_CASE("an aggregate does not depend on the order of the contributions or on how many come together", "[algorithms][aggregation]") {
  // Invariant; sums of grid values are exact.
  for (const Precision precision : kPrecisions) {
    for (const AggregatorSpec& spec : kAll) {
      for (const std::size_t n : {1U, 2U, 7U, 10U}) {
        Space s(precision, kDimension);
        std::vector<Vector> values = grid_vectors(s, n);
        const std::vector<double> expected = aggregate(s, spec, values);
        RandomStream random(5, Purpose::test, 0, n);
        for (std::size_t trial = 1; trial <= 5; ++trial) {
          shuffle(values, random);
          CHECK(aggregate(s, spec, values, trial) == expected);
        }
      }
    }
  }
}

TEST_CASE("the aggregate of equal contributions is that contribution", "[algorithms][aggregation]") {
  // Invariant; the vote gives its signs. The mean of ten is 10 g / 10, rounded.
  for (const Precision precision : kPrecisions) {
    for (const AggregatorSpec& spec : kAll) {
      for (const std::size_t n : {1U, 2U, 4U, 10U, 11U}) {
        Space s(precision, kDimension);
        const Vector g = s.vector(scattered(kDimension, 4));
        std::vector<double> expected = values_of(g);
        if (spec.is<MajorityVoteOptions>())
          for (double& x : expected) x = x > 0 ? 1 : -1;
        const std::vector<double> out = aggregate(s, spec, std::vector<Vector>(n, g));
        const double rounding = spec.is<MeanOptions>() ? (precision == Precision::float32 ? 1e-6 : 2e-15) : 0.0;
        for (std::size_t j = 0; j < kDimension; ++j) CHECK(std::abs(out[j] - expected[j]) <= rounding);
      }
    }
  }
}

TEST_CASE("mean and median move with the contributions", "[algorithms][aggregation]") {
  // Invariant A(g_1 + c, …) = A(g) + c: exact for grid values and four or five contributions in the median, to rounding in the mean.
  for (const Precision precision : kPrecisions) {
    for (const AggregatorSpec& spec : {AggregatorSpec(MeanOptions{}), AggregatorSpec(CoordinateMedianOptions{})}) {
      for (const std::size_t n : {4U, 5U}) {
        Space s(precision, kDimension);
        const std::vector<Vector> values = grid_vectors(s, n);
        const std::vector<double> shift = on_grid(kDimension, 0.77);
        std::vector<double> expected = aggregate(s, spec, values);
        for (std::size_t j = 0; j < kDimension; ++j) expected[j] += shift[j];
        std::vector<Vector> moved;
        for (const Vector& g : values) moved.push_back(s.space.plus_scaled(g, 1.0, s.vector(shift)));
        const std::vector<double> out = aggregate(s, spec, moved);
        const double rounding = spec.is<MeanOptions>() ? (precision == Precision::float32 ? 1e-5 : 1e-14) : 0.0;
        for (std::size_t j = 0; j < kDimension; ++j) CHECK(std::abs(out[j] - expected[j]) <= rounding);
      }
    }
  }
}

TEST_CASE("the vote is the sign of the median for an odd number without zeros", "[algorithms][aggregation]") {
  // Identity sign(Σ sign g_i) = sign(median g_i) (Chen et al., NeurIPS 2020).
  for (const Precision precision : kPrecisions) {
    for (const std::size_t n : {1U, 3U, 9U, 31U}) {
      Space s(precision, kDimension);
      std::vector<Vector> values;
      for (std::size_t i = 0; i < n; ++i) values.push_back(s.vector(scattered(kDimension, static_cast<double>(i * i) + 0.4)));
      std::vector<double> median = aggregate(s, CoordinateMedianOptions{}, values);
      for (double& x : median) x = x > 0 ? 1 : -1;
      CHECK(aggregate(s, MajorityVoteOptions{}, values) == median);
    }
  }
}
