#pragma once

#include <algorithm>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "sim/base/state.hpp"
#include "sim/records.hpp"
#include "sim/simulation.hpp"

namespace peloton {

inline constexpr double kNoRateCap = std::numeric_limits<double>::infinity();

/// A message as the network sees it.
struct Transmission {
  NodeId from = kNoNode;
  NodeId to = kNoNode;  ///< another node of the topology
  std::uint64_t bits = 0;
  double rate_cap = kNoRateCap;  ///< bit/s, > 0: it goes no faster, whatever the links could do
  /// It follows another message on the same way and has waited for it that long: so much of the latency has passed meanwhile. Models that
  /// keep messages in line ask for none.
  Duration waited = {};
};

/// What is left to wait of a latency.
[[nodiscard]] inline Duration latency_left(const Transmission& message, Duration latency) {
  return {std::max<std::int64_t>(0, latency.ns - message.waited.ns)};
}

/// One who hears a broadcast.
struct Receiver {
  NodeId node = kNoNode;
  Event on_delivery;
};

/// How messages cross the cluster: the interface every network model fills.
///
/// A model schedules the delivery event it is given at the time when the last bit arrives. Events of its own (kind `network`) come
/// back through `on_event`. It knows nodes, bits and links, nothing of what a message means.
class Network {
 public:
  virtual ~Network() = default;

  /// Carries a message, starting now. Over a link that is cut for ever it never arrives.
  virtual void send(Simulation& simulation, const Transmission& message, const Event& on_delivery) = 0;

  /// True when messages between two nodes stand in line: one that is sent while others are under way goes behind them, without a pause.
  /// False: it goes beside them.
  [[nodiscard]] virtual bool keeps_in_line() const { return false; }
  /// True when nodes share a medium on which all hear what one sends.
  [[nodiscard]] virtual bool is_broadcast_medium() const { return false; }
  /// Carries one message to several: a message for each of them, in order, unless the medium is heard by all.
  virtual void broadcast(Simulation& simulation, NodeId from, std::uint64_t bits, std::span<const Receiver> receivers) {
    for (const Receiver& receiver : receivers) send(simulation, {.from = from, .to = receiver.node, .bits = bits}, receiver.on_delivery);
  }

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
