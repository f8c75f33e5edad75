#pragma once

#include <memory>
#include <optional>
#include <string>

#include "sim/topology/complete.hpp"
#include "sim/topology/dragonfly.hpp"
#include "sim/topology/explicit.hpp"
#include "sim/topology/fat_tree.hpp"
#include "sim/topology/graphml.hpp"
#include "sim/topology/latency_matrix.hpp"
#include "sim/topology/placement.hpp"
#include "sim/topology/random_topologies.hpp"
#include "sim/topology/ring.hpp"
#include "sim/topology/star.hpp"
#include "sim/topology/topology.hpp"
#include "sim/topology/torus2d.hpp"
#include "sim/topology/two_level.hpp"

namespace peloton {

/// The registry of topologies: one line here, one in make_topology. The first is the default.
using TopologySpec =
    OneOf<"kind", StarTopology, TwoLevelTopology, RingTopology, CompleteTopology, Torus2dTopology, FatTreeTopology, DragonflyTopology,
          RandomRegularTopology, ErdosRenyiTopology, WattsStrogatzTopology, GraphmlTopology, LatencyMatrixTopology, ExplicitTopology>;

/// What a topology is made from besides its own options and the workers.
struct TopologySources {
  std::uint64_t seed = 1;        ///< the scenario's
  std::string data_folder = {};  ///< to which paths are relative
};

/// Builds a topology for that many workers; 0 when the scenario has none, which only topologies that know their own size can do.
/// Worker i is on host i, each of the servers (the shards of a parameter server; 0: there is none) on a host of its own.
/// `place` is the topology's own, for errors that the options alone do not show.
[[nodiscard]] std::unique_ptr<Topology> make_topology(const TopologySpec& spec, std::size_t workers, std::size_t servers,
                                                      const Place& place, const TopologySources& sources = {});

/// The same with workers and server on the nodes that `placement` says, when there is one; `cluster` is the place of both.
[[nodiscard]] std::unique_ptr<Topology> make_placed_topology(const TopologySpec& spec, const std::optional<PlacementSpec>& placement,
                                                             std::size_t workers, std::size_t servers, const Place& cluster,
                                                             const TopologySources& sources);

}  // namespace peloton
