#pragma once
/// What every route of a topology must satisfy, and shortest paths by Boost.Graph to compare with.

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <limits>
#include <vector>

#include "sim/topology/topology_spec.hpp"
#include "tests/test.hpp"

namespace peloton::test {

inline const Place kTopologyPlace{"s.json", "/cluster/topology"};

inline std::unique_ptr<Topology> made(const std::string& json, std::size_t workers = 0, bool server = false,
                                      const TopologySources& sources = {}) {
  return make_topology(OptionType<TopologySpec>::parse(Json::parse(json), kTopologyPlace), workers, server, kTopologyPlace, sources);
}

inline std::vector<Resource> route_of(const Topology& topology, NodeId from, NodeId to) {
  std::vector<Resource> out;
  topology.route(from, to, out);
  return out;
}

/// Follows a route link by link from its first node: true when each link starts where the one before ended, the last one ends at `to`,
/// and latency and bandwidth of the links are those of cost().
inline bool is_chain(const Topology& topology, NodeId from, NodeId to) {
  NodeId node = topology.carrier(from);
  std::int64_t latency = 0;
  double bandwidth = std::numeric_limits<double>::infinity();
  for (const Resource& hop : route_of(topology, from, to)) {
    if (hop.id / 2 >= topology.links()) return false;
    const PhysicalLink link = topology.link(hop.id / 2);
    const bool back = link.sharing == Sharing::full ? hop.id % 2 == 1 : node == link.b;
    if (node != (back ? link.b : link.a) || hop.bandwidth != link.bandwidth) return false;
    node = back ? link.a : link.b;
    latency += link.latency.ns;
    bandwidth = std::min(bandwidth, link.bandwidth);
  }
  const PathCost cost = topology.cost(from, to);
  return node == topology.carrier(to) && latency == cost.latency.ns && bandwidth == cost.bandwidth;
}

/// The least number of links from `source` to every node; boost's word for no path is the largest number.
inline std::vector<int> fewest_links(const Topology& topology, NodeId source) {
  using Graph =
      boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS, boost::no_property, boost::property<boost::edge_weight_t, int>>;
  Graph graph(topology.nodes());
  for (std::size_t i = 0; i < topology.links(); ++i) boost::add_edge(topology.link(i).a, topology.link(i).b, 1, graph);
  std::vector<int> out(topology.nodes());
  boost::dijkstra_shortest_paths(graph, source, boost::distance_map(out.data()));
  return out;
}

}  // namespace peloton::test
