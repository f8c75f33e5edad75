#include "sim/topology/topology.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "sim/topology/positions.hpp"

namespace peloton {

namespace {

/// Names shown or compared in an error message; of a million workers the first ones are enough.
constexpr std::size_t kNamesCompared = 1000;
constexpr std::size_t kNamesShown = 10;

}  // namespace

Topology::Topology(Size size) : size_(size) {
  PELOTON_INVARIANT(size.workers + size.servers <= size.hosts, "workers and server have a host each");
  PELOTON_INVARIANT(nodes() < kNoNode, "nodes are numbered with 32 bits");
}

NodeId Topology::node(std::string_view wanted, const Place& place) const {
  if (const std::optional<NodeId> found = find(wanted)) return *found;
  std::vector<std::string> names;
  const auto add = [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < std::min(nodes(), last); ++i) {
      const std::string known = name(static_cast<NodeId>(i));
      if (find(known)) names.push_back(known);
    }
  };
  add(0, kNamesCompared);
  add(std::max(workers(), kNamesCompared), workers() + kNamesCompared);  // the server and the first relays
  std::string list;
  for (std::size_t i = 0; i < std::min(names.size(), kNamesShown); ++i) list += (i == 0 ? "" : ", ") + names[i];
  if (nodes() > kNamesShown) list += ", …";
  throw InputError(place, fmt::format("must be a node ({}), got \"{}\"{}", list, wanted, did_you_mean(wanted, names)));
}

std::vector<NodeId> Topology::below(NodeId node) const {
  if (node < hosts()) return {node};
  return {};
}

std::vector<Position> Topology::positions() const { return circle_positions(nodes()); }

std::string Topology::standard_name(NodeId host) const {
  PELOTON_INVARIANT(host < hosts(), "the node is a host of the topology");
  if (host < workers()) return fmt::format("w{}", host);
  return is_server(host) ? server_name(host) : fmt::format("h{}", host);
}

std::optional<NodeId> Topology::find_standard(std::string_view wanted) const {
  if (const std::optional<NodeId> found = find_server(wanted)) return found;
  std::optional<std::size_t> number = number_after("w", wanted);
  if (number) return *number < workers() ? std::optional(static_cast<NodeId>(*number)) : std::nullopt;
  number = number_after("h", wanted);
  return number && *number < hosts() ? std::optional(static_cast<NodeId>(*number)) : std::nullopt;
}

std::string Topology::server_name(NodeId node) const { return servers() == 1 ? "server" : fmt::format("server{}", node - server()); }

std::optional<NodeId> Topology::find_server(std::string_view wanted) const {
  if (servers() == 1) return wanted == "server" ? std::optional(server()) : std::nullopt;
  const std::optional<std::size_t> shard = number_after("server", wanted);
  return shard && *shard < servers() ? std::optional(static_cast<NodeId>(server() + *shard)) : std::nullopt;
}

std::string Topology::way_name(NodeId from, NodeId to) const { return fmt::format("{}->{}", name(from), name(to)); }

std::string servers_too(std::size_t servers) {
  if (servers == 0) return {};
  return servers == 1 ? " and one for the server" : fmt::format(" and of the {} servers", servers);
}

void ImplicitTopology::need_workers(std::size_t workers, std::string_view kind, const Place& place) {
  if (workers == 0) throw InputError(place, fmt::format("a {} topology needs the number of workers (cluster.workers)", kind));
}

void ImplicitTopology::need_hosts(std::size_t hosts, std::size_t workers, std::size_t servers, const Place& place) {
  if (hosts < workers + servers)
    throw InputError(place, fmt::format("must have a host for each of the {} workers{}, got {} hosts (cluster.placement lets them share)",
                                        workers, servers_too(servers), hosts));
}

std::optional<NodeId> ImplicitTopology::find(std::string_view wanted) const {
  if (const std::optional<NodeId> host = find_standard(wanted)) return host;
  const std::optional<std::size_t> found = find_switch(wanted);
  return found && *found < nodes() - hosts() ? std::optional(static_cast<NodeId>(hosts() + *found)) : std::nullopt;
}

std::string ImplicitTopology::name(NodeId node) const { return node < hosts() ? standard_name(node) : host_name(node); }

std::string ImplicitTopology::host_name(NodeId node) const {
  PELOTON_INVARIANT(node < nodes(), "the node is one of the topology");
  return node < hosts() ? fmt::format("h{}", node) : switch_name(node - hosts());
}

std::string ImplicitTopology::switch_name(std::size_t) const { return "switch"; }

bool ImplicitTopology::reachable(NodeId from, NodeId to) const { return from < nodes() && to < nodes(); }

std::string ImplicitTopology::link_name(std::uint64_t resource) const {
  const PhysicalLink l = link(resource / 2);
  return resource % 2 == 0 ? way_name(l.a, l.b) : way_name(l.b, l.a);
}

std::optional<std::size_t> number_after(std::string_view prefix, std::string_view text) {
  if (!text.starts_with(prefix)) return std::nullopt;
  const std::string_view digits = text.substr(prefix.size());
  if (digits.empty() || (digits[0] == '0' && digits.size() > 1)) return std::nullopt;
  std::size_t number = 0;
  const char* end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, number);
  if (error != std::errc{} || rest != end) return std::nullopt;
  return number;
}

}  // namespace peloton
