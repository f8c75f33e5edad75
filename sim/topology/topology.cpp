#include "sim/topology/topology.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace peloton {

namespace {

/// Names shown or compared in an error message; of a million workers the first ones are enough.
constexpr std::size_t kNamesCompared = 1000;
constexpr std::size_t kNamesShown = 10;

}  // namespace

Topology::Topology(std::size_t workers, bool server, std::size_t relays)
    : workers_(workers), server_(server), nodes_(workers + (server ? 1 : 0) + relays) {
  PELOTON_INVARIANT(nodes_ < kNoNode, "nodes are numbered with 32 bits");
}

NodeId Topology::node(std::string_view wanted, const Place& place) const {
  if (const std::optional<NodeId> found = find(wanted)) return *found;
  std::vector<std::string> names;
  for (NodeId i = 0; i < std::min(nodes(), kNamesCompared); ++i) names.push_back(name(i));
  for (NodeId i = static_cast<NodeId>(std::max(workers_, names.size())); i < std::min(nodes(), workers_ + kNamesCompared); ++i)
    names.push_back(name(i));  // the server and the first relays
  std::string list;
  for (std::size_t i = 0; i < std::min(names.size(), kNamesShown); ++i) list += (i == 0 ? "" : ", ") + names[i];
  if (nodes() > kNamesShown) list += ", …";
  throw InputError(place, fmt::format("must be a node ({}), got \"{}\"{}", list, wanted, did_you_mean(wanted, names)));
}

void ImplicitTopology::need_workers(std::size_t workers, std::string_view kind, const Place& place) {
  if (workers == 0) throw InputError(place, fmt::format("a {} topology needs the number of workers (cluster.workers)", kind));
}

std::optional<NodeId> ImplicitTopology::find(std::string_view wanted) const {
  const std::size_t first_relay = workers() + (server() == kNoNode ? 0 : 1);
  if (wanted == "server" && server() != kNoNode) return server();
  if (wanted == "switch" && first_relay < nodes()) return static_cast<NodeId>(first_relay);
  if (wanted.size() < 2 || wanted[0] != 'w' || (wanted[1] == '0' && wanted.size() > 2)) return std::nullopt;
  NodeId worker = 0;
  const char* end = wanted.data() + wanted.size();
  const auto [rest, error] = std::from_chars(wanted.data() + 1, end, worker);
  if (error != std::errc{} || rest != end || worker >= workers()) return std::nullopt;
  return worker;
}

std::string ImplicitTopology::name(NodeId node) const {
  PELOTON_INVARIANT(node < nodes(), "the node is one of the topology");
  if (node < workers()) return fmt::format("w{}", node);
  return node == server() ? "server" : "switch";
}

std::string ImplicitTopology::way_name(std::uint64_t from, std::uint64_t to) const {
  return fmt::format("{}->{}", name(static_cast<NodeId>(from)), name(static_cast<NodeId>(to)));
}

bool ImplicitTopology::reachable(NodeId from, NodeId to) const { return from < nodes() && to < nodes(); }

}  // namespace peloton
