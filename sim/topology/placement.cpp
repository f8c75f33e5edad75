#include "sim/topology/placement.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/random.hpp"

namespace peloton {

namespace {

constexpr std::array<std::pair<std::string_view, WorkerPlaces::Rule>, 3> kRules{
    {{"first", WorkerPlaces::Rule::first}, {"round_robin", WorkerPlaces::Rule::round_robin}, {"random", WorkerPlaces::Rule::random}}};

std::vector<std::string> rule_names() {
  std::vector<std::string> out;
  for (const auto& [name, rule] : kRules) out.emplace_back(name);
  return out;
}

/// Nodes: workers, servers, then physical node p as first_physical() + p. Resources and links are the physical ones; behind them, one
/// resource for the inside of each physical node.
class Placed final : public Topology {
 public:
  Placed(const PlacementSpec& placement, std::unique_ptr<Topology> physical, std::vector<NodeId> carriers, std::size_t workers)
      : Topology({.workers = workers,
                  .servers = carriers.size() - workers,
                  .hosts = carriers.size() + physical->hosts(),
                  .switches = physical->nodes() - physical->hosts()}),
        physical_(std::move(physical)),
        carriers_(std::move(carriers)),
        loopback_latency_(placement.loopback_latency),
        loopback_bandwidth_(placement.loopback_bandwidth) {}

  std::optional<NodeId> find(std::string_view wanted) const override {
    if (const std::optional<NodeId> found = find_server(wanted)) return found;
    if (const std::optional<std::size_t> worker = number_after("w", wanted); worker && *worker < workers())
      return static_cast<NodeId>(*worker);
    const std::optional<NodeId> found = physical_->find(wanted);
    // What the physical topology would call by its default placement is somewhere else here.
    if (!found || physical_->host_name(*found) != wanted) return std::nullopt;
    return first_physical() + *found;
  }
  std::string name(NodeId node) const override {
    if (node < workers()) return fmt::format("w{}", node);
    return is_server(node) ? server_name(node) : physical_->host_name(node - first_physical());
  }
  std::string host_name(NodeId node) const override { return name(node); }
  NodeId carrier(NodeId node) const override { return first_physical() + under(node); }
  std::vector<NodeId> below(NodeId node) const override {
    if (node < carriers_.size()) return {node};
    std::vector<NodeId> out;
    const std::vector<NodeId> hosts = physical_->below(under(node));
    for (NodeId i = 0; i < carriers_.size(); ++i)
      if (std::binary_search(hosts.begin(), hosts.end(), carriers_[i])) out.push_back(i);
    for (const NodeId host : hosts) out.push_back(first_physical() + host);
    return out;
  }

  std::optional<std::size_t> rack(NodeId node) const override { return physical_->rack(under(node)); }

  bool reachable(NodeId from, NodeId to) const override { return under(from) == under(to) || physical_->reachable(under(from), under(to)); }
  PathCost cost(NodeId from, NodeId to) const override {
    const NodeId a = under(from);
    const NodeId b = under(to);
    return a == b ? inside(a) : physical_->cost(a, b);
  }
  void route(NodeId from, NodeId to, std::vector<Resource>& out) const override {
    const NodeId a = under(from);
    const NodeId b = under(to);
    if (a != b) return physical_->route(a, b, out);
    out.clear();
    out.push_back({2 * (physical_->links() + a), inside(a).bandwidth, true});
  }
  PathCost inside(NodeId host) const override {
    PathCost out = physical_->inside(host);
    if (loopback_latency_) out.latency = to_duration(*loopback_latency_);
    if (loopback_bandwidth_) out.bandwidth = loopback_bandwidth_->value;
    return out;
  }

