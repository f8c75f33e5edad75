#pragma once

#include <memory>
#include <optional>

#include "sim/topology/link_options.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {

/// Every worker and the server have one full-duplex link to a switch: a message pays the latencies of both its links and shares
/// the sender's way up and the receiver's way down.
struct StarTopology {
  static constexpr std::string_view kind = "star";
  static constexpr std::string_view help = "workers and server around one switch, a full-duplex link each";

  BitsPerSecond bandwidth = kDefaultBandwidth;
  Seconds latency = kDefaultLatency;
  std::optional<BitsPerSecond> server_bandwidth;
  std::optional<Seconds> server_latency;

  static auto fields() {
    return options(
        field("bandwidth", &StarTopology::bandwidth, kPositive, "bandwidth of a worker's link, each way"),
        field("latency", &StarTopology::latency, kLatencyRange, "latency of a worker's link"),
        field("server_bandwidth", &StarTopology::server_bandwidth, kPositive, "bandwidth of the server's link (default: as a worker's)"),
        field("server_latency", &StarTopology::server_latency, kLatencyRange, "latency of the server's link (default: as a worker's)"));
  }
};

[[nodiscard]] std::unique_ptr<Topology> make_star(const StarTopology& options, std::size_t workers, std::size_t servers,
                                                  const Place& place);

}  // namespace peloton
