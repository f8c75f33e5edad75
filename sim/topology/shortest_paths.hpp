#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "sim/topology/topology.hpp"

namespace peloton {

/// What makes a path short: latency and then the number of links, or the number of links and then latency.
enum class RouteBy { latency, hops };

/// Shortest paths over undirected links, found when they are first asked for (Dijkstra, Numer. Math. 1959) and kept.
///
/// Among equal paths: looking back from the destination, the link with the lowest number; the answer is a function of the links alone.
/// A search from a source goes no farther than the destination asked for and resumes from there the next time. At most 2^21 reached
/// nodes (about 200 MB) are kept beyond one search; then all other searches are forgotten and repeated when needed.
/// Safe to use from several threads.
class ShortestPaths {
 public:
  /// How the path to a node ends.
  struct Reach {
    Duration latency;
    double bandwidth = std::numeric_limits<double>::infinity();
    std::uint32_t hops = 0;
    std::uint32_t last_link = 0;
  };
  static constexpr std::size_t kMostKept = 1U << 21U;

  ShortestPaths(std::size_t nodes, std::vector<PhysicalLink> links, RouteBy by, std::size_t most_kept = kMostKept);

  ~ShortestPaths();

  [[nodiscard]] const std::vector<PhysicalLink>& links() const { return links_; }
  /// False when no chain of links joins the two nodes.
  [[nodiscard]] bool reachable(NodeId from, NodeId to) const { return component_.at(from) == component_.at(to); }
  /// Of two nodes that reach each other.
  [[nodiscard]] Reach reach(NodeId from, NodeId to) const;
  /// Overwrites `out` with the numbers of the links from `from` to `to`, in order.
  void path(NodeId from, NodeId to, std::vector<std::uint32_t>& out) const;
  [[nodiscard]] NodeId other_end(std::uint32_t link, NodeId node) const { return links_[link].a == node ? links_[link].b : links_[link].a; }

 private:
  struct Search;
  struct Arc {
    NodeId to = 0;
    std::uint32_t link = 0;
  };

  Search& search_from(NodeId source) const;
  const Reach& settled(Search& search, NodeId to) const;

  std::vector<PhysicalLink> links_;
  RouteBy by_;
  std::size_t most_kept_;
  std::vector<std::size_t> starts_;  ///< nodes + 1 offsets into arcs_
  std::vector<Arc> arcs_;
  std::vector<std::uint32_t> component_;  ///< of each node
  mutable std::mutex mutex_;
  mutable std::unordered_map<NodeId, std::unique_ptr<Search>> searches_;  ///< by source; asked by key only
  mutable std::size_t kept_ = 0;                                          ///< reached nodes in all searches
};

}  // namespace peloton
