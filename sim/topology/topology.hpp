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

/// What a message pays on an empty network: latency + bits / bandwidth.
struct PathCost {
  Duration latency;                                            ///< sum over the links, each rounded once to nanoseconds
  double bandwidth = std::numeric_limits<double>::infinity();  ///< the smallest on the way, bit/s
};

/// Nodes, links and the ways between nodes. Immutable; safe to read from several threads.
///
/// Workers are nodes 0 … workers() − 1; the server, when there is one, is the node after them; switches and other relays follow.
class Topology {
 public:
  virtual ~Topology() = default;
  Topology(const Topology&) = delete;
  Topology& operator=(const Topology&) = delete;

  [[nodiscard]] std::size_t nodes() const { return nodes_; }
  [[nodiscard]] std::size_t workers() const { return workers_; }
  /// kNoNode when there is no server.
  [[nodiscard]] NodeId server() const { return server_ ? static_cast<NodeId>(workers_) : kNoNode; }

  /// The node of that name; an InputError at `place` with the nearest name when there is none.
  [[nodiscard]] NodeId node(std::string_view name, const Place& place) const;
  [[nodiscard]] virtual std::optional<NodeId> find(std::string_view name) const = 0;
  [[nodiscard]] virtual std::string name(NodeId node) const = 0;

  /// False when no chain of links joins the two nodes.
  [[nodiscard]] virtual bool reachable(NodeId from, NodeId to) const = 0;

  /// Latency and bottleneck bandwidth of the route between two different nodes, in O(1). Not reachable: an InputError.
  [[nodiscard]] virtual PathCost cost(NodeId from, NodeId to) const = 0;

  /// Overwrites `out` with the resources of the route between two different nodes, in order. Not reachable: an InputError.
  virtual void route(NodeId from, NodeId to, std::vector<Resource>& out) const = 0;

  /// What people call a resource of this topology: "w0->switch", or the declared name of a link.
  [[nodiscard]] virtual std::string link_name(std::uint64_t resource) const = 0;

 protected:
  Topology(std::size_t workers, bool server, std::size_t relays);

 private:
  std::size_t workers_;
  bool server_;
  std::size_t nodes_;
};

/// Base of the topologies whose nodes need no declaration: workers w0, w1, …, the server "server", at most one relay "switch".
/// Everything is computed from node numbers, so that 10^6 workers cost nothing; all nodes reach each other.
class ImplicitTopology : public Topology {
 public:
  [[nodiscard]] std::optional<NodeId> find(std::string_view name) const final;
  [[nodiscard]] std::string name(NodeId node) const final;
  [[nodiscard]] bool reachable(NodeId from, NodeId to) const final;

  /// Refuses a scenario without workers.
  static void need_workers(std::size_t workers, std::string_view kind, const Place& place);

 protected:
  using Topology::Topology;
  /// "w0->w1".
  [[nodiscard]] std::string way_name(std::uint64_t from, std::uint64_t to) const;
};

}  // namespace peloton
