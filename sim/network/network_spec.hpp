#pragma once

#include <memory>

#include "sim/network/constant.hpp"
#include "sim/network/fluid.hpp"
#include "sim/network/network.hpp"
#include "sim/network/none.hpp"

namespace peloton {

/// The registry of network models: one line here, one in make_network. The first is the default.
using NetworkSpec = OneOf<"model", FluidNetwork, ConstantNetwork, NoneNetwork>;

/// `topology` must outlive the network.
[[nodiscard]] std::unique_ptr<Network> make_network(const NetworkSpec& spec, const Topology& topology);

}  // namespace peloton
