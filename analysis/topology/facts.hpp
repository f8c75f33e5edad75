#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "sim/topology/topology.hpp"

namespace peloton {

/// A resource and how many of the routes looked at cross it.
struct LinkLoad {
  std::uint64_t resource = 0;
  double bandwidth = 0;  ///< bit/s
  std::uint64_t routes = 0;

  /// bit/s for each when all of them send at once.
  [[nodiscard]] double share() const { return bandwidth / static_cast<double>(routes); }
};

/// Routes between some pairs of nodes, looked at together.
struct RouteFacts {
  using Pair = std::pair<NodeId, NodeId>;

  std::uint64_t pairs = 0;   ///< ordered pairs there are
  std::uint64_t looked = 0;  ///< pairs looked at: all, or a sample spread evenly where all would take long
  std::size_t most_links = 0;
  Pair farthest{kNoNode, kNoNode};  ///< the first pair with that many links
  Duration most_latency;
  Pair slowest{kNoNode, kNoNode};
  double mean_links = 0;
  double mean_seconds = 0;            ///< of latency
  std::vector<LinkLoad> bottlenecks;  ///< the resources with the smallest share, least first; at most kMostBottlenecks; no fatpipes

  static constexpr std::size_t kMostBottlenecks = 5;
  [[nodiscard]] bool all() const { return looked == pairs; }
};

/// Links that are alike.
struct LinkClass {
  double bandwidth = 0;
  Duration latency;
  Sharing sharing = Sharing::full;
  std::size_t count = 0;
};

struct TopologyFacts {
  std::vector<LinkClass> links;          ///< the most frequent first
  RouteFacts server;                     ///< worker to server and back; no pairs when there is none
  RouteFacts workers;                    ///< between workers, or between hosts when there are none
  std::optional<double> between_halves;  ///< see capacity_between_halves
};

/// A second or two at most, for any size: at most some 10^7 links of routes are looked at.
[[nodiscard]] TopologyFacts topology_facts(const Topology& topology);

/// The most that the links let flow from the first half of the workers (hosts, when there are none) to the others, in bit/s: a maximum
/// flow (Boykov, Kolmogorov, IEEE TPAMI 2004), whatever the routes; infinite where no link with a bandwidth limits it. Nothing when both
/// halves have workers on one node, when there are fewer than two, or beyond 20,000 links.
[[nodiscard]] std::optional<double> capacity_between_halves(const Topology& topology);

}  // namespace peloton
