#include "models/data/blobs.hpp"

#include <fmt/format.h>

#include <boost/random/normal_distribution.hpp>
#include <cmath>

#include "models/data/generated.hpp"

namespace peloton {

void BlobsData::validate(const Place& place) const {
  if (classes > samples)
    throw InputError(place / "classes", fmt::format("must be ≤ samples (each class has a row), got {} and {} samples", classes, samples));
  check_generated_size(samples + classes, test_samples, features, place);
}

DataPair BlobsData::load(const DataContext& context) const {
  const double centre_deviation = separation * spread / std::sqrt(2.0 * static_cast<double>(features));
  const Dataset centres =
      generate(Generated::hidden, classes, features, context.seed, [&](std::size_t c, RandomStream& random, std::span<double> x) {
        boost::random::normal_distribution<double> normal(0, centre_deviation);
        for (double& value : x) value = normal(random);
        return static_cast<double>(c);
      });
  const std::vector<double>& centre = std::get<DenseReals>(centres.x).values;
  const auto make = [&](std::size_t row, RandomStream& random, std::span<double> x) {
    const std::size_t label = row % static_cast<std::size_t>(classes);
    boost::random::normal_distribution<double> normal(0, spread);
    for (std::size_t j = 0; j < x.size(); ++j) x[j] = centre[label * x.size() + j] + normal(random);
    return static_cast<double>(label);
  };
  return {generate(Generated::training_row, samples, features, context.seed, make),
          generate(Generated::test_row, test_samples, features, context.seed, make)};
}

}  // namespace peloton
