#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/topology/shortest_paths.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {

/// A topology of nodes and declared links, for irregular networks; every node is a host.
///
/// Routes are shortest paths by latency (among equal ones those with fewer links) or by the number of links (then by latency); among
/// equal ones, looking back from the destination, the link declared first. See ShortestPaths for their cost.
/// A given route overrides the shortest path of its own direction only; the way back is not affected.
class GraphTopology final : public Topology {
 public:
  struct Link {
    NodeId a = 0;
    NodeId b = 0;
    double bandwidth = 0;  ///< bit/s
    Duration latency;
    Sharing sharing = Sharing::full;
    std::string name = {};  ///< empty: called after its ends
  };
  /// The links of a route as indices, in order; they must form a chain from the first node to the second.
  using Routes = std::map<std::pair<NodeId, NodeId>, std::vector<std::uint32_t>>;

  struct Parts {
    std::vector<std::string> names;  ///< of the nodes: workers, server, others; different from each other. Empty: w0, …, server, h7, …
    std::size_t nodes = 0;           ///< their number where they have no names
    std::vector<Link> links;
    Routes routes;
    std::size_t workers = 0;
    std::size_t servers = 0;
    RouteBy routing = RouteBy::latency;
    std::vector<Position> places;  ///< on the earth, of all nodes (see Topology::is_map), or none
  };
  explicit GraphTopology(Parts parts);

  [[nodiscard]] std::optional<NodeId> find(std::string_view name) const override;
  [[nodiscard]] std::string name(NodeId node) const override;
  [[nodiscard]] std::string host_name(NodeId node) const override;
  [[nodiscard]] bool reachable(NodeId from, NodeId to) const override { return paths_.reachable(from, to); }
  [[nodiscard]] PathCost cost(NodeId from, NodeId to) const override;
  void route(NodeId from, NodeId to, std::vector<Resource>& out) const override;
  [[nodiscard]] std::size_t links() const override { return paths_.links().size(); }
  [[nodiscard]] PhysicalLink link(std::size_t i) const override { return paths_.links().at(i); }
  /// The link's name where both ways share it; with the way otherwise: "l1:a->b".
  [[nodiscard]] std::string link_name(std::uint64_t resource) const override;
  [[nodiscard]] std::vector<Position> positions() const override;
  [[nodiscard]] bool is_map() const override { return !places_.empty(); }

  /// All workers and the server must reach each other: an InputError at `place` with two that do not.
  void need_connection(const Place& place) const;

 private:
  void check_reachable(NodeId from, NodeId to) const;
  Resource resource(std::uint32_t link, NodeId from) const;

  ShortestPaths paths_;
  std::vector<std::string> names_;
  std::map<std::string, NodeId, std::less<>> node_of_name_;
  std::vector<std::string> link_names_;
  Routes routes_;
  std::vector<Position> places_;
};

}  // namespace peloton
