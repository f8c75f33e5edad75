#pragma once

#include <memory>

#include "sim/topology/complete.hpp"
#include "sim/topology/explicit.hpp"
#include "sim/topology/ring.hpp"
#include "sim/topology/star.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {

/// The registry of topologies: one line here, one in make_topology. The first is the default.
using TopologySpec = OneOf<"kind", StarTopology, RingTopology, CompleteTopology, ExplicitTopology>;

/// Builds a topology for that many workers; 0 when the scenario has none, which only an explicit topology can do.
/// `place` is the topology's own, for errors that the options alone do not show.
[[nodiscard]] std::unique_ptr<Topology> make_topology(const TopologySpec& spec, std::size_t workers, bool needs_server, const Place& place);

}  // namespace peloton
