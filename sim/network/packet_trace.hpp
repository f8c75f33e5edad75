#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/base/options.hpp"
#include "sim/time.hpp"

namespace peloton {

/// The bandwidth of a recorded link: `{"path": "traces/cellular-mahimahi/Verizon-LTE-short.down"}`.
struct PacketTraceSpec {
  std::string path = {};
  Seconds window{0.1};
  Seconds offset{0};
  bool random_start = false;

  static auto fields() {
    return options(required("path", &PacketTraceSpec::path, "packet-opportunity file (mahimahi), relative to the data folder"),
                   field("window", &PacketTraceSpec::window, kWindow, "the bandwidth is the mean over windows of this length"),
                   field("offset", &PacketTraceSpec::offset, kNonNegative, "where in the trace the run starts"),
                   field("random_start", &PacketTraceSpec::random_start, "each direction of each link starts at a random place instead"));
  }
  static constexpr Check kWindow = between(0.001, 3600, "the file counts milliseconds");
};

/// A recorded link as a bandwidth that changes from window to window and repeats for ever.
///
/// The file (Winstein, Sivaraman and Balakrishnan, NSDI 2013; Netravali et al., USENIX ATC 2015) has a line for each packet of 1500 bytes
/// that the link could carry: the millisecond, not before that of the line above. The last one is the length of the trace, and the
/// trace starts again there. A window that holds k packets has k · 12,000 bit over its length; the last window may be shorter.
class PacketTrace {
 public:
  /// Reads the file; missing, empty, all packets at 0, anything but ascending whole numbers: an InputError.
  PacketTrace(const PacketTraceSpec& spec, const std::string& data_folder, const Place& place);

  [[nodiscard]] Duration period() const { return period_; }
  /// bit/s at a time of the endless trace, ≥ 0.
  [[nodiscard]] double bandwidth(Time t) const;
  /// The first time after `t` at which the bandwidth differs; kNever when it is always the same.
  [[nodiscard]] Time next_change(Time t) const;

 private:
  struct Step {
    Duration start;
    double bandwidth = 0;
  };
  [[nodiscard]] std::size_t step_at(Duration t) const;

  Duration period_;
  std::vector<Step> steps_;  // neighbours differ; the first starts at 0
};

}  // namespace peloton
