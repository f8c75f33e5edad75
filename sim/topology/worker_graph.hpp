#pragma once

#include <optional>
#include <vector>

#include "sim/topology/edges.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {

/// Which workers are neighbours in the physical network: those whose hosts a link joins, or a chain of links over nodes that carry no
/// worker (switches, the server's node, idle hosts), and those on the same host. In a star, a tree or a fat-tree all of them.
/// Each pair once, the lower worker first, ascending; nothing when there are more than `most` pairs. O(links + pairs · log pairs).
[[nodiscard]] std::optional<std::vector<GraphEdge>> worker_neighbours(const Topology& topology, std::size_t most);

}  // namespace peloton
