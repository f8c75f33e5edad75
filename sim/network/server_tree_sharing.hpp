#pragma once

#include <memory>

#include "sim/network/flow_sharing.hpp"

namespace peloton {

/// The solver for flows between workers and the server of a star or a two-level tree (`Topology::is_server_tree`): O(log n) per flow that
/// comes or goes, see FairQueue. The two ways do not meet, so each is a queue of its own.
///
/// It accepts flows from or to the server, with the same cap for flows of one worker in one direction. Ends agree with the general
/// solver's to the rounding of each predicted end to nanoseconds.
[[nodiscard]] std::unique_ptr<FlowSharing> make_server_tree_sharing(const Topology& topology);

}  // namespace peloton
