#include "sim/topology/racks.hpp"

#include <map>

namespace peloton {

std::vector<std::uint32_t> racks_of_workers(const Topology& topology) {
  const std::size_t hosts = topology.hosts();
  std::vector<NodeId> switches(topology.nodes(), kNoNode);  // by host
  for (std::size_t i = 0; i < topology.links(); ++i) {
    const PhysicalLink link = topology.link(i);
    if (link.a < hosts && link.b >= hosts && switches[link.a] == kNoNode) switches[link.a] = link.b;
    if (link.b < hosts && link.a >= hosts && switches[link.b] == kNoNode) switches[link.b] = link.a;
  }
  std::map<NodeId, std::uint32_t> racks;
  std::vector<std::uint32_t> out;
  for (NodeId w = 0; w < topology.workers(); ++w) {
    const NodeId above = switches[topology.carrier(w)];
    if (above == kNoNode) return {};
    out.push_back(racks.try_emplace(above, static_cast<std::uint32_t>(racks.size())).first->second);
  }
  return out;
}

}  // namespace peloton
