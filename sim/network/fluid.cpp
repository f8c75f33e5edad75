#include "sim/network/fluid.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "sim/network/completions.hpp"
#include "sim/network/max_min.hpp"

namespace peloton {

namespace {

/// Why the network wakes up; the low bits of an event's data, above them the flow.
enum class Wake : std::uint64_t { join = 0, solve = 1, complete = 2 };

Event wake_up(Wake why, std::uint64_t flow = 0) { return {EventKind::network, kNoNode, flow << 2 | static_cast<std::uint64_t>(why)}; }

struct Flow {
  Event on_delivery;
  std::uint64_t start_order = 0;
  NodeId from = kNoNode;
  NodeId to = kNoNode;
  double bits = 0;  // still to be carried at the time `since`, from when on the rate holds
  double rate = 0;
  Time since;

  void visit_state(StateVisitor& v) {
    v("on_delivery", on_delivery);
    v("start_order", start_order);
    v("from", from);
    v("to", to);
    v("bits", bits);
    v("rate", rate);
    v("since", since);
  }
};

class Fluid final : public Network {
 public:
  explicit Fluid(const Topology& topology) : topology_(topology) {}

  void send(Simulation& simulation, NodeId from, NodeId to, std::uint64_t bits, const Event& on_delivery) override {
    PELOTON_INVARIANT(from != to, "a message goes to another node");
    const PathCost path = topology_.cost(from, to);
    if (bits == 0 || std::isinf(path.bandwidth)) {
      simulation.schedule_in(path.latency, on_delivery);
      return;
    }
    const std::uint32_t slot = take_slot();
    flows_[slot] = {on_delivery, next_start_order_++, from, to, static_cast<double>(bits), 0, {}};
    if (path.latency == Duration{})
      join(simulation, slot);
    else
      simulation.schedule_in(path.latency, wake_up(Wake::join, slot));
  }

  void on_event(Simulation& simulation, const Event& event) override {
    switch (static_cast<Wake>(event.data & 3)) {
      case Wake::join: return join(simulation, static_cast<std::uint32_t>(event.data >> 2));
      case Wake::solve: return solve(simulation);
      case Wake::complete: return complete(simulation);
    }
    PELOTON_INVARIANT(false, "the network knows the reason of its events");
  }

  void visit_state(StateVisitor& v) override {
    v("flows", flows_);
    v("free", free_);
    v("next_start_order", next_start_order_);
    v("sharing", sharing_);
    v("completions", completions_);
    v("next_completion", next_completion_);
    v("next_completion_event", next_completion_event_);
    v("solve_pending", solve_pending_);
  }

 private:
  std::uint32_t take_slot() {
    if (free_.empty()) {
      flows_.emplace_back();
      return static_cast<std::uint32_t>(flows_.size() - 1);
    }
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    return slot;
  }

  /// The latency has passed: the flow begins to share, or, over fatpipes alone, goes its way at their bandwidth.
  void join(Simulation& simulation, std::uint32_t slot) {
    Flow& flow = flows_[slot];
    topology_.route(flow.from, flow.to, route_);
    double cap = std::numeric_limits<double>::infinity();
    for (const Resource& resource : route_)
      if (resource.fatpipe) cap = std::min(cap, resource.bandwidth);
    std::erase_if(route_, [](const Resource& resource) { return resource.fatpipe || std::isinf(resource.bandwidth); });
    if (route_.empty()) {
      simulation.schedule_in(to_duration({flow.bits / cap}), flow.on_delivery);
      free_.push_back(slot);
      return;
    }
    flow.since = simulation.now();
    if (watched()) sharing_.watch_loads();
    sharing_.add(slot, route_, cap);
    request_solve(simulation);
  }

  /// One recomputation for everything that happens at this instant, after the events of this instant scheduled so far.
  void request_solve(Simulation& simulation) {
    if (solve_pending_) return;
    solve_pending_ = true;
    simulation.schedule(simulation.now(), wake_up(Wake::solve));
  }

  void solve(Simulation& simulation) {
    solve_pending_ = false;
    const Time now = simulation.now();
    predictions_.clear();
    for (const std::uint32_t slot : sharing_.solve()) {
      Flow& flow = flows_[slot];
      flow.bits = std::max(0.0, flow.bits - flow.rate * (now - flow.since).seconds());
      flow.rate = sharing_.rate(slot);
      flow.since = now;
      predictions_.push_back({now + to_duration({flow.bits / flow.rate}), flow.start_order, slot});
    }
    completions_.set(predictions_);
    schedule_next_completion(simulation);
    if (watched()) report_loads(now);
  }

  void report_loads(Time now) {
    sharing_.take_loads(loads_);
    for (const MaxMinSharing::Load& load : loads_) {
      double& last = reported_[load.resource];
      if (last != load.share) report({.time = now, .link = load.resource, .load = load.share});
      last = load.share;
    }
  }

  void schedule_next_completion(Simulation& simulation) {
    const Time next = completions_.empty() ? kNever : completions_.earliest().at;
    if (next == next_completion_) return;
    if (next_completion_ != kNever) simulation.cancel(next_completion_event_);
    if (next != kNever) next_completion_event_ = simulation.schedule(next, wake_up(Wake::complete));
    next_completion_ = next;
  }

  /// All flows that end now leave together; those they shared with get their bandwidth with one recomputation.
  void complete(Simulation& simulation) {
    next_completion_ = kNever;
    while (!completions_.empty() && completions_.earliest().at == simulation.now()) {
      const auto slot = static_cast<std::uint32_t>(completions_.earliest().flow);
      completions_.pop();
      sharing_.remove(slot);
      simulation.schedule(simulation.now(), flows_[slot].on_delivery);
      free_.push_back(slot);
    }
    if (sharing_.changed()) return request_solve(simulation);
    schedule_next_completion(simulation);
    if (watched()) report_loads(simulation.now());
  }

  const Topology& topology_;
  std::vector<Flow> flows_;
  std::vector<std::uint32_t> free_;
  std::uint64_t next_start_order_ = 0;
  MaxMinSharing sharing_;
  Completions completions_;
  Time next_completion_ = kNever;  // when next_completion_event_ is due
  EventHandle next_completion_event_;
  bool solve_pending_ = false;
  std::unordered_map<std::uint64_t, double> reported_;  // loads, by resource; empty while nobody watches; never iterated

  // Scratch, without meaning between calls.
  std::vector<Resource> route_;
  std::vector<Completions::Entry> predictions_;
  std::vector<MaxMinSharing::Load> loads_;
};

}  // namespace

std::unique_ptr<Network> make_fluid_network(const Topology& topology) { return std::make_unique<Fluid>(topology); }

}  // namespace peloton
