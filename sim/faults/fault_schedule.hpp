#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/base/state.hpp"
#include "sim/faults/fault_spec.hpp"
#include "sim/network/link_conditions.hpp"
#include "sim/node.hpp"
#include "sim/time.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {

/// What happens to one node.
enum class FaultAction : std::uint8_t { crash, restart, leave, join, pause, resume };

struct NodeFault {
  Time at;
  NodeId node = kNoNode;
  FaultAction action = FaultAction::crash;
  bool state_lost = false;  ///< of those who come back
};

/// A partition of the network: no traffic between the nodes with side 1 and those with side 2, for a time.
struct NetworkPartition {
  Outage outage;
  std::vector<std::uint8_t> sides;  ///< by node; 0: not cut off from anybody
};

/// The faults of a run in order of time: those that are listed, and those that are drawn from the counter-based streams of their nodes as
/// the run goes on. What happens at one instant happens in the order of the list, and then of the nodes.
class FaultSchedule {
 public:
  /// `place`: that of the list. Unknown names, faults of one node that overlap or contradict each other, and a server that leaves or
  /// forgets are InputErrors below it.
  FaultSchedule(const std::vector<FaultSpec>& specs, const Topology& topology, std::uint64_t seed, const Place& place);
  FaultSchedule(const FaultSchedule&) = delete;
  FaultSchedule& operator=(const FaultSchedule&) = delete;

  /// The partitions, fixed from the start; they are the network's affair.
  [[nodiscard]] const std::vector<NetworkPartition>& partitions() const { return partitions_; }

  /// When the next fault of a node is due; kNever: no more are.
  [[nodiscard]] Time next_time() const { return pending_.empty() ? kNever : pending_.begin()->fault.at; }
  [[nodiscard]] const NodeFault& next() const { return pending_.begin()->fault; }
  /// Takes the next one; draws what follows it.
  NodeFault take();

  /// Nodes that come and go again and again.
  [[nodiscard]] std::size_t recurring_nodes() const { return recurring_.size(); }
  /// True when only such nodes are left.
  [[nodiscard]] bool only_recurring() const { return pending_.size() == recurring_pending_; }

  void visit_state(StateVisitor& v);

 private:
  static constexpr std::uint32_t kListed = 0xffffffffU;

  struct Pending {
    NodeFault fault;
    std::uint64_t order = 0;         ///< among those of one instant
    std::uint32_t source = kListed;  ///< index into recurring_
    friend bool operator<(const Pending& a, const Pending& b) { return std::pair(a.fault.at, a.order) < std::pair(b.fault.at, b.order); }
    void visit_state(StateVisitor& v);
  };
  /// A node whose faults follow from each other: random crashes, or periods.
  struct Recurring {
    NodeId node = kNoNode;
    const FaultSpec* spec = nullptr;
    Duration phase;
    std::uint64_t drawn = 0;  ///< spans of time so far, the stream's step
  };
  class Checker;

  void add_listed(const FaultSpec& spec, NodeId node);
  void add_recurring(const FaultSpec& spec, NodeId node);
  void add_partition(const FaultSpec& spec, const Topology& topology, const Place& place);
  void push(NodeFault fault, std::uint32_t source = kListed);
  void draw_next(std::uint32_t source, Time now, FaultAction action);
  [[nodiscard]] Duration span(Recurring& recurring, const RandomSpan& law);
  [[nodiscard]] static bool loses_state(const FaultSpec& spec, NodeId node, NodeId server);

  std::vector<FaultSpec> specs_;
  NodeId server_;
  std::uint64_t seed_;
  std::vector<NetworkPartition> partitions_;
  std::set<Pending> pending_;
  std::vector<Recurring> recurring_;
  std::size_t recurring_pending_ = 0;
  std::uint64_t pushed_ = 0;
};

/// All hosts that the names stand for, ascending, each once. `place`: of the names; unknown ones are InputErrors with the nearest name.
[[nodiscard]] std::vector<NodeId> named_hosts(const NodeNames& names, const Topology& topology, const Place& place);

}  // namespace peloton
