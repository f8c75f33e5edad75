#pragma once

#include <memory>

#include "sim/topology/link_options.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {

/// A cycle of full-duplex links in node order; a server closes it, between the last worker and worker 0. Messages take the shorter
/// way round, on a tie the ascending one.
struct RingTopology {
  static constexpr std::string_view kind = "ring";
  static constexpr std::string_view help = "a cycle of full-duplex links, shortest way round";

  BitsPerSecond bandwidth = kDefaultBandwidth;
  Seconds latency = kDefaultLatency;

  static auto fields() {
    return options(field("bandwidth", &RingTopology::bandwidth, kPositive, "bandwidth of a link, each way"),
                   field("latency", &RingTopology::latency, kLatencyRange, "latency of a link"));
  }
};

[[nodiscard]] std::unique_ptr<Topology> make_ring(const RingTopology& options, std::size_t workers, std::size_t servers,
                                                  const Place& place);

}  // namespace peloton
