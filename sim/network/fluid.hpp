#pragma once

#include <memory>

#include "sim/base/options.hpp"
#include "sim/network/network.hpp"
#include "sim/network/network_parts.hpp"

namespace peloton {

/// Messages flow through the links together and share them max-min fairly (as in SimGrid; Casanova and Marchal, INRIA RR-4596, 2002).
///
/// A message waits for the latency of its route, then its bits flow at a rate that changes whenever another flow comes or goes in its
/// component of the network, or the bandwidth of a link changes; a fatpipe link caps each flow by itself. What happens at one instant
/// shares one recomputation. Ends are rounded to nanoseconds once, when they are predicted. Flows that end at the same instant are
/// delivered in the order in which they were sent; messages without bits, or over links of infinite bandwidth, arrive when the latency
/// has passed.
///
/// On a star and a two-level tree, messages between workers and the server cost O(log n) each (see FairQueue). A message that this solver
/// cannot treat, between two workers for example, moves all flows under way to the general solver (see MaxMinSharing), which keeps them
/// until no flow is left. Events of its own: the end of the latency, one recomputation per instant, one completion per instant, and the
/// changes of the links in use.
struct FluidNetwork {
  static constexpr std::string_view kind = "fluid";
  static constexpr std::string_view help = "latency, then flows share links max-min fairly";
  static auto fields() { return options(); }
};

/// Which solver it uses: automatic is the rule; general is the reference on a star or two-level tree.
enum class FluidSolver { automatic, general };

[[nodiscard]] std::unique_ptr<Network> make_fluid_network(NetworkParts parts, FluidSolver solver = FluidSolver::automatic);

}  // namespace peloton
