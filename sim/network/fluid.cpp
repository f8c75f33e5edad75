#include "sim/network/fluid.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "sim/network/active_links.hpp"
#include "sim/network/general_sharing.hpp"
#include "sim/network/server_tree_sharing.hpp"

namespace peloton {

namespace {

/// Why the network wakes up; the low bits of an event's data, above them the flow.
enum class Wake : std::uint64_t { join = 0, solve = 1, complete = 2, change = 3 };

Event wake_up(Wake why, std::uint64_t flow = 0) { return {EventKind::network, kNoNode, flow << 2 | static_cast<std::uint64_t>(why)}; }

/// Where the numbers begin of links that a flow has to itself: fatpipes whose bandwidth changes.
constexpr std::uint64_t kOwnLink = 1ULL << 63U;

struct Flow {
  Event on_delivery;
  std::uint64_t start_order = 0;
  NodeId from = kNoNode;
  NodeId to = kNoNode;
  double bits = 0;
  double cap = 0;
  Duration timeout;      // after the last bit
  bool sharing = false;  // its latency has passed

  void visit_state(StateVisitor& v) {
    v("on_delivery", on_delivery);
    v("start_order", start_order);
    v("from", from);
    v("to", to);
    v("bits", bits);
    v("cap", cap);
    v("timeout", timeout);
    v("sharing", sharing);
  }
};

/// A pending event of which there is at most one, moved as its time changes.
class Alarm {
 public:
  explicit Alarm(Wake why) : why_(why) {}

  void set(Simulation& simulation, Time at) {
    if (at == at_) return;
    if (at_ != kNever) simulation.cancel(event_);
    if (at != kNever) event_ = simulation.schedule(at, wake_up(why_));
    at_ = at;
  }
  [[nodiscard]] bool is_set() const { return at_ != kNever; }
  /// It has happened.
  void rang() { at_ = kNever; }

  void visit_state(StateVisitor& v) {
    v("at", at_);
    v("event", event_);
  }

 private:
  Wake why_;
  Time at_ = kNever;
  EventHandle event_;
};

class Fluid final : public Network {
 public:
  Fluid(NetworkParts parts, FluidSolver solver) : parts_(std::move(parts)), general_(make_general_sharing()) {
    if (solver == FluidSolver::automatic && parts_.topology.is_server_tree() && parts_.topology.servers() == 1)
      tree_ = make_server_tree_sharing(parts_.topology);
  }

  void send(Simulation& simulation, const Transmission& message, const Event& on_delivery) override {
    PELOTON_INVARIANT(message.from != message.to, "a message goes to another node");
    const PathCost path = parts_.topology.cost(message.from, message.to);
    const double cap = parts_.cap(message.rate_cap);
    LinkConditions::Delays delays;
    if (!parts_.conditions.none()) {
      parts_.topology.route(message.from, message.to, route_);
      delays = parts_.conditions.draw_delays(route_);
    }
    const Duration latency = latency_left(message, path.latency + delays.latency);
    const bool unlimited = std::isinf(path.bandwidth) && std::isinf(cap) && parts_.conditions.none();
    if (message.bits == 0 || unlimited) {
      Time at = simulation.now() + latency;
      if (!parts_.conditions.none()) at = parts_.conditions.finish(route_, cap, at, 0);  // what is empty waits for a cut link, too
      if (at != kNever) simulation.schedule(at + delays.timeout, on_delivery);
      return;
    }
    const std::uint32_t slot = take_slot();
    flows_[slot] = {on_delivery, next_start_order_++, message.from, message.to, static_cast<double>(message.bits),
                    cap,         delays.timeout,      false};
    if (latency == Duration{})
      join(simulation, slot);
    else
      simulation.schedule_in(latency, wake_up(Wake::join, slot));
  }

  void on_event(Simulation& simulation, const Event& event) override {
    switch (static_cast<Wake>(event.data & 3)) {
      case Wake::join: return join(simulation, static_cast<std::uint32_t>(event.data >> 2));
      case Wake::solve: return solve(simulation);
      case Wake::complete: return complete(simulation);
      case Wake::change: return change(simulation);
    }
    PELOTON_INVARIANT(false, "the network knows the reason of its events");
  }

