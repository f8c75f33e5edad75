#pragma once

#include <memory>

#include "sim/topology/link_options.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {

/// A link of its own between every two nodes, the bandwidth each way: messages contend only with those of the same sender to the
/// same receiver.
struct CompleteTopology {
  static constexpr std::string_view kind = "complete";
  static constexpr std::string_view help = "a full-duplex link between every two nodes";

  BitsPerSecond bandwidth = kDefaultBandwidth;
  Seconds latency = kDefaultLatency;

  static auto fields() {
    return options(field("bandwidth", &CompleteTopology::bandwidth, kPositive, "bandwidth of a link, each way"),
                   field("latency", &CompleteTopology::latency, kLatencyRange, "latency of a link"));
  }
};

[[nodiscard]] std::unique_ptr<Topology> make_complete(const CompleteTopology& options, std::size_t workers, std::size_t servers,
                                                      const Place& place);

}  // namespace peloton
