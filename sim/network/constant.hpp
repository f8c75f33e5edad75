#pragma once

#include <memory>

#include "sim/base/options.hpp"
#include "sim/network/network.hpp"
#include "sim/network/network_parts.hpp"

namespace peloton {

/// No contention: a message takes the latency of its route plus bits / bandwidth of its narrowest link, whatever else is under way.
/// Where bandwidths change it goes, after the latency, at that of the narrowest link at each time.
/// O(1) without allocation per message on constant links; no events of its own.
struct ConstantNetwork {
  static constexpr std::string_view kind = "constant";
  static constexpr std::string_view help = "latency + size / bandwidth, no contention";
  static auto fields() { return options(); }
};

[[nodiscard]] std::unique_ptr<Network> make_constant_network(NetworkParts parts);

}  // namespace peloton