  void visit_state(StateVisitor& v) override {
    v("flows", flows_);
    v("free", free_);
    v("next_start_order", next_start_order_);
    v("sharing_flows", sharing_flows_);
    v("on_general", on_general_);
    v("general", *general_);
    if (tree_) v("tree", *tree_);
    v("active_links", active_links_);
    v("conditions", parts_.conditions);
    v("completion", completion_);
    v("link_change", link_change_);
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

  FlowSharing& sharing() { return tree_ && !on_general_ ? *tree_ : *general_; }

  // ---- flows that come ------------------------------------------------------------------------------------------------------------

  /// The latency has passed: the flow begins to share, or, where it shares nothing, goes its way at its cap.
  void join(Simulation& simulation, std::uint32_t slot) {
    Flow& flow = flows_[slot];
    double cap = flow.cap;
    find_shared_route(simulation.now(), slot, cap, true);
    if (route_.empty()) {
      simulation.schedule_in(to_duration({flow.bits / cap}) + flow.timeout, flow.on_delivery);
      free_.push_back(slot);
      return;
    }
    if (watched() && sharing_flows_ == 0) general_->watch_loads();
    if (sharing_flows_ == 0) on_general_ = false;
    if (!sharing().accepts(joining_flow(slot, flow.bits, cap))) {
      hand_over(simulation.now());
      find_shared_route(simulation.now(), slot, cap, false);
    }
    sharing().join(simulation.now(), joining_flow(slot, flow.bits, cap));
    flow.sharing = true;
    ++sharing_flows_;
    request_solve(simulation);
  }

  /// Over `route_`.
  JoiningFlow joining_flow(std::uint32_t slot, double bits, double cap) const {
    const Flow& flow = flows_[slot];
    return {.flow = slot, .start_order = flow.start_order, .from = flow.from, .to = flow.to, .bits = bits, .cap = cap, .route = route_};
  }

  /// Overwrites `route_` with what the flow shares with others, at the bandwidths of now, and lowers `cap` to what it may have of the
  /// rest. `acquire`: the flow begins to use the links. A fatpipe that changes is a link of the flow's own.
  void find_shared_route(Time now, std::uint32_t slot, double& cap, bool acquire) {
    const Flow& flow = flows_[slot];
    const LinkConditions& conditions = parts_.conditions;
    parts_.topology.route(flow.from, flow.to, route_);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < route_.size(); ++i) {
      Resource resource = route_[i];
      if (!conditions.none() && conditions.varies(resource)) {
        const std::uint64_t id = solver_id(resource, slot, i);
        if (acquire) active_links_.acquire(conditions, now, resource, id);
        resource = {id, active_links_.bandwidth(id), false};
      } else {
        if (!conditions.none()) resource.bandwidth = conditions.bandwidth(resource, now);
        if (resource.fatpipe) cap = std::min(cap, resource.bandwidth);
        if (resource.fatpipe || std::isinf(resource.bandwidth)) continue;
      }
      route_[kept++] = resource;
    }
    route_.resize(kept);
  }

  static std::uint64_t solver_id(const Resource& resource, std::uint32_t slot, std::size_t hop) {
    return resource.fatpipe ? kOwnLink | std::uint64_t{slot} << 16 | hop : resource.id;
  }

  /// From the tree's solver to the general one, with what is left of each flow.
  void hand_over(Time now) {
    for (std::uint32_t slot = 0; slot < flows_.size(); ++slot) {
      if (!flows_[slot].sharing) continue;
      double cap = flows_[slot].cap;
      find_shared_route(now, slot, cap, false);
      general_->join(now, joining_flow(slot, tree_->bits_left(now, slot), cap));
    }
    tree_ = make_server_tree_sharing(parts_.topology);
    on_general_ = true;
  }

  // ---- rates ----------------------------------------------------------------------------------------------------------------------

