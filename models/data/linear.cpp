#include "models/data/linear.hpp"

#include <fmt/format.h>

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

/// √λ_j for the eigenvalues λ of the features' covariance, Σ_j λ_j x*_j² = 1.
std::vector<double> feature_deviations(const std::vector<double>& solution, double condition) {
  const std::size_t d = solution.size();
  std::vector<double> deviation(d, 1.0);
  if (condition == 1) return deviation;
  double variance = 0;
  for (std::size_t j = 0; j < d; ++j) {
    deviation[j] = std::pow(condition, -0.5 * static_cast<double>(j) / static_cast<double>(d - 1));
    variance += deviation[j] * deviation[j] * solution[j] * solution[j];
  }
  for (double& value : deviation) value /= std::sqrt(variance);
  return deviation;
}

}  // namespace

void LinearData::validate(const Place& place) const {
  check_generated_size(samples, test_samples, features, place);
  if (condition > 1 && features == 1)
    throw InputError(place / "condition", fmt::format("must be 1 with one feature (one eigenvalue), got {}", condition));
}

DataPair LinearData::load(const DataContext& context) const {
  const std::vector<double> solution = planted_solution(static_cast<std::size_t>(features), context.seed);
  const std::vector<double> deviation = feature_deviations(solution, condition);
  const auto make = [&](std::size_t, RandomStream& random, std::span<double> a) {
    boost::random::normal_distribution<double> normal;
    for (std::size_t j = 0; j < a.size(); ++j) a[j] = deviation[j] * normal(random);
    const double y = std::inner_product(a.begin(), a.end(), solution.begin(), 0.0) + noise * normal(random);
    if (labels == LinearLabels::real) return y;
    return y >= 0 ? 1.0 : -1.0;
  };
  return {generate(Generated::training_row, samples, features, context.seed, make),
          generate(Generated::test_row, test_samples, features, context.seed, make)};
}

}  // namespace peloton
