#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/error.hpp"
#include "sim/node.hpp"
#include "sim/time.hpp"

namespace peloton {

/// A capacity on the way of a message: one direction of a full-duplex link, or both directions of a half-duplex one.
struct Resource {
  std::uint64_t id = 0;  ///< unique in its topology
  double bandwidth = 0;  ///< bit/s, > 0, may be infinite
  bool fatpipe = false;  ///< every flow may use all of it: a cap on each flow, not a capacity that flows share
};

/// How the two directions of a link share its bandwidth.
enum class Sharing { full, half, fatpipe };

/// A link between two different nodes, listed once for both directions.
struct PhysicalLink {
  NodeId a = 0;
  NodeId b = 0;
  double bandwidth = 0;  ///< bit/s, > 0, may be infinite
  Duration latency;
  Sharing sharing = Sharing::full;
};

/// Where a node stands in a picture, in any unit; y grows downwards.
struct Position {
  double x = 0;
  double y = 0;
};

/// What a message pays on an empty network: latency + bits / bandwidth.
struct PathCost {
  Duration latency;                                            ///< sum over the links, each rounded once to nanoseconds
  double bandwidth = std::numeric_limits<double>::infinity();  ///< the smallest on the way, bit/s
};

/// Nodes, links and the ways between nodes. Immutable; safe to read from several threads.
///
/// Workers are nodes 0 … workers() − 1; the server, when there is one, is the node after them, or several nodes where the server is
/// sharded; then come the hosts that carry neither and, last, the switches and other relays. Only hosts can carry workers and servers.
class Topology {
 public:
  virtual ~Topology() = default;
  Topology(const Topology&) = delete;
  Topology& operator=(const Topology&) = delete;

  [[nodiscard]] std::size_t nodes() const { return size_.hosts + size_.switches; }
  [[nodiscard]] std::size_t workers() const { return size_.workers; }
  /// The nodes that are no switches; they come first.
  [[nodiscard]] std::size_t hosts() const { return size_.hosts; }
  /// The server's nodes, one for each of its shards: server() … server() + servers() − 1.
  [[nodiscard]] std::size_t servers() const { return size_.servers; }
  /// The first of them; kNoNode when there is no server.
  [[nodiscard]] NodeId server() const { return size_.servers > 0 ? static_cast<NodeId>(size_.workers) : kNoNode; }
  /// What people call one of them, whatever the node's own name: "server", of several "server0", "server1", …
  [[nodiscard]] std::string server_name(NodeId node) const;
  [[nodiscard]] bool is_server(NodeId node) const { return node >= size_.workers && node < size_.workers + size_.servers; }

  /// The node of that name; an InputError at `place` with the nearest name when there is none.
  [[nodiscard]] NodeId node(std::string_view name, const Place& place) const;
  [[nodiscard]] virtual std::optional<NodeId> find(std::string_view name) const = 0;
  [[nodiscard]] virtual std::string name(NodeId node) const = 0;
  /// The name of the node itself, whatever it carries: "h3" where name() says "w3". `find` knows both.
  [[nodiscard]] virtual std::string host_name(NodeId node) const = 0;
  /// The node whose links a worker or server uses: itself, unless several are placed on one node.
  [[nodiscard]] virtual NodeId carrier(NodeId node) const { return node; }

  /// The rack of a node (of a fat-tree the hosts of an edge switch, of a dragonfly a group, of a torus a row), numbered from 0; nothing
  /// where there are no racks, and for nodes that stand in none.
  [[nodiscard]] virtual std::optional<std::size_t> rack(NodeId /*node*/) const { return std::nullopt; }
  /// The hosts that a name stands for: the node itself where it is one, what is placed on it, and what hangs below a switch; ascending.
  [[nodiscard]] virtual std::vector<NodeId> below(NodeId node) const;

  /// False when no chain of links joins the two nodes.
  [[nodiscard]] virtual bool reachable(NodeId from, NodeId to) const = 0;

