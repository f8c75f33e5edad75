#include "sim/topology/explicit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace peloton {

namespace {

/// Names of one sort (nodes, links) in order of declaration, looked up with errors for people.
class NameTable {
 public:
  explicit NameTable(std::string_view what) : what_(what) {}

  void add(const std::string& name, const Place& place) {
    if (name.empty()) throw InputError(place, fmt::format("a {} needs a name, got \"\"", what_));
    if (!index_.emplace(name, names_.size()).second)
      throw InputError(place, fmt::format("{} names must differ, got \"{}\" twice", what_, name));
    names_.push_back(name);
  }
  std::uint32_t at(const std::string& name, const Place& place) const {
    const auto found = index_.find(name);
    if (found == index_.end()) throw InputError(place, fmt::format("unknown {} \"{}\"{}", what_, name, did_you_mean(name, names_)));
    return static_cast<std::uint32_t>(found->second);
  }
  std::optional<std::uint32_t> find(const std::string& name) const {
    const auto found = index_.find(name);
    return found == index_.end() ? std::nullopt : std::optional(static_cast<std::uint32_t>(found->second));
  }
  const std::vector<std::string>& names() const { return names_; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(names_.size()); }

 private:
  std::string_view what_;
  std::vector<std::string> names_;
  std::map<std::string, std::size_t> index_;
};

/// Reads the options with nodes numbered as declared, then renumbers them for the placement.
class Builder {
 public:
  Builder(const ExplicitTopology& options, const Place& place) : options_(options), place_(place) {
    if (options.nodes.empty()) throw InputError(place / "nodes", "must name at least one node, got []");
    for (std::size_t i = 0; i < options.nodes.size(); ++i) nodes_.add(options.nodes[i], place / "nodes" / i);
    for (std::size_t i = 0; i < options.links.size(); ++i) add_link(options.links[i], place / "links" / i);
    for (std::size_t i = 0; i < options.routes.size(); ++i) add_route(options.routes[i], place / "routes" / i);
  }

  std::unique_ptr<Topology> build(std::size_t workers, std::size_t servers) {
    if (workers == 0) {
      if (options_.placement.server || !options_.placement.workers.empty())
        throw InputError(place_ / "placement", "places workers or a server, but the scenario has no workers (cluster.workers)");
      std::vector<std::uint32_t> order;
      for (std::uint32_t i = 0; i < nodes_.size(); ++i) order.push_back(i);
      return numbered(order, 0, false);
    }
    std::vector<std::uint32_t> placed = place_nodes(workers, servers);
    std::vector<bool> taken(nodes_.size(), false);
    for (const std::uint32_t node : placed) taken[node] = true;
    for (std::uint32_t i = 0; i < nodes_.size(); ++i)
      if (!taken[i]) placed.push_back(i);
    std::unique_ptr<GraphTopology> topology = numbered(placed, workers, servers);
    topology->need_connection(place_);
    return topology;
  }

 private:
  void add_link(const ExplicitLink& link, const Place& place) {
    links_.add(link.name, place / "name");
    if (link.between.size() != 2) throw InputError(place / "between", fmt::format("must name two nodes, got {}", link.between.size()));
    const std::uint32_t a = nodes_.at(link.between[0], place / "between" / 0);
    const std::uint32_t b = nodes_.at(link.between[1], place / "between" / 1);
    if (a == b) throw InputError(place / "between", fmt::format("a link joins two different nodes, got \"{}\" twice", link.between[0]));
    graph_.links.push_back({a, b, link.bandwidth.value, to_duration(link.latency), link.sharing, link.name});
  }

  void add_route(const ExplicitRoute& route, const Place& place) {
    const std::uint32_t from = nodes_.at(route.from, place / "from");
    const std::uint32_t to = nodes_.at(route.to, place / "to");
    if (from == to) throw InputError(place, fmt::format("a route joins two different nodes, got \"{}\" twice", route.from));
    std::vector<std::uint32_t> links;
    std::vector<bool> visited(nodes_.size(), false);
    visited[from] = true;
    std::uint32_t node = from;
    for (std::size_t i = 0; i < route.links.size(); ++i) {
      const Place here = place / "links" / i;
      links.push_back(links_.at(route.links[i], here));
      const GraphTopology::Link& link = graph_.links[links.back()];
      if (link.a != node && link.b != node)
        throw InputError(here, fmt::format("the route has a gap: it is at \"{}\", but link \"{}\" joins \"{}\" and \"{}\"", name(node),
                                           route.links[i], name(link.a), name(link.b)));
      node = link.a == node ? link.b : link.a;
      if (visited[node]) throw InputError(here, fmt::format("the route comes to \"{}\" twice", name(node)));
      visited[node] = true;
    }
    if (node != to)
      throw InputError(place / "links", fmt::format("the route has a gap: it ends at \"{}\", not at \"{}\"", name(node), route.to));
    if (!graph_.routes.emplace(std::pair(from, to), std::move(links)).second)
      throw InputError(place, fmt::format("a second route from \"{}\" to \"{}\"", route.from, route.to));
  }

