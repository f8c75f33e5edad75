#include "models/data/linear.hpp"

#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <numeric>
#include <span>
#include <vector>

#include "models/data/generated.hpp"

namespace peloton {
namespace {

/// A point uniform on the unit sphere: a normalised Gaussian vector (Muller, CACM 1959).
std::vector<double> planted_solution(std::size_t features, std::uint64_t seed) {
  RandomStream random = data_stream(seed, Generated::hidden, 0);
  boost::random::normal_distribution<double> normal;
  std::vector<double> x(features);
  for (double& value : x) value = normal(random);
  const double norm = std::sqrt(std::inner_product(x.begin(), x.end(), x.begin(), 0.0));
  for (double& value : x) value /= norm;
  return x;
}

}  // namespace

void LinearData::validate(const Place& place) const { check_generated_size(samples, test_samples, features, place); }

DataPair LinearData::load(const DataContext& context) const {
  const std::vector<double> solution = planted_solution(static_cast<std::size_t>(features), context.seed);
  const auto make = [&](std::size_t, RandomStream& random, std::span<double> a) {
    boost::random::normal_distribution<double> normal;
    for (double& value : a) value = normal(random);
    const double y = std::inner_product(a.begin(), a.end(), solution.begin(), 0.0) + noise * normal(random);
    if (labels == LinearLabels::real) return y;
    return y >= 0 ? 1.0 : -1.0;
  };
  return {generate(Generated::training_row, samples, features, context.seed, make),
          generate(Generated::test_row, test_samples, features, context.seed, make)};
}

}  // namespace peloton