  /// One recomputation for everything that happens at this instant, after the events of this instant scheduled so far.
  void request_solve(Simulation& simulation) {
    if (solve_pending_) return;
    solve_pending_ = true;
    simulation.schedule(simulation.now(), wake_up(Wake::solve));
  }

  void solve(Simulation& simulation) {
    solve_pending_ = false;
    sharing().solve(simulation.now());
    schedule_next(simulation);
  }

  void schedule_next(Simulation& simulation) {
    const Time next = sharing().next_end();
    completion_.set(simulation, next);
    if (!active_links_.empty() || link_change_.is_set()) {
      const bool idle = sharing_flows_ == 0 || (next == kNever && hopeless(simulation.now()));
      link_change_.set(simulation, idle ? kNever : active_links_.next_change());
    }
    if (watched()) report_loads(simulation.now());
  }

  /// True when all flows wait for links that stay cut: then no event of the network can bring anything about.
  bool hopeless(Time now) {
    return std::all_of(flows_.begin(), flows_.end(), [&](const Flow& flow) {
      if (!flow.sharing) return true;
      parts_.topology.route(flow.from, flow.to, route_);
      return std::any_of(route_.begin(), route_.end(), [&](const Resource& resource) {
        return parts_.conditions.bandwidth(resource, now) == 0 && parts_.conditions.next_change(resource, now) == kNever;
      });
    });
  }

  void change(Simulation& simulation) {
    link_change_.rang();
    active_links_.take_changes(parts_.conditions, simulation.now(), changes_);
    for (const ActiveLinks::Change& link : changes_) sharing().set_bandwidth(simulation.now(), link.id, link.bandwidth);
    if (sharing().changed()) return request_solve(simulation);
    schedule_next(simulation);
  }

  void report_loads(Time now) {
    sharing().take_loads(loads_);
    for (const ResourceLoad& load : loads_) {
      if (load.resource >= kOwnLink) continue;  // of one flow alone: no link of the topology
      double& last = reported_[load.resource];
      if (last != load.share) report({.time = now, .link = load.resource, .load = load.share});
      last = load.share;
    }
  }

  // ---- flows that end -------------------------------------------------------------------------------------------------------------

  /// All flows that end now leave together; those they shared with get their bandwidth with one recomputation.
  void complete(Simulation& simulation) {
    completion_.rang();
    ended_.clear();
    sharing().take_ended(simulation.now(), ended_);
    for (const FlowId slot : ended_) {
      Flow& flow = flows_[slot];
      simulation.schedule_in(flow.timeout, flow.on_delivery);
      flow.sharing = false;
      --sharing_flows_;
      if (!active_links_.empty()) release_links(slot);
      free_.push_back(slot);
    }
    if (sharing().changed()) return request_solve(simulation);
    schedule_next(simulation);
  }

  void release_links(std::uint32_t slot) {
    parts_.topology.route(flows_[slot].from, flows_[slot].to, route_);
    for (std::size_t i = 0; i < route_.size(); ++i)
      if (parts_.conditions.varies(route_[i])) active_links_.release(solver_id(route_[i], slot, i));
  }

  NetworkParts parts_;
  std::vector<Flow> flows_;
  std::vector<std::uint32_t> free_;
  std::uint64_t next_start_order_ = 0;
  std::uint64_t sharing_flows_ = 0;
  std::unique_ptr<FlowSharing> tree_;  // null where there is no such tree
  std::unique_ptr<FlowSharing> general_;
  bool on_general_ = false;  // although there is a tree
  ActiveLinks active_links_;
  Alarm completion_{Wake::complete};
  Alarm link_change_{Wake::change};
  bool solve_pending_ = false;
  std::unordered_map<std::uint64_t, double> reported_;  // loads, by resource; empty while nobody watches; never iterated

  // Scratch, without meaning between calls.
  std::vector<Resource> route_;
  std::vector<FlowId> ended_;
  std::vector<ActiveLinks::Change> changes_;
  std::vector<ResourceLoad> loads_;
};

}  // namespace

std::unique_ptr<Network> make_fluid_network(NetworkParts parts, FluidSolver solver) {
  return std::make_unique<Fluid>(std::move(parts), solver);
}

}  // namespace peloton