  std::size_t links() const override { return physical_->links(); }
  PhysicalLink link(std::size_t i) const override {
    PhysicalLink out = physical_->link(i);
    out.a += first_physical();
    out.b += first_physical();
    return out;
  }
  std::string link_name(std::uint64_t resource) const override {
    const std::uint64_t i = resource / 2;
    if (i >= physical_->links()) return fmt::format("inside {}", physical_->host_name(static_cast<NodeId>(i - physical_->links())));
    const PhysicalLink under = physical_->link(i);
    const bool own_names =
        physical_->name(under.a) == physical_->host_name(under.a) && physical_->name(under.b) == physical_->host_name(under.b);
    if (own_names) return physical_->link_name(resource);  // perhaps a declared one
    const PhysicalLink l = link(i);
    return resource % 2 == 0 ? way_name(l.a, l.b) : way_name(l.b, l.a);
  }
  std::vector<Position> positions() const override {
    const std::vector<Position> places = physical_->positions();
    std::vector<Position> out(nodes());
    for (NodeId i = 0; i < nodes(); ++i) out[i] = places[under(i)];
    return out;
  }
  bool is_map() const override { return physical_->is_map(); }

 private:
  NodeId first_physical() const { return static_cast<NodeId>(carriers_.size()); }
  /// The physical node of it.
  NodeId under(NodeId node) const { return node < carriers_.size() ? carriers_[node] : node - first_physical(); }

