#include "sim/topology/graph.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/connected_components.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <numeric>

namespace peloton {

namespace {

struct LatencyProperty {
  std::int64_t latency = 0;
};
using BoostGraph = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS, boost::no_property, LatencyProperty>;

/// Shortest means least latency, then fewest links.
struct Distance {
  std::int64_t latency = std::numeric_limits<std::int64_t>::max();
  std::uint32_t hops = std::numeric_limits<std::uint32_t>::max();
  auto operator<=>(const Distance&) const = default;

  Distance operator+(std::int64_t link_latency) const {
    if (*this == Distance{}) return *this;  // out of reach stays out of reach
    return {latency + link_latency, hops + 1};
  }
};

BoostGraph boost_graph(std::size_t nodes, const std::vector<GraphTopology::Link>& links) {
  BoostGraph graph(nodes);
  for (const GraphTopology::Link& link : links) boost::add_edge(link.a, link.b, {link.latency.ns}, graph);
  return graph;
}

}  // namespace

GraphTopology::GraphTopology(Parts parts)
    : Topology(parts.workers, parts.server, parts.names.size() - parts.workers - (parts.server ? 1 : 0)),
      parts_(std::move(parts)),
      component_(nodes()),
      reaches_(nodes()),
      computed_(std::make_unique<std::once_flag[]>(nodes())) {
  for (NodeId i = 0; i < nodes(); ++i) {
    const bool is_new = node_of_name_.emplace(parts_.names[i], i).second;
    PELOTON_INVARIANT(is_new, "node names differ");
  }
  boost::connected_components(boost_graph(nodes(), parts_.links), component_.data());
}

std::optional<NodeId> GraphTopology::find(std::string_view wanted) const {
  const auto found = node_of_name_.find(wanted);
  return found == node_of_name_.end() ? std::nullopt : std::optional(found->second);
}

std::string GraphTopology::name(NodeId node) const { return parts_.names.at(node); }

bool GraphTopology::reachable(NodeId from, NodeId to) const { return component_.at(from) == component_.at(to); }

std::vector<GraphTopology::Reach> GraphTopology::shortest_paths(NodeId source) const {
  const BoostGraph graph = boost_graph(nodes(), parts_.links);
  std::vector<Distance> distance(nodes());
  boost::dijkstra_shortest_paths(graph, source,
                                 boost::distance_map(distance.data())
                                     .weight_map(boost::get(&LatencyProperty::latency, graph))
                                     .distance_compare(std::less<Distance>{})
                                     .distance_combine(std::plus<>{})
                                     .distance_inf(Distance{})
                                     .distance_zero(Distance{0, 0}));
  std::vector<Reach> out(nodes());
  for (NodeId i = 0; i < nodes(); ++i) out[i] = {.latency = {distance[i].latency}, .hops = distance[i].hops};

  // Ties are settled here, whatever order Dijkstra's queue had: from the last link declared to the first, which has the last word.
  for (std::size_t l = parts_.links.size(); l-- > 0;) {
    const Link& link = parts_.links[l];
    for (const auto& [from, to] : {std::pair(link.a, link.b), std::pair(link.b, link.a)})
      if (distance[to] != Distance{} && distance[from] + link.latency.ns == distance[to]) out[to].last_link = static_cast<std::uint32_t>(l);
  }

  std::vector<NodeId> nearest_first(nodes());
  std::iota(nearest_first.begin(), nearest_first.end(), NodeId{0});
  std::sort(nearest_first.begin(), nearest_first.end(), [&](NodeId a, NodeId b) { return distance[a] < distance[b]; });
  for (const NodeId node : nearest_first) {
    if (node == source || distance[node] == Distance{}) continue;
    const std::uint32_t last = out[node].last_link;
    out[node].bandwidth = std::min(parts_.links[last].bandwidth, out[other_end(last, node)].bandwidth);
  }
  return out;
}

const std::vector<GraphTopology::Reach>& GraphTopology::reaches(NodeId source) const {
  std::call_once(computed_[source], [&] { reaches_[source] = shortest_paths(source); });
  return reaches_[source];
}

const GraphTopology::Reach& GraphTopology::reach(NodeId from, NodeId to) const {
  if (!reachable(from, to)) throw InputError(fmt::format("disconnected topology: no path from \"{}\" to \"{}\"", name(from), name(to)));
  return reaches(from)[to];
}

PathCost GraphTopology::cost(NodeId from, NodeId to) const {
  if (const auto given = parts_.routes.find({from, to}); given != parts_.routes.end()) {
    PathCost out;
    for (const std::uint32_t l : given->second) {
      out.latency += parts_.links[l].latency;
      out.bandwidth = std::min(out.bandwidth, parts_.links[l].bandwidth);
    }
    return out;
  }
  const Reach& end = reach(from, to);
  return {end.latency, end.bandwidth};
}

void GraphTopology::route(NodeId from, NodeId to, std::vector<Resource>& out) const {
  out.clear();
  if (const auto given = parts_.routes.find({from, to}); given != parts_.routes.end()) {
    NodeId node = from;
    for (const std::uint32_t l : given->second) {
      out.push_back(resource(l, node));
      node = other_end(l, node);
    }
    return;
  }
  out.resize(reach(from, to).hops);
  NodeId node = to;
  for (std::size_t hop = out.size(); hop-- > 0;) {
    const std::uint32_t link = reaches_[from][node].last_link;
    node = other_end(link, node);
    out[hop] = resource(link, node);
  }
}

std::string GraphTopology::link_name(std::uint64_t resource) const {
  const Link& link = parts_.links.at(resource / 2);
  if (link.sharing != Sharing::full) return link.name;
  const bool back = resource % 2 == 1;
  return fmt::format("{}:{}->{}", link.name, name(back ? link.b : link.a), name(back ? link.a : link.b));
}

NodeId GraphTopology::other_end(std::uint32_t link, NodeId node) const {
  const Link& l = parts_.links[link];
  return l.a == node ? l.b : l.a;
}

Resource GraphTopology::resource(std::uint32_t link, NodeId from) const {
  const Link& l = parts_.links[link];
  const std::uint64_t way = l.sharing == Sharing::full && from == l.b ? 1 : 0;
  return {2ULL * link + way, l.bandwidth, l.sharing == Sharing::fatpipe};
}

}  // namespace peloton