  /// The nodes of the workers, then those of the servers.
  std::vector<std::uint32_t> place_nodes(std::size_t workers, std::size_t servers) const {
    const ExplicitPlacement& placement = options_.placement;
    const Place here = place_ / "placement";
    std::vector<bool> taken(nodes_.size(), false);
    std::vector<std::uint32_t> out;
    if (!placement.workers.empty() && placement.workers.size() != workers)
      throw InputError(here / "workers",
                       fmt::format("must name a node for each of the {} workers, got {}", workers, placement.workers.size()));
    for (std::size_t i = 0; i < placement.workers.size(); ++i) {
      out.push_back(nodes_.at(placement.workers[i], here / "workers" / i));
      if (taken[out.back()])
        throw InputError(here / "workers" / i, fmt::format("node \"{}\" carries a worker already", placement.workers[i]));
      taken[out.back()] = true;
    }
    const std::vector<std::uint32_t> kept = server_nodes(taken, servers);
    for (const std::uint32_t server : kept) taken[server] = true;
    for (std::uint32_t i = 0; i < nodes_.size() && out.size() < workers; ++i)
      if (!taken[i]) out.push_back(i);
    if (out.size() < workers)
      throw InputError(place_ / "nodes", fmt::format("must have a node for each of the {} workers{}, got {} nodes", workers,
                                                     servers_too(kept.size()), nodes_.size()));
    if (servers > 0) out.insert(out.end(), kept.begin(), kept.end());
    return out;
  }

  /// The nodes kept for servers: the one named in the placement, or "server", or (if needed) the last without a worker; of several
  /// servers the last nodes without a worker, in order.
  std::vector<std::uint32_t> server_nodes(const std::vector<bool>& taken, std::size_t needed) const {
    const Place here = place_ / "placement" / "server";
    if (options_.placement.server) {
      if (needed > 1)
        throw InputError(here, fmt::format("is one node, but there are {} servers (cluster.placement.servers places them)", needed));
      const std::uint32_t node = nodes_.at(*options_.placement.server, here);
      if (taken[node]) throw InputError(here, fmt::format("node \"{}\" carries a worker already", name(node)));
      return {node};
    }
    if (const auto named = nodes_.find("server"); needed <= 1 && named && !taken[*named]) return {*named};
    std::vector<std::uint32_t> out;
    for (std::uint32_t i = nodes_.size(); i-- > 0 && out.size() < needed;)
      if (!taken[i]) out.insert(out.begin(), i);
    if (out.size() < needed)
      throw InputError(place_ / "nodes", needed == 1 ? "must have a node without a worker for the server"
                                                     : fmt::format("must have a node without a worker for each of the {} servers", needed));
    return out;
  }

  /// The topology with node `order[i]` as its node i.
  std::unique_ptr<GraphTopology> numbered(const std::vector<std::uint32_t>& order, std::size_t workers, std::size_t servers) const {
    GraphTopology::Parts parts;
    parts.links = graph_.links;
    parts.workers = workers;
    parts.servers = servers;
    parts.routing = options_.routing;
    std::vector<NodeId> number(order.size());
    for (NodeId i = 0; i < order.size(); ++i) {
      number[order[i]] = i;
      parts.names.push_back(name(order[i]));
    }
    for (GraphTopology::Link& link : parts.links) {
      link.a = number[link.a];
      link.b = number[link.b];
    }
    for (const auto& [ends, links] : graph_.routes) parts.routes.emplace(std::pair(number[ends.first], number[ends.second]), links);
    return std::make_unique<GraphTopology>(std::move(parts));
  }

  const std::string& name(std::uint32_t node) const { return nodes_.names()[node]; }

  const ExplicitTopology& options_;
  const Place& place_;
  NameTable nodes_{"node"};
  NameTable links_{"link"};
  GraphTopology::Parts graph_;  // nodes numbered as declared
};

}  // namespace

std::unique_ptr<Topology> make_explicit(const ExplicitTopology& options, std::size_t workers, std::size_t servers, const Place& place) {
  return Builder(options, place).build(workers, servers);
}

}  // namespace peloton
