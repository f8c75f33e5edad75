#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/options.hpp"
#include "sim/node.hpp"
#include "sim/time.hpp"

namespace peloton {

/// The bandwidths of links of devices whose speeds were measured: `{"path": "traces/flash-mobile/speed_distri.json"}`.
struct DeviceSpeedsSpec {
  std::string path = {};
  std::optional<Seconds> every = {};

  static auto fields() {
    return options(
        required("path", &DeviceSpeedsSpec::path,
                 "JSON file {\"device\": {\"down_u\", \"down_sigma\", \"up_u\", \"up_sigma\"}, …} in kB/s, relative to the data folder"),
        field("every", &DeviceSpeedsSpec::every, at_least(1e-3, "a millisecond"),
              "speeds are drawn anew after each such time (default: once for the run)"));
  }
};

/// Every host at the end of a named link is a device of the file, drawn by (seed, host), each as likely as any other. What it sends goes
/// at a speed drawn from the normal law of its uploads, given that it is positive (draws ≤ 0 are drawn again), what it receives at one
/// from that of its downloads; draws are keyed by (seed, host, direction, number of the draw).
///
/// The file is FLASH's `speed_distri.json` (Yang et al., WWW 2021): means and standard deviations of WiFi speeds in kilobytes (1000 bytes)
/// per second.
class DeviceSpeeds {
 public:
  enum class Way { up, down };

  /// Reads the file. Missing, no JSON, a device without the four numbers, a mean that is not > 0 or a deviation < 0: an InputError.
  DeviceSpeeds(const DeviceSpeedsSpec& spec, std::uint64_t seed, const std::string& data_folder, const Place& place);

  /// bit/s at `t`, > 0.
  [[nodiscard]] double bandwidth(NodeId host, Way way, Time t) const;
  [[nodiscard]] bool varies() const { return every_.ns > 0; }
  /// The first time after `t` at which speeds are drawn; kNever when they stay.
  [[nodiscard]] Time next_change(Time t) const;

 private:
  struct Law {
    double mean = 0;  ///< bit/s, before truncation
    double sd = 0;
  };
  struct Device {
    Law up;
    Law down;
  };

  std::vector<Device> devices_;
  std::uint64_t seed_;
  Duration every_;  ///< 0: drawn once
};

}  // namespace peloton
