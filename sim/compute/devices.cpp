#include "sim/compute/devices.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/json_file.hpp"

namespace peloton {
namespace {

struct Device {
  std::string name;
  double score = 0;
};

std::vector<Device> read_scores(const DataFile& file) {
  std::vector<Device> out;
  const Json scores = read_json_object(file);
  for (const auto& [name, score] : scores.items()) {
    if (!score.is_number() || !kPositive.accepts(score.get<double>()))
      throw InputError(Place{file.name, ""} / name, fmt::format("must be a score > 0, got {}", show(score)));
    out.push_back({name, score.get<double>()});
  }
  return out;
}

double score_of(const std::string& name, const std::vector<Device>& devices, const DataFile& file, const Place& place) {
  std::vector<std::string> names;
  for (const Device& device : devices) {
    if (device.name == name) return device.score;
    names.push_back(device.name);
  }
  throw InputError(
      place, fmt::format("must be one of the {} devices of {}, got \"{}\"{}", devices.size(), file.name, name, did_you_mean(name, names)));
}

}  // namespace

void DevicesLaw::validate(const Place& place) const {
  if (models && models->empty()) throw InputError(place / "models", "must name at least one device, got none");
}

void DevicesLaw::prepare(const LawSources& sources, const Place& place) {
  const DataFile file = find_data_file(sources.data_folder, path, place / "path");
  const std::vector<Device> devices = read_scores(file);
  const double of_reference = score_of(reference, devices, file, place / "reference");
  std::vector<double> scores;
  if (models) {
    for (std::size_t i = 0; i < models->size(); ++i) scores.push_back(score_of((*models)[i], devices, file, place / "models" / i));
  } else {
    for (const Device& device : devices) scores.push_back(device.score);
  }
  std::vector<double> out(sources.workers);
  for (std::size_t worker = 0; worker < out.size(); ++worker) {
    RandomStream random(sources.seed, Purpose::device, static_cast<std::uint32_t>(worker), sources.term);
    out[worker] = of_reference / scores[random.below(static_cast<std::uint32_t>(scores.size()))];
  }
  factors = std::make_shared<const std::vector<double>>(std::move(out));
}

std::string DevicesLaw::note() const {
  std::vector<double> sorted = *factors;
  std::sort(sorted.begin(), sorted.end());
  if (sorted.empty()) return {};
  return fmt::format("computing: devices that take {:.3g} to {:.3g} times (median {:.3g}) as long as \"{}\"", sorted.front(), sorted.back(),
                     sorted[sorted.size() / 2], reference);
}

double DevicesLaw::sample(RandomStream& random, const ComputeCall& call) const {
  PELOTON_INVARIANT(factors != nullptr, "devices are drawn before their times");
  return time.sample(random) * (*factors)[call.worker];
}

double DevicesLaw::expectation(NodeId worker) const {
  PELOTON_INVARIANT(factors != nullptr, "devices are drawn before their times");
  return time.expectation() * (*factors)[worker];
}

}  // namespace peloton
