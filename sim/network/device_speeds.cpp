#include "sim/network/device_speeds.hpp"

#include <fmt/format.h>

#include <boost/random/normal_distribution.hpp>

#include "sim/base/json_file.hpp"
#include "sim/base/random.hpp"

namespace peloton {
namespace {

constexpr double kBitsPerKilobyte = 8000;

double number(const Json& device, std::string_view key, const Check& check, const Place& place) {
  const auto found = device.is_object() ? device.find(key) : device.end();
  if (found == device.end()) throw InputError(place, fmt::format("needs the key \"{}\"", key));
  if (!found->is_number() || !check.accepts(found->get<double>()))
    throw InputError(place / key, fmt::format("must be a number {} (kB/s), got {}", check.text(), show(*found)));
  return kBitsPerKilobyte * found->get<double>();
}

}  // namespace

DeviceSpeeds::DeviceSpeeds(const DeviceSpeedsSpec& spec, std::uint64_t seed, const std::string& data_folder, const Place& place)
    : seed_(seed), every_(spec.every ? to_duration(*spec.every) : Duration{}) {
  const DataFile file = find_data_file(data_folder, spec.path, place / "path");
  const Json devices = read_json_object(file);
  for (const auto& [name, device] : devices.items()) {
    const Place here = Place{file.name, ""} / name;
    devices_.push_back({.up = {number(device, "up_u", kPositive, here), number(device, "up_sigma", kNonNegative, here)},
                        .down = {number(device, "down_u", kPositive, here), number(device, "down_sigma", kNonNegative, here)}});
  }
}

double DeviceSpeeds::bandwidth(NodeId host, Way way, Time t) const {
  RandomStream choice(seed_, Purpose::device_speed, host, 0);
  const Device& device = devices_[choice.below(static_cast<std::uint32_t>(devices_.size()))];
  const Law& law = way == Way::up ? device.up : device.down;
  const auto number = static_cast<std::uint64_t>(varies() ? t.ns / every_.ns : 0);
  RandomStream random(seed_, Purpose::device_speed, host, 2 + 2 * number + (way == Way::up ? 0 : 1));
  double speed = 0;  // each draw is accepted with a probability of more than a half, since the mean is > 0
  while (speed <= 0) speed = law.mean + law.sd * boost::random::normal_distribution<double>()(random);
  return speed;
}

Time DeviceSpeeds::next_change(Time t) const { return varies() ? Time{(t.ns / every_.ns + 1) * every_.ns} : kNever; }

}  // namespace peloton
