#include "sim/topology/graph.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace peloton {

namespace {

std::size_t node_count(const GraphTopology::Parts& parts) { return parts.names.empty() ? parts.nodes : parts.names.size(); }

std::vector<PhysicalLink> physical(const std::vector<GraphTopology::Link>& links) {
  std::vector<PhysicalLink> out;
  out.reserve(links.size());
  for (const GraphTopology::Link& l : links) out.push_back({l.a, l.b, l.bandwidth, l.latency, l.sharing});
  return out;
}

}  // namespace

GraphTopology::GraphTopology(Parts parts)
    : Topology({.workers = parts.workers, .servers = parts.servers, .hosts = node_count(parts)}),
      paths_(node_count(parts), physical(parts.links), parts.routing),
      names_(std::move(parts.names)),
      routes_(std::move(parts.routes)),
      places_(std::move(parts.places)) {
  for (NodeId i = 0; i < names_.size(); ++i) {
    const bool is_new = node_of_name_.emplace(names_[i], i).second;
    PELOTON_INVARIANT(is_new, "node names differ");
  }
  PELOTON_INVARIANT(places_.empty() || places_.size() == nodes(), "all nodes have a place, or none");
  for (Link& link : parts.links) link_names_.push_back(std::move(link.name));
}

std::optional<NodeId> GraphTopology::find(std::string_view wanted) const {
  if (names_.empty()) return find_standard(wanted);
  const auto found = node_of_name_.find(wanted);
  return found == node_of_name_.end() ? std::nullopt : std::optional(found->second);
}

std::string GraphTopology::name(NodeId node) const { return names_.empty() ? standard_name(node) : names_.at(node); }

std::string GraphTopology::host_name(NodeId node) const { return names_.empty() ? fmt::format("h{}", node) : names_.at(node); }

void GraphTopology::check_reachable(NodeId from, NodeId to) const {
  if (!reachable(from, to)) throw InputError(fmt::format("disconnected topology: no path from \"{}\" to \"{}\"", name(from), name(to)));
}

void GraphTopology::need_connection(const Place& place) const {
  const std::size_t ends = workers() + servers();
  for (NodeId i = 1; i < ends; ++i)
    if (!reachable(0, i)) throw InputError(place, fmt::format("disconnected topology: no path from \"{}\" to \"{}\"", name(0), name(i)));
}

PathCost GraphTopology::cost(NodeId from, NodeId to) const {
  if (const auto given = routes_.find({from, to}); given != routes_.end()) {
    PathCost out;
    for (const std::uint32_t l : given->second) {
      out.latency += paths_.links()[l].latency;
      out.bandwidth = std::min(out.bandwidth, paths_.links()[l].bandwidth);
    }
    return out;
  }
  check_reachable(from, to);
  const ShortestPaths::Reach end = paths_.reach(from, to);
  return {end.latency, end.bandwidth};
}

void GraphTopology::route(NodeId from, NodeId to, std::vector<Resource>& out) const {
  out.clear();
  std::vector<std::uint32_t> found;
  const auto given = routes_.find({from, to});
  if (given == routes_.end()) {
    check_reachable(from, to);
    paths_.path(from, to, found);
  }
  NodeId node = from;
  for (const std::uint32_t l : given == routes_.end() ? found : given->second) {
    out.push_back(resource(l, node));
    node = paths_.other_end(l, node);
  }
}

std::string GraphTopology::link_name(std::uint64_t resource) const {
  const PhysicalLink l = link(resource / 2);
  const std::string& own = link_names_.at(resource / 2);
  const std::string way = resource % 2 == 0 ? way_name(l.a, l.b) : way_name(l.b, l.a);
  if (own.empty()) return way;
  return l.sharing == Sharing::full ? fmt::format("{}:{}", own, way) : own;
}

std::vector<Position> GraphTopology::positions() const { return places_.empty() ? Topology::positions() : places_; }

Resource GraphTopology::resource(std::uint32_t link, NodeId from) const {
  const PhysicalLink& l = paths_.links()[link];
  const std::uint64_t way = l.sharing == Sharing::full && from == l.b ? 1 : 0;
  return {2ULL * link + way, l.bandwidth, l.sharing == Sharing::fatpipe};
}

}  // namespace peloton
