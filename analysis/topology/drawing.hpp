#pragma once

#include <cstddef>
#include <string>

#include "sim/topology/topology.hpp"

namespace peloton {

/// The most nodes a drawing can have.
inline constexpr std::size_t kMostDrawnNodes = 400;

/// A picture of a topology as an SVG document: its positions, link widths by bandwidth, names up to 80 nodes, what each host carries, a
/// title, a legend. Links that would pass through other nodes, and parallel ones, are bent.
/// Beyond kMostDrawnNodes, hosts whose only link leads to a switch are drawn as a number at that switch. When that is still too many,
/// nothing: `why_not` says so.
struct TopologyDrawing {
  std::string svg;      ///< empty when there is none
  std::string why_not;  ///< empty when there is one
};
[[nodiscard]] TopologyDrawing draw_topology(const Topology& topology, const std::string& title);

}  // namespace peloton
