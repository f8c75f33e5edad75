#pragma once

#include "sim/base/options.hpp"

namespace peloton {

/// What links have in common in every topology.
inline constexpr BitsPerSecond kDefaultBandwidth{1e9};
inline constexpr Seconds kDefaultLatency{50e-6};
/// With the limit, the sum over a million links still fits into virtual time.
inline constexpr Check kLatencyRange = between(0, 3600, "in seconds; an hour at most");

}  // namespace peloton
