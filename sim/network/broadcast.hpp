#pragma once

#include <memory>

#include "sim/base/options.hpp"
#include "sim/network/network.hpp"
#include "sim/network/network_parts.hpp"

namespace peloton {

/// One medium for all nodes, as a bus or a radio channel: one message at a time, first come, first served, and what is sent to several
/// is sent once and heard by all of them.
///
/// A message holds the medium for bits / bandwidth of the narrowest link on its way, for a broadcast on the ways to all receivers; a
/// receiver has it after the latency of its way, which does not hold the medium. Cuts, losses and traces of a link on the way act on
/// the medium as long as it carries the message. Messages inside a host do not touch it. O(1) per message, O(receivers) per broadcast; no
/// events of its own.
struct BroadcastNetwork {
  static constexpr std::string_view kind = "broadcast";
  static constexpr std::string_view help = "one shared medium: one message at a time, a broadcast is heard by all and counted once";
  static auto fields() { return options(); }
};

[[nodiscard]] std::unique_ptr<Network> make_broadcast_network(NetworkParts parts);

}  // namespace peloton
