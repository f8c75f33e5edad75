#pragma once

#include <memory>

#include "sim/network/flow_sharing.hpp"

namespace peloton {

/// The solver for any routes; see MaxMinSharing for its costs.
[[nodiscard]] std::unique_ptr<FlowSharing> make_general_sharing();

}  // namespace peloton
