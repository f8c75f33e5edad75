#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sim/topology/topology.hpp"

namespace peloton {

/// How the two directions of a link share its bandwidth.
enum class Sharing { full, half, fatpipe };

/// A topology of named nodes and declared links, for irregular networks.
///
/// Routes are shortest paths by latency; among equal ones those with fewer links; among those, looking back from the destination, the
/// link declared first. Shortest paths from a source are computed when it first sends: O(links · log nodes) time and O(nodes) memory per
/// source. A given route overrides the shortest path of its own direction only; the way back is not affected.
class GraphTopology final : public Topology {
 public:
  struct Link {
    NodeId a = 0;
    NodeId b = 0;
    double bandwidth = 0;  ///< bit/s
    Duration latency;
    Sharing sharing = Sharing::full;
    std::string name = {};
  };
  /// The links of a route as indices, in order; they must form a chain from the first node to the second.
  using Routes = std::map<std::pair<NodeId, NodeId>, std::vector<std::uint32_t>>;

  struct Parts {
    std::vector<std::string> names;  ///< of the nodes: workers, server, relays; different from each other
    std::vector<Link> links;
    Routes routes;
    std::size_t workers = 0;
    bool server = false;
  };
  explicit GraphTopology(Parts parts);

  [[nodiscard]] std::optional<NodeId> find(std::string_view name) const override;
  [[nodiscard]] std::string name(NodeId node) const override;
  [[nodiscard]] bool reachable(NodeId from, NodeId to) const override;
  [[nodiscard]] PathCost cost(NodeId from, NodeId to) const override;
  void route(NodeId from, NodeId to, std::vector<Resource>& out) const override;
  /// The link's name where both ways share it; with the way otherwise: "l1:a->b".
  [[nodiscard]] std::string link_name(std::uint64_t resource) const override;

 private:
  /// How the shortest path to a node ends.
  struct Reach {
    Duration latency;
    double bandwidth = std::numeric_limits<double>::infinity();
    std::uint32_t hops = 0;
    std::uint32_t last_link = 0;
  };

  const std::vector<Reach>& reaches(NodeId source) const;
  std::vector<Reach> shortest_paths(NodeId source) const;
  const Reach& reach(NodeId from, NodeId to) const;
  Resource resource(std::uint32_t link, NodeId from) const;
  NodeId other_end(std::uint32_t link, NodeId node) const;

  Parts parts_;
  std::map<std::string, NodeId, std::less<>> node_of_name_;
  std::vector<std::uint32_t> component_;  // of each node
  mutable std::vector<std::vector<Reach>> reaches_;
  std::unique_ptr<std::once_flag[]> computed_;
};

}  // namespace peloton
