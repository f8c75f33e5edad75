#pragma once

#include <memory>

#include "sim/base/options.hpp"
#include "sim/network/network.hpp"
#include "sim/network/network_parts.hpp"

namespace peloton {

/// Store and forward: a message crosses its links one after another, whole.
///
/// Each direction of a link (both together where they share the bandwidth) sends one message at a time, first come, first served;
/// messages that come at one instant go in the order in which the network was told of them. On each link a message waits for those
/// before it, takes bits / bandwidth, and reaches the next node after the link's latency. On a fatpipe nobody waits.
/// A message on an empty route of h links of bandwidth C takes the sum of the latencies + h · bits / C. O(1) and one event per link.
struct FifoNetwork {
  static constexpr std::string_view kind = "fifo";
  static constexpr std::string_view help = "store and forward: a queue per link and direction, first come, first served";
  static auto fields() { return options(); }
};

[[nodiscard]] std::unique_ptr<Network> make_fifo_network(NetworkParts parts);

}  // namespace peloton
