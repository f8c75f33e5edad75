#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/compute/law_sources.hpp"
#include "sim/compute/time_law.hpp"

namespace peloton {

/// Every worker is a device of a file of benchmark scores, drawn by (seed, worker), each of the file (or of `models`) as likely as any
/// other, and takes
///   time · score of the reference device / its own score.
///
/// The file is a JSON object: device → score, the higher the faster, as FLASH's `benchmark2score.json` (Yang et al., WWW 2021: 307 phones
/// with their AI-Benchmark scores).
struct DevicesLaw {
  static constexpr std::string_view kind = "devices";
  static constexpr std::string_view help = "workers are devices from a file of benchmark scores, as fast as their score says";
  std::string path;
  std::string reference;
  TimeLaw time{Seconds{0.1}};
  std::optional<std::vector<std::string>> models;
  /// Reference score / own score, by worker; drawn by `prepare`.
  std::shared_ptr<const std::vector<double>> factors = nullptr;

  static auto fields() {
    return options(required("path", &DevicesLaw::path, "JSON file {\"device\": score, …}, relative to the data folder"),
                   required("reference", &DevicesLaw::reference, "the device that takes `time`"),
                   required("time", &DevicesLaw::time, kPositive, "the time of a computation on the reference device"),
                   field("models", &DevicesLaw::models, "workers are drawn from these devices (default: all in the file)"));
  }
  void validate(const Place& place) const;
  /// Reads the file and draws the devices. Errors: no such file, no JSON object of scores > 0, devices that it does not hold.
  void prepare(const LawSources& sources, const Place& place);
  /// How fast the drawn devices are.
  [[nodiscard]] std::string note() const;
  double sample(RandomStream& random, const ComputeCall& call) const;
  double expectation(NodeId worker) const;
};

}  // namespace peloton
