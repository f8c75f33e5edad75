#include "models/data/synthetic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <numeric>
#include <span>
#include <vector>

#include "models/data/generated.hpp"

namespace peloton {
namespace {

/// The laws of one device.
struct Device {
  std::vector<double> weights;  ///< W: classes × features, row-major
  std::vector<double> bias;     ///< b
  std::vector<double> centre;   ///< v

  Device(const SyntheticData& spec, std::uint64_t seed, std::uint32_t number)
      : weights(static_cast<std::size_t>(spec.classes * spec.features)),
        bias(static_cast<std::size_t>(spec.classes)),
        centre(static_cast<std::size_t>(spec.features)) {
    RandomStream random = data_stream(seed, Generated::hidden, number);
    boost::random::normal_distribution<double> normal;
    const double model_mean = std::sqrt(spec.alpha) * normal(random);
    const double input_mean = std::sqrt(spec.beta) * normal(random);
    for (double& value : weights) value = model_mean + normal(random);
    for (double& value : bias) value = model_mean + normal(random);
    for (double& value : centre) value = input_mean + normal(random);
  }

  /// The class of an input.
  [[nodiscard]] std::size_t label(std::span<const double> x) const {
    std::vector<double> scores(bias);
    for (std::size_t c = 0; c < scores.size(); ++c)
      scores[c] += std::inner_product(x.begin(), x.end(), weights.begin() + static_cast<std::ptrdiff_t>(c * x.size()), 0.0);
    return static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
  }
};

/// The device of each of `rows` rows: consecutive runs, equal to within one row.
std::vector<std::uint32_t> even_devices(Count rows, Count devices) {
  std::vector<std::uint32_t> out;
  out.reserve(static_cast<std::size_t>(rows));
  for (Count k = 0; k < devices; ++k)
    out.insert(out.end(), static_cast<std::size_t>(rows / devices + (k < rows % devices ? 1 : 0)), static_cast<std::uint32_t>(k));
  return out;
}

std::vector<std::uint32_t> training_devices(const SyntheticData& spec, const DataContext& context) {
  if (spec.sizes == DeviceSizes::equal) return even_devices(spec.samples.value_or(SyntheticData::kDefaultSamples), spec.devices);
  // All sizes come from one stream, apart from those of the devices' laws.
  RandomStream random = data_stream(context.seed, Generated::sizes, 0);
  boost::random::normal_distribution<double> normal(4, 2);
  std::vector<std::uint32_t> out;
  for (Count k = 0; k < spec.devices; ++k) {
    const double size = 50 + std::floor(std::exp(normal(random)));
    check_generated_numbers((static_cast<double>(out.size()) + size) * static_cast<double>(spec.features), context.place / "devices");
    out.insert(out.end(), static_cast<std::size_t>(size), static_cast<std::uint32_t>(k));
  }
  return out;
}

/// Rows of these devices (ascending), the laws of one device at a time in memory.
Dataset rows_of_devices(const SyntheticData& spec, Generated what, std::vector<std::uint32_t> devices, std::uint64_t seed) {
  std::vector<double> deviation(static_cast<std::size_t>(spec.features));
  for (std::size_t j = 0; j < deviation.size(); ++j) deviation[j] = std::pow(static_cast<double>(j + 1), -0.6);
  std::optional<Device> device;
  const auto make = [&](std::size_t row, RandomStream& random, std::span<double> x) {
    if (row == 0 || devices[row] != devices[row - 1]) device.emplace(spec, seed, devices[row]);
    boost::random::normal_distribution<double> normal;
    for (std::size_t j = 0; j < x.size(); ++j) x[j] = device->centre[j] + deviation[j] * normal(random);
    return static_cast<double>(device->label(x));
  };
  Dataset out = generate(what, static_cast<Count>(devices.size()), spec.features, seed, make);
  out.devices = std::move(devices);
  return out;
}

}  // namespace

void SyntheticData::validate(const Place& place) const {
  if (sizes == DeviceSizes::lognormal && samples)
    throw InputError(place / "samples", fmt::format("goes with equal sizes: lognormal ones are drawn for each device, got {}", *samples));
  const Count rows = samples.value_or(sizes == DeviceSizes::equal ? kDefaultSamples : 50 * devices);
  if (rows < devices)
    throw InputError(place / "devices", fmt::format("must be ≤ samples (each device has a row), got {} and {} samples", devices, rows));
  check_generated_size(rows + classes, test_samples, features, place);
}

DataPair SyntheticData::load(const DataContext& context) const {
  return {rows_of_devices(*this, Generated::training_row, training_devices(*this, context), context.seed),
          rows_of_devices(*this, Generated::test_row, even_devices(test_samples, devices), context.seed)};
}

}  // namespace peloton
