#pragma once

#include <memory>

#include "sim/base/options.hpp"
#include "sim/network/network.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {

/// No contention: a message takes the latency of its route plus bits / bandwidth of its narrowest link, whatever else is under way.
/// O(1) without allocation per message; no events of its own.
struct ConstantNetwork {
  static constexpr std::string_view kind = "constant";
  static constexpr std::string_view help = "latency + size / bandwidth, no contention";
  static auto fields() { return options(); }
};

/// `topology` must outlive the network.
[[nodiscard]] std::unique_ptr<Network> make_constant_network(const Topology& topology);

}  // namespace peloton
