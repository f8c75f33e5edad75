#include "sim/topology/worker_graph.hpp"

#include <algorithm>
#include <boost/pending/disjoint_sets.hpp>
#include <numeric>

namespace peloton {

std::optional<std::vector<GraphEdge>> worker_neighbours(const Topology& topology, std::size_t most) {
  const std::size_t n = topology.nodes();
  std::vector<bool> carries(n, false);
  for (NodeId w = 0; w < topology.workers(); ++w) carries[topology.carrier(w)] = true;

  // Nodes without a worker that are linked to each other make one relay; a host with workers is one by itself for those on it.
  std::vector<std::uint32_t> rank(n);
  std::vector<std::uint32_t> parent(n);
  std::iota(parent.begin(), parent.end(), 0U);
  boost::disjoint_sets relays(rank.data(), parent.data());
  for (std::size_t i = 0; i < topology.links(); ++i) {
    const PhysicalLink link = topology.link(i);
    if (!carries[link.a] && !carries[link.b]) relays.union_set(link.a, link.b);
  }

  std::vector<std::vector<std::uint32_t>> on_host(n);
  for (NodeId w = 0; w < topology.workers(); ++w) on_host[topology.carrier(w)].push_back(w);
  std::vector<GraphEdge> relay_and_host;
  std::vector<GraphEdge> host_pairs;
  for (std::size_t i = 0; i < topology.links(); ++i) {
    const PhysicalLink link = topology.link(i);
    if (carries[link.a] && carries[link.b]) host_pairs.emplace_back(link.a, link.b);
    if (carries[link.a] != carries[link.b]) {
      const auto [host, relay] = carries[link.a] ? std::pair(link.a, link.b) : std::pair(link.b, link.a);
      relay_and_host.emplace_back(relays.find_set(relay), host);
    }
  }
  std::sort(relay_and_host.begin(), relay_and_host.end());
  relay_and_host.erase(std::unique(relay_and_host.begin(), relay_and_host.end()), relay_and_host.end());

  std::vector<GraphEdge> out;
  // Pairs that several relays make are counted several times here, hence the sweep when there are too many.
  const auto tidy = [&out, most] {
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out.size() <= most;
  };
  const auto add = [&](std::uint32_t host, std::uint32_t other) {
    for (const std::uint32_t a : on_host[host])
      for (const std::uint32_t b : on_host[other])
        if (host != other || a < b) out.emplace_back(std::min(a, b), std::max(a, b));
    return out.size() <= 2 * most + 1 || tidy();
  };
  for (std::uint32_t host = 0; host < n; ++host)
    if (!add(host, host)) return std::nullopt;
  for (const auto& [a, b] : host_pairs)
    if (!add(a, b)) return std::nullopt;
  for (std::size_t first = 0; first < relay_and_host.size();) {
    std::size_t last = first;
    while (last < relay_and_host.size() && relay_and_host[last].first == relay_and_host[first].first) ++last;
    std::size_t meeting = 0;  // workers, of which all pairs are neighbours
    for (std::size_t i = first; i < last; ++i) meeting += on_host[relay_and_host[i].second].size();
    if (meeting > 1 && meeting > 2 * most / (meeting - 1)) return std::nullopt;
    for (std::size_t i = first; i < last; ++i)
      for (std::size_t j = i + 1; j < last; ++j)
        if (!add(relay_and_host[i].second, relay_and_host[j].second)) return std::nullopt;
    first = last;
  }
  if (!tidy()) return std::nullopt;
  return out;
}

}  // namespace peloton
