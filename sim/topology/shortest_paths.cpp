#include "sim/topology/shortest_paths.hpp"

#include <algorithm>
#include <boost/pending/disjoint_sets.hpp>
#include <numeric>
#include <queue>

namespace peloton {

namespace {

/// The first number decides, then the second; latencies are in nanoseconds.
struct Length {
  std::int64_t first = 0;
  std::int64_t second = 0;
  auto operator<=>(const Length&) const = default;
};

}  // namespace

struct ShortestPaths::Search {
  struct Node {
    Length length;
    Reach reach;
    bool settled = false;
  };
  struct Entry {
    Length length;
    NodeId node = 0;
    auto operator<=>(const Entry&) const = default;
  };

  std::unordered_map<NodeId, Node> nodes;  // asked by key only
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> open;
};

ShortestPaths::ShortestPaths(std::size_t nodes, std::vector<PhysicalLink> links, RouteBy by, std::size_t most_kept)
    : links_(std::move(links)), by_(by), most_kept_(most_kept), starts_(nodes + 1), arcs_(2 * links_.size()), component_(nodes) {
  std::vector<std::uint32_t> rank(nodes);
  std::vector<std::uint32_t> parent(nodes);
  std::iota(parent.begin(), parent.end(), 0U);
  boost::disjoint_sets components(rank.data(), parent.data());
  for (const PhysicalLink& link : links_) {
    components.union_set(link.a, link.b);
    ++starts_[link.a + 1];
    ++starts_[link.b + 1];
  }
  for (std::uint32_t node = 0; node < nodes; ++node) component_[node] = components.find_set(node);
  std::partial_sum(starts_.begin(), starts_.end(), starts_.begin());
  std::vector<std::size_t> next(starts_.begin(), starts_.end() - 1);
  for (std::uint32_t l = 0; l < links_.size(); ++l) {
    arcs_[next[links_[l].a]++] = {links_[l].b, l};
    arcs_[next[links_[l].b]++] = {links_[l].a, l};
  }
}

ShortestPaths::~ShortestPaths() = default;

ShortestPaths::Search& ShortestPaths::search_from(NodeId source) const {
  std::unique_ptr<Search>& search = searches_[source];
  if (search && kept_ <= most_kept_) return *search;
  std::unique_ptr<Search> current = std::move(search);
  if (kept_ > most_kept_) {
    searches_.clear();
    kept_ = current ? current->nodes.size() : 0;
  }
  if (!current) {
    current = std::make_unique<Search>();
    current->nodes.emplace(source, Search::Node{});
    current->open.push({{}, source});
    ++kept_;
  }
  return *(searches_[source] = std::move(current));
}

/// Goes on with the search until the node is settled. Each link makes a path longer in hops, so all ways into a node are known by then.
const ShortestPaths::Reach& ShortestPaths::settled(Search& search, NodeId to) const {
  const auto found = search.nodes.find(to);
  if (found != search.nodes.end() && found->second.settled) return found->second.reach;
  while (true) {
    PELOTON_INVARIANT(!search.open.empty(), "a search ends at nodes that are reachable");
    const NodeId node = search.open.top().node;
    search.open.pop();
    Search::Node& here = search.nodes.at(node);
    if (here.settled) continue;
    here.settled = true;
    if (here.reach.hops > 0) {
      const std::uint32_t last = here.reach.last_link;
      here.reach.bandwidth = std::min(links_[last].bandwidth, search.nodes.at(other_end(last, node)).reach.bandwidth);
    }
    const Search::Node settled_node = here;  // the table may move as it grows
    for (std::size_t a = starts_[node]; a < starts_[node + 1]; ++a) {
      const Arc& arc = arcs_[a];
      const Duration latency = settled_node.reach.latency + links_[arc.link].latency;
      const std::uint32_t hops = settled_node.reach.hops + 1;
      const Length length = by_ == RouteBy::latency ? Length{latency.ns, hops} : Length{hops, latency.ns};
      const auto [neighbour, is_new] = search.nodes.try_emplace(arc.to);
      Search::Node& there = neighbour->second;
      if (is_new) ++kept_;
      if (is_new || length < there.length) {
        there = {length, {.latency = latency, .hops = hops, .last_link = arc.link}, false};
        search.open.push({length, arc.to});
      } else if (length == there.length && arc.link < there.reach.last_link) {
        there.reach.last_link = arc.link;
      }
    }
    if (node == to) return search.nodes.at(to).reach;
  }
}

ShortestPaths::Reach ShortestPaths::reach(NodeId from, NodeId to) const {
  const std::lock_guard lock(mutex_);
  return settled(search_from(from), to);
}

void ShortestPaths::path(NodeId from, NodeId to, std::vector<std::uint32_t>& out) const {
  const std::lock_guard lock(mutex_);
  Search& search = search_from(from);
  out.resize(settled(search, to).hops);
  NodeId node = to;
  for (std::size_t hop = out.size(); hop-- > 0;) {
    out[hop] = search.nodes.at(node).reach.last_link;
    node = other_end(out[hop], node);
  }
}

}  // namespace peloton
