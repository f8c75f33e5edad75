#pragma once

#include <map>
#include <string>
#include <vector>

#include "algorithms/cluster.hpp"
#include "sim/faults/fault_schedule.hpp"

namespace peloton {

/// Who of a cluster is up, and what becomes of what a fault meets. Only runs with faults have one.
///
/// A node that goes down loses its computation, and all messages under way from and to it; they are dropped where they would have arrived,
/// so their bits were sent and their links were busy. Methods are told after the time of detection, or when the node is back before that;
/// of nodes that leave, at once. What there is to tell waits while the server is paused, and is void while it is down: when it is back,
/// all workers drop what they were doing, and the method starts them again. A paused node's computation ends later by the pause;
/// messages to it and its timers wait, in order; messages that it was processing are ready when the pause is over, at the earliest.
class Cluster::Faults {
 public:
  /// Nodes that are down or paused at time zero are so before anything happens, and known to be.
  Faults(Cluster& cluster, FaultSchedule& schedule, Duration detection);

  /// Before an event is dispatched; true: it has been dealt with.
  [[nodiscard]] bool intercept(Algorithm& algorithm, const Event& event);

  /// A worker's computation, by its flight and the event of its end.
  void started(NodeId worker, std::uint32_t flight, EventHandle end, Time finish);
  void ended(NodeId worker) { running_[worker] = {}; }

  [[nodiscard]] bool known_up(NodeId node) const { return node >= nodes_.size() || nodes_[node].known_up; }
  [[nodiscard]] bool is_paused(NodeId node) const { return node < nodes_.size() && nodes_[node].paused; }
  [[nodiscard]] bool only_faults_left() const { return cluster_.simulation_.pending() == own_events_; }
  [[nodiscard]] bool hopeless() const;
  [[nodiscard]] const FaultTotals& totals() const { return totals_; }
  [[nodiscard]] Duration down_time(NodeId node) const;
  [[nodiscard]] std::string text() const;

  void visit_state(StateVisitor& v);

 private:
  /// Why an event of kind node_down or node_up happens; its data.
  enum class Reason : std::uint64_t { due = 1, detected = 2, held = 3 };

  struct Node {
    Time broken;  ///< what was started before is lost
    Time since;   ///< down or paused
    Duration down;
    EventHandle detection;
    std::uint64_t back_at = 0;  ///< progress_ when it came back last
    bool up = true;
    bool known_up = true;  ///< as the method has heard
    bool told_up = true;   ///< as it will have heard when all news have reached it
    bool paused = false;
    bool detecting = false;  ///< `detection` is pending
    void visit_state(StateVisitor& v);
  };
  /// A worker's computation under way.
  struct Running {
    std::uint32_t flight = kNone;
    EventHandle end;
    Time finish;
    Duration left;  ///< while it is paused
    static constexpr std::uint32_t kNone = 0xffffffffU;
    void visit_state(StateVisitor& v);
  };

  void schedule_next();
  void happen(Algorithm& algorithm, const NodeFault& fault);
  void go_down(NodeId node, bool announced, Algorithm& algorithm);
  void come_back(NodeId node, bool state_lost, Algorithm& algorithm);
  void pause(NodeId node);
  void resume(NodeId node);
  void cancel_computation(NodeId node);
  void tell(Algorithm& algorithm, NodeId node, bool up);
  void deliver_news(Algorithm& algorithm, NodeId node, bool up);
  void server_is_back(Algorithm& algorithm);
  void stop_detecting(Node& node);
  [[nodiscard]] bool intercept_message(Algorithm& algorithm, const Event& event);
  [[nodiscard]] bool intercept_timer(Algorithm& algorithm, const Event& event);
  /// A message is lost at an end that is down, or was down since it was sent.
  [[nodiscard]] bool is_lost_at(NodeId node, const Flight& flight) const;
  [[nodiscard]] bool is_down(NodeId node) const { return node < nodes_.size() && !nodes_[node].up; }
  [[nodiscard]] Time broken(NodeId node) const { return node < nodes_.size() ? nodes_[node].broken : Time{}; }
  void record(NodeId node) const;

  Cluster& cluster_;
  FaultSchedule& schedule_;
  Duration detection_;
  std::vector<Node> nodes_;                    ///< the hosts of the topology
  std::vector<Running> running_;               ///< by worker
  std::map<NodeId, std::vector<Event>> held_;  ///< events that wait for paused nodes, in order
  FaultTotals totals_;
  std::uint64_t own_events_ = 0;  ///< pending events of the faults' own
  std::uint64_t progress_ = 1;    ///< events that were none of these
  std::uint64_t idle_ = 0;        ///< events in a row that were neither the end of a computation nor an arrival
  std::uint64_t came_back_ = 0;   ///< recurring nodes that came back since the last progress
  std::uint64_t came_back_at_ = 0;
};

}  // namespace peloton
