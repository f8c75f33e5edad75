#include "algorithms/aggregation/mean.hpp"

#include "algorithms/aggregation/contributions.hpp"
#include "tests/algorithms/aggregation/vectors.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

TEST_CASE("the mean weighs contributions equally or by their samples", "[algorithms][aggregation]") {
  // Hand computation: (1, 2), (3, 6), (8, 1) with 1, 1 and 2 samples: (4, 3), and (20, 10) / 4.
  for (const Precision precision : kPrecisions) {
    Space s(precision, 2);
    const std::vector<double> samples = {1, 1, 2};
    const std::vector<Vector> values = {s.vector({1, 2}), s.vector({3, 6}), s.vector({8, 1})};
    Mean uniform({.weighting = Weighting::uniform});
    Mean weighted({.weighting = Weighting::samples});
    VectorContributions first(values, samples);
    CHECK(values_of(uniform.aggregate(s.space, first)) == std::vector<double>{4, 3});
    VectorContributions second(values, samples);
    CHECK(values_of(weighted.aggregate(s.space, second)) == std::vector<double>{5, 2.5});
    CHECK(weighted.weights(samples) == std::vector<double>{0.25, 0.25, 0.5});
    CHECK(uniform.weights(samples) == std::vector<double>(3, 1.0 / 3));
    CHECK(!uniform.holds_all());
  }
}

TEST_CASE("the mean is summed in order and divided once", "[algorithms][aggregation]") {
  // Oracle: the loop that defines the bits of the result, in the vectors' own precision. Powers of two as samples make products exact, so
  // that fused kernels round alike.
  for (const std::size_t together : {1U, 2U, 5U}) {
    Space s(Precision::float32, 50);
    std::vector<Vector> values;
    std::vector<double> samples;
    std::vector<float> expected(50, 0.0F);
    for (std::size_t i = 0; i < 5; ++i) {
      values.push_back(s.vector(scattered(50, static_cast<double>(i))));
      samples.push_back(i % 2 == 0 ? 2 : 4);
      for (std::size_t j = 0; j < 50; ++j) expected[j] += static_cast<float>(samples[i]) * values[i].view().as<float>()[j];
    }
    for (float& x : expected) x *= static_cast<float>(1.0 / 14);
    VectorContributions contributions(values, samples, together);
    Mean mean({.weighting = Weighting::samples});
    CHECK(values_of(mean.aggregate(s.space, contributions)) == std::vector<double>(expected.begin(), expected.end()));
  }
}
