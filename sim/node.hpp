#pragma once

#include <cstdint>

namespace peloton {

/// A node of the cluster. Workers are 0 … n − 1 in scenario order, the server follows, then switches and other relays.
using NodeId = std::uint32_t;
inline constexpr NodeId kNoNode = 0xffffffffU;

}  // namespace peloton
