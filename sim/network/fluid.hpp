#pragma once

#include <memory>

#include "sim/base/options.hpp"
#include "sim/network/network.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {

/// Messages flow through the links together and share them max-min fairly (as in SimGrid; Casanova and Marchal, INRIA RR-4596, 2002).
///
/// A message waits for the latency of its route, then its bits flow at a rate that changes whenever another flow comes or goes in its
/// component of the network; a fatpipe link caps each flow by itself. Flows that come and go at one instant share one recomputation.
/// Ends are rounded to nanoseconds once, when they are predicted. Flows that end at the same instant are delivered in the order in
/// which they were sent; messages without bits, or over links of infinite bandwidth, arrive when the latency has passed.
/// Costs: see MaxMinSharing; events of its own: the end of the latency, one recomputation per instant, one completion per instant.
struct FluidNetwork {
  static constexpr std::string_view kind = "fluid";
  static constexpr std::string_view help = "latency, then flows share links max-min fairly";
  static auto fields() { return options(); }
};

/// `topology` must outlive the network.
[[nodiscard]] std::unique_ptr<Network> make_fluid_network(const Topology& topology);

}  // namespace peloton