  /// Latency and bottleneck bandwidth of the route between two different nodes, in O(1) once it is known. Not reachable: an InputError.
  [[nodiscard]] virtual PathCost cost(NodeId from, NodeId to) const = 0;

  /// Overwrites `out` with the resources of the route between two different nodes, in order. Not reachable: an InputError.
  virtual void route(NodeId from, NodeId to, std::vector<Resource>& out) const = 0;

  /// What a message between two workers on the same host pays unless the scenario says otherwise: nothing.
  [[nodiscard]] virtual PathCost inside(NodeId /*host*/) const { return {}; }

  /// The links, in a fixed order. Link i is resource 2i from a to b and 2i + 1 back, or 2i both ways when these share its bandwidth.
  [[nodiscard]] virtual std::size_t links() const = 0;
  /// In O(1).
  [[nodiscard]] virtual PhysicalLink link(std::size_t i) const = 0;

  /// True where a message between a worker and the server crosses the sender's link up (resource 2i of host i), the receiver's link down
  /// (2i + 1), and between them, at most, one link that a fixed group of workers shares with nobody else (a link from number hosts() on,
  /// resources numbered in the same way). All links are full-duplex.
  [[nodiscard]] virtual bool is_server_tree() const { return false; }

  /// What people call a resource of this topology: "w0->switch", or the declared name of a link.
  [[nodiscard]] virtual std::string link_name(std::uint64_t resource) const = 0;

  /// Of all nodes; the default is a circle in order of their numbers.
  [[nodiscard]] virtual std::vector<Position> positions() const;
  /// True when positions are places on the earth: x = longitude, y = −latitude, in degrees.
  [[nodiscard]] virtual bool is_map() const { return false; }

 protected:
  struct Size {
    std::size_t workers = 0;
    std::size_t servers = 0;
    std::size_t hosts = 0;  ///< at least workers and servers
    std::size_t switches = 0;
  };
  explicit Topology(Size size);

  /// "w0", "server" (of several "server0", "server1", …), "h12" for a host that carries nothing.
  [[nodiscard]] std::string standard_name(NodeId host) const;
  /// The host called so; hosts with a worker or the server go by their host name, too.
  [[nodiscard]] std::optional<NodeId> find_standard(std::string_view name) const;
  /// The server's node of that name.
  [[nodiscard]] std::optional<NodeId> find_server(std::string_view name) const;
  /// "w0->w1".
  [[nodiscard]] std::string way_name(NodeId from, NodeId to) const;

 private:
  Size size_;
};

/// Base of the topologies whose nodes need no declaration: workers w0, w1, …, the server "server", other hosts h12, h13, …, switches.
/// Everything is computed from node numbers, so that 10^6 workers cost nothing; all nodes that have a name reach each other.
class ImplicitTopology : public Topology {
 public:
  [[nodiscard]] std::optional<NodeId> find(std::string_view name) const final;
  [[nodiscard]] std::string name(NodeId node) const final;
  [[nodiscard]] std::string host_name(NodeId node) const final;
  [[nodiscard]] bool reachable(NodeId from, NodeId to) const final;
  [[nodiscard]] std::string link_name(std::uint64_t resource) const final;

  /// Refuses a scenario without workers.
  static void need_workers(std::size_t workers, std::string_view kind, const Place& place);
  /// Refuses a topology with fewer hosts than it has to carry.
  static void need_hosts(std::size_t hosts, std::size_t workers, std::size_t servers, const Place& place);

 protected:
  using Topology::Topology;

  /// Of switch i, 0 …
  [[nodiscard]] virtual std::string switch_name(std::size_t i) const;
  /// The number of the switch called so; nothing where switches neither send nor receive.
  [[nodiscard]] virtual std::optional<std::size_t> find_switch(std::string_view) const { return std::nullopt; }
};

/// " and one for the server", as part of what a topology needs hosts for; empty when it has none.
[[nodiscard]] std::string servers_too(std::size_t servers);

/// The number behind a prefix, as in "rack12"; nothing when the text is anything else.
[[nodiscard]] std::optional<std::size_t> number_after(std::string_view prefix, std::string_view text);

}  // namespace peloton