  std::unique_ptr<Topology> physical_;
  std::vector<NodeId> carriers_;  // the physical node of each worker, then those of the servers
  std::optional<Seconds> loopback_latency_;
  std::optional<BitsPerSecond> loopback_bandwidth_;
};

/// The hosts that workers may be on: all but the servers' own.
std::vector<NodeId> open_hosts(const Topology& physical) {
  std::vector<NodeId> out;
  out.reserve(physical.hosts());
  for (NodeId host = 0; host < physical.hosts(); ++host)
    if (!physical.is_server(host)) out.push_back(host);
  return out;
}

NodeId physical_node(const Topology& physical, const NodeName& name, const Place& place) {
  std::optional<NodeId> found = physical.find(name.text);
  if (found && physical.host_name(*found) != name.text) found.reset();
  if (!found && name.text.find_first_not_of("0123456789") == std::string::npos) {
    const Json index = Json::parse(name.text, nullptr, false);
    if (index.is_number_unsigned() && index.get<std::uint64_t>() < physical.hosts()) found = index.get<NodeId>();
  }
  if (found) return *found;
  constexpr std::size_t kNamesCompared = 1000;
  std::vector<std::string> names;
  for (NodeId i = 0; i < std::min(physical.nodes(), kNamesCompared); ++i) names.push_back(physical.host_name(i));
  throw InputError(place, fmt::format("must be a node ({}, …) or a host's number below {}, got \"{}\"{}", physical.host_name(0),
                                      physical.hosts(), name.text, did_you_mean(name.text, names)));
}

std::vector<NodeId> listed(const PlacementSpec& placement, const Topology& physical, std::size_t workers, const Place& place) {
  const std::vector<NodeName>& nodes = placement.workers.nodes;
  if (nodes.size() != workers)
    throw InputError(place, fmt::format("must name a node for each of the {} workers, got {}", workers, nodes.size()));
  std::vector<NodeId> out;
  for (std::size_t i = 0; i < nodes.size(); ++i) out.push_back(physical_node(physical, nodes[i], place / i));
  return out;
}

std::vector<NodeId> by_rule(const PlacementSpec& placement, const Topology& physical, std::size_t workers, std::uint64_t seed) {
  const std::vector<NodeId> hosts = open_hosts(physical);
  const auto per_host = static_cast<std::size_t>(placement.per_host);
  std::vector<NodeId> out(workers);
  if (placement.workers.rule == WorkerPlaces::Rule::first) {
    for (std::size_t i = 0; i < workers; ++i) out[i] = hosts.at(i / per_host);
  } else if (placement.workers.rule == WorkerPlaces::Rule::round_robin) {
    for (std::size_t i = 0; i < workers; ++i) out[i] = hosts.at(i % hosts.size());
  } else {
    std::vector<NodeId> seats;
    seats.reserve(hosts.size() * per_host);
    for (const NodeId host : hosts) seats.insert(seats.end(), std::min(per_host, workers), host);
    RandomStream random(seed, Purpose::placement, 0, 0);
    shuffle(seats, random);
    std::copy_n(seats.begin(), workers, out.begin());
  }
  return out;
}

/// Names are looked up where no server is needed, too.
void add_servers(const PlacementSpec& placement, const Topology& physical, std::size_t servers, const Place& place,
                 std::vector<NodeId>& carriers) {
  if (placement.server && !placement.servers.empty())
    throw InputError(place, "takes \"server\", the node of one, or \"servers\", a list, not both");
  if (servers > 0 && servers_placed(placement) > 0 && servers_placed(placement) != servers)
    throw InputError(
        place / (placement.server ? "server" : "servers"),
        fmt::format("must name a node for each of the {} servers (cluster.servers), got {}", servers, servers_placed(placement)));
  std::vector<NodeId> nodes;
  if (placement.server) nodes.push_back(physical_node(physical, *placement.server, place / "server"));
  for (std::size_t i = 0; i < placement.servers.size(); ++i)
    nodes.push_back(physical_node(physical, placement.servers[i], place / "servers" / i));
  for (std::size_t i = 0; i < servers; ++i) carriers.push_back(nodes.empty() ? static_cast<NodeId>(physical.server() + i) : nodes[i]);
}

}  // namespace

NodeName OptionType<NodeName>::parse(const Json& json, const Place& place) {
  if (json.is_string()) return {json.get<std::string>()};
  if (json.is_number_unsigned() || (json.is_number_integer() && json.get<std::int64_t>() >= 0)) return {json.dump()};
  wrong_type(place, "the name of a node or the number of a host", json);
}

WorkerPlaces OptionType<WorkerPlaces>::parse(const Json& json, const Place& place) {
  if (json.is_array()) return {WorkerPlaces::Rule::list, OptionType<std::vector<NodeName>>::parse(json, place)};
  if (!json.is_string()) wrong_type(place, type(), json);
  const std::string text = json.get<std::string>();
  for (const auto& [name, rule] : kRules)
    if (normalised(name) == normalised(text)) return {rule, {}};
  unknown_name(place, "", text, rule_names());
}

Json OptionType<WorkerPlaces>::write(const WorkerPlaces& v) {
  for (const auto& [name, rule] : kRules)
    if (rule == v.rule) return std::string(name);
  return OptionType<std::vector<NodeName>>::write(v.nodes);
}

Json OptionType<WorkerPlaces>::schema() {
  Json out;
  out["oneOf"] = Json::array({{{"enum", rule_names()}}, OptionType<std::vector<NodeName>>::schema()});
  return out;
}

std::size_t servers_placed(const PlacementSpec& placement) { return placement.server ? 1 : placement.servers.size(); }

std::size_t hosts_needed(const PlacementSpec& placement, std::size_t workers) {
  if (placement.workers.rule != WorkerPlaces::Rule::list)
    return (workers + static_cast<std::size_t>(placement.per_host) - 1) / static_cast<std::size_t>(placement.per_host);
  // Topologies without a size of their own get as many hosts as the list asks for; others have theirs.
  std::size_t most = 1;
  for (const NodeName& node : placement.workers.nodes) {
    std::optional<std::size_t> host = number_after("h", node.text);
    if (!host) host = number_after("", node.text);
    if (host && *host < 4'000'000) most = std::max(most, *host + 1);
  }
  return most;
}

std::unique_ptr<Topology> place_workers(const PlacementSpec& placement, std::unique_ptr<Topology> physical, std::size_t workers,
                                        std::size_t servers, std::uint64_t seed, const Place& place) {
  if (workers == 0) throw InputError(place, "places workers or a server, but the scenario has no workers (cluster.workers)");
  std::vector<NodeId> carriers = placement.workers.rule == WorkerPlaces::Rule::list
                                     ? listed(placement, *physical, workers, place / "workers")
                                     : by_rule(placement, *physical, workers, seed);
  add_servers(placement, *physical, servers, place, carriers);
  for (const NodeId carrier : carriers)
    if (carrier != carriers[0] && !physical->reachable(carriers[0], carrier))
      throw InputError(place, fmt::format("disconnected topology: no path from \"{}\" to \"{}\"", physical->host_name(carriers[0]),
                                          physical->host_name(carrier)));
  return std::make_unique<Placed>(placement, std::move(physical), std::move(carriers), workers);
}

}  // namespace peloton
