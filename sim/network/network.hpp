#pragma once

#include <memory>
#include <vector>

#include "sim/base/state.hpp"
#include "sim/records.hpp"
#include "sim/simulation.hpp"

namespace peloton {

/// How messages cross the cluster: the interface every network model fills.
///
/// A model schedules the delivery event it is given at the time when the last bit arrives. Events of its own (kind `network`) come
/// back through `on_event`. It knows nodes, bits and links, nothing of what a message means.
class Network {
 public:
  virtual ~Network() = default;

  /// Carries `bits` from `from` to `to` (different nodes of the topology, bits ≥ 0), starting now.
  virtual void send(Simulation& simulation, NodeId from, NodeId to, std::uint64_t bits, const Event& on_delivery) = 0;

  /// Handles an event of kind `network`.
  virtual void on_event(Simulation& simulation, const Event& event) = 0;

  /// The mutable state (flows under way, link totals); the topology is not part of it.
  virtual void visit_state(StateVisitor& v) = 0;

  /// Tells `observer` (which must outlive the network) of every change of a link's load from now on; one record per link and instant
  /// is the rule. Links that share nothing (fatpipes, infinite bandwidth) have no load. It changes no event.
  void watch(Observer& observer) { watchers_.push_back(&observer); }
  /// Reports what happened before `now`: a model that needs no events for it knows no sooner. Called at every event when watched.
  virtual void report_until(Time /*now*/) {}

 protected:
  [[nodiscard]] bool watched() const { return !watchers_.empty(); }
  void report(const LinkRecord& record) const {
    for (Observer* watcher : watchers_) watcher->on_link(record);
  }

 private:
  std::vector<Observer*> watchers_;
};

}  // namespace peloton
