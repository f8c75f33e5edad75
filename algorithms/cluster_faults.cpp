#include "algorithms/cluster_faults.hpp"

#include <fmt/format.h>

namespace peloton {
namespace {

constexpr std::uint64_t kMostIdle = 1'000'000;

}  // namespace

// ---- the cluster's side -----------------------------------------------------------------------------------------------------------

void Cluster::set_faults(FaultSchedule& schedule, Duration detection) { faults_ = std::make_unique<Faults>(*this, schedule, detection); }

bool Cluster::known_up(NodeId node) const { return faults_->known_up(node); }

std::vector<NodeId> Cluster::up_workers() const {
  std::vector<NodeId> out;
  out.reserve(worker_count());
  for (const NodeId w : workers())
    if (is_up(w)) out.push_back(w);
  return out;
}

bool Cluster::only_faults_left() const { return faults_ && faults_->only_faults_left(); }

bool Cluster::hopeless() const { return faults_ && faults_->hopeless(); }

std::string Cluster::faults_text() const { return faults_ ? faults_->text() : std::string(); }

const FaultTotals* Cluster::fault_totals() const { return faults_ ? &faults_->totals() : nullptr; }

Duration Cluster::down_time(NodeId worker) const { return faults_ ? faults_->down_time(worker) : Duration{}; }

// ---- what happens when ------------------------------------------------------------------------------------------------------------

Cluster::Faults::Faults(Cluster& cluster, FaultSchedule& schedule, Duration detection)
    : cluster_(cluster), schedule_(schedule), detection_(detection), nodes_(cluster.topology().hosts()), running_(cluster.worker_count()) {
  while (schedule_.next_time() == Time{}) {
    const NodeFault fault = schedule_.take();
    Node& node = nodes_[fault.node];
    node.paused = fault.action == FaultAction::pause;
    node.up = node.known_up = node.told_up = node.paused || fault.action == FaultAction::join;
  }
  schedule_next();
}

/// One pending event stands for all faults to come.
void Cluster::Faults::schedule_next() {
  if (schedule_.next_time() == kNever) return;
  const NodeFault& next = schedule_.next();
  const bool down = next.action == FaultAction::crash || next.action == FaultAction::leave || next.action == FaultAction::pause;
  ++own_events_;
  cluster_.simulation_.schedule(next.at,
                                {down ? EventKind::node_down : EventKind::node_up, next.node, static_cast<std::uint64_t>(Reason::due)});
}

bool Cluster::Faults::intercept(Algorithm& algorithm, const Event& event) {
  switch (event.kind) {
    case EventKind::compute_done:
      ++progress_;
      idle_ = 0;
      return false;
    case EventKind::message_delivered:
    case EventKind::message_processed: ++progress_; return intercept_message(algorithm, event);
    case EventKind::timer:
      ++progress_;
      ++idle_;
      return intercept_timer(algorithm, event);
    case EventKind::network:
      ++progress_;
      ++idle_;
      return false;
    case EventKind::node_down:
    case EventKind::node_up: break;
  }
  ++idle_;
  switch (static_cast<Reason>(event.data)) {
    case Reason::due: {
      --own_events_;
      const NodeFault fault = schedule_.take();
      schedule_next();
      happen(algorithm, fault);
      return true;
    }
    case Reason::detected:
      --own_events_;
      nodes_[event.node].detecting = false;
      tell(algorithm, event.node, false);
      return true;
    case Reason::held: deliver_news(algorithm, event.node, event.kind == EventKind::node_up); return true;
  }
  PELOTON_INVARIANT(false, "faults know the reason of their events");
}

void Cluster::Faults::happen(Algorithm& algorithm, const NodeFault& fault) {
  switch (fault.action) {
    case FaultAction::crash: go_down(fault.node, false, algorithm); break;
    case FaultAction::leave: go_down(fault.node, true, algorithm); break;
    case FaultAction::restart:
    case FaultAction::join: come_back(fault.node, fault.state_lost, algorithm); break;
    case FaultAction::pause: pause(fault.node); break;
    case FaultAction::resume: resume(fault.node); break;
  }
}

/// Before a computation is cancelled or moved.
void Cluster::Faults::record(NodeId node) const {
  NodeRecord record{.time = cluster_.now(), .node = node, .up = nodes_[node].up, .paused = nodes_[node].paused, .computing_since = {}};
  const bool stops = !record.up || record.paused;
  if (stops && node < running_.size() && running_[node].flight != Running::kNone)
    record.computing_since = cluster_.flights_[running_[node].flight].started;
  for (Observer* observer : cluster_.observers_) observer->on_node(record);
}

// ---- down and up ------------------------------------------------------------------------------------------------------------------

void Cluster::Faults::go_down(NodeId node, bool announced, Algorithm& algorithm) {
  Node& n = nodes_[node];
  n.up = false;
  n.since = n.broken = cluster_.now();
  record(node);
  cancel_computation(node);
  if (Processing* processing = cluster_.parts_.processing; processing != nullptr && processing->at(node))
    processing->clear(node, cluster_.now());
  if (announced) return tell(algorithm, node, false);
  n.detecting = true;
  ++own_events_;
  n.detection = cluster_.simulation_.schedule_in(detection_, {EventKind::node_down, node, static_cast<std::uint64_t>(Reason::detected)});
}

void Cluster::Faults::stop_detecting(Node& node) {
  if (!std::exchange(node.detecting, false)) return;
  cluster_.simulation_.cancel(node.detection);
  --own_events_;
}

void Cluster::Faults::come_back(NodeId node, bool state_lost, Algorithm& algorithm) {
  Node& n = nodes_[node];
  n.up = true;
  n.broken = cluster_.now();
  n.down += cluster_.now() - n.since;
  stop_detecting(n);
  if (came_back_at_ != progress_) came_back_ = 0;
  if (n.back_at != progress_) ++came_back_;
  n.back_at = came_back_at_ = progress_;
  record(node);
  if (node == cluster_.server()) return server_is_back(algorithm);
  if (n.told_up) tell(algorithm, node, false);  // it comes back before anybody had noticed
  if (state_lost && node < cluster_.worker_count()) algorithm.on_state_lost(cluster_, node);
  tell(algorithm, node, true);
}

void Cluster::Faults::server_is_back(Algorithm& algorithm) {
  for (const NodeId w : cluster_.workers()) {
    cancel_computation(w);
    nodes_[w].broken = cluster_.now();
  }
  nodes_[cluster_.server()].known_up = nodes_[cluster_.server()].told_up = true;
  algorithm.on_node_up(cluster_, cluster_.server());
}

void Cluster::Faults::tell(Algorithm& algorithm, NodeId node, bool up) {
  nodes_[node].told_up = up;
  const NodeId server = cluster_.server();
  if (server != kNoNode && node != server && nodes_[server].paused)
    held_[server].push_back({up ? EventKind::node_up : EventKind::node_down, node, static_cast<std::uint64_t>(Reason::held)});
  else
    deliver_news(algorithm, node, up);
}

void Cluster::Faults::deliver_news(Algorithm& algorithm, NodeId node, bool up) {
  const NodeId server = cluster_.server();
  nodes_[node].known_up = up;
  if (node >= cluster_.worker_count()) return;
  if (server != kNoNode && is_down(server)) return;  // it will find out when it is back
  if (up)
    algorithm.on_node_up(cluster_, node);
  else
    algorithm.on_node_down(cluster_, node);
}

// ---- computations -----------------------------------------------------------------------------------------------------------------

void Cluster::Faults::started(NodeId worker, std::uint32_t flight, EventHandle end, Time finish) {
  PELOTON_INVARIANT(running_[worker].flight == Running::kNone, "a worker computes one thing at a time");
  running_[worker] = {.flight = flight, .end = end, .finish = finish, .left = finish - cluster_.now()};
  if (nodes_[worker].paused) cluster_.simulation_.cancel(end);
  if (!nodes_[worker].up) cancel_computation(worker);  // what the method could not know yet
}

void Cluster::Faults::cancel_computation(NodeId node) {
  if (node >= running_.size() || running_[node].flight == Running::kNone) return;
  const Running running = std::exchange(running_[node], {});
  cluster_.simulation_.cancel(running.end);
  const Flight flight = cluster_.land(running.flight);
  if (!nodes_[node].paused) cluster_.totals_[node].busy_ns += (cluster_.now() - flight.started).ns;
  ++totals_.lost_computations;
}

void Cluster::Faults::pause(NodeId node) {
  nodes_[node].paused = true;
  nodes_[node].since = cluster_.now();
  record(node);
  if (node >= running_.size() || running_[node].flight == Running::kNone) return;
  Running& running = running_[node];
  cluster_.simulation_.cancel(running.end);
  running.left = running.finish - cluster_.now();
  cluster_.totals_[node].busy_ns += (cluster_.now() - cluster_.flights_[running.flight].started).ns;
}

void Cluster::Faults::resume(NodeId node) {
  nodes_[node].paused = false;
  record(node);
  if (node < running_.size() && running_[node].flight != Running::kNone) {
    Running& running = running_[node];
    cluster_.flights_[running.flight].started = cluster_.now();
    running.finish = cluster_.now() + running.left;
    running.end = cluster_.simulation_.schedule(running.finish, {EventKind::compute_done, node, running.flight});
  }
  const auto held = held_.find(node);
  if (held == held_.end()) return;
  for (const Event& event : held->second) cluster_.simulation_.schedule(cluster_.now(), event);
  held_.erase(held);
}

// ---- messages and timers ----------------------------------------------------------------------------------------------------------

bool Cluster::Faults::is_lost_at(NodeId node, const Flight& flight) const { return is_down(node) || flight.started < broken(node); }

bool Cluster::Faults::intercept_message(Algorithm& algorithm, const Event& event) {
  const Flight& flight = cluster_.flights_[event.data];
  // What has arrived and waits to be processed no longer depends on its sender.
  const bool arrived = event.kind == EventKind::message_processed;
  if (arrived ? is_lost_at(flight.to, flight) : is_lost_at(flight.from, flight) || is_lost_at(flight.to, flight)) {
    ++idle_;
    const Flight lost = cluster_.land(event.data);
    if (lost.kind == FlightKind::collective_result) return true;
    ++totals_.lost_messages;
    totals_.lost_bits += lost.bits;
    if (event.kind == EventKind::message_delivered)
      for (Observer* observer : cluster_.observers_) observer->on_loss(cluster_.arrival(lost));
    if (lost.kind == FlightKind::raw)
      algorithm.on_raw_lost(cluster_, {lost.from, lost.to, static_cast<std::uint64_t>(lost.version), lost.started});
    return true;
  }
  if (is_paused(flight.to)) {
    held_[flight.to].push_back(event);
    return true;
  }
  idle_ = 0;
  return false;
}

bool Cluster::Faults::intercept_timer(Algorithm& algorithm, const Event& event) {
  if (is_paused(event.node)) {
    held_[event.node].push_back(event);
    return true;
  }
  if (!is_down(event.node)) return false;
  algorithm.on_timer_missed(cluster_, event.node, event.data);
  return true;
}

// ---- the end ----------------------------------------------------------------------------------------------------------------------

bool Cluster::Faults::hopeless() const {
  if (idle_ > kMostIdle) return true;
  const std::uint64_t due = schedule_.next_time() == kNever ? 0 : 1;
  if (!only_faults_left() || own_events_ > due || !schedule_.only_recurring()) return false;
  return due == 0 || (came_back_at_ == progress_ && came_back_ >= schedule_.recurring_nodes());
}

Duration Cluster::Faults::down_time(NodeId node) const {
  const Node& n = nodes_[node];
  return n.up ? n.down : n.down + (cluster_.now() - n.since);
}

std::string Cluster::Faults::text() const {
  constexpr std::size_t kMostNamed = 5;
  std::string out;
  std::size_t count = 0;
  for (NodeId node = 0; node < nodes_.size(); ++node) {
    const Node& n = nodes_[node];
    if (n.up && !n.paused) continue;
    if (++count > kMostNamed) continue;
    const std::string name = node < cluster_.worker_count() ? fmt::format("worker {}", node) : cluster_.topology().name(node);
    out += fmt::format("{}{} is {} since {}", out.empty() ? "" : ", ", name, n.up ? "paused" : "down", show_seconds(n.since.seconds()));
  }
  if (count > kMostNamed) out += fmt::format(" and {} more", count - kMostNamed);
  for (const NetworkPartition& partition : schedule_.partitions()) {
    const auto& [start, end] = partition.outage;
    if (start <= cluster_.now() && cluster_.now() < end)
      out += fmt::format("{}the network is cut since {}", out.empty() ? "" : ", ", show_seconds(start.seconds()));
  }
  return out;
}

// ---- state ------------------------------------------------------------------------------------------------------------------------

void Cluster::Faults::Node::visit_state(StateVisitor& v) {
  v("broken", broken);
  v("since", since);
  v("down", down);
  v("detection", detection);
  v("back_at", back_at);
  v("up", up);
  v("known_up", known_up);
  v("told_up", told_up);
  v("paused", paused);
  v("detecting", detecting);
}

void Cluster::Faults::Running::visit_state(StateVisitor& v) {
  v("flight", flight);
  v("end", end);
  v("finish", finish);
  v("left", left);
}

void Cluster::Faults::visit_state(StateVisitor& v) {
  v("schedule", schedule_);
  v("nodes", nodes_);
  v("running", running_);
  v("held", held_);
  v("lost_messages", totals_.lost_messages);
  v("lost_bits", totals_.lost_bits);
  v("lost_computations", totals_.lost_computations);
  v("own_events", own_events_);
  v("progress", progress_);
  v("idle", idle_);
  v("came_back", came_back_);
  v("came_back_at", came_back_at_);
}

}  // namespace peloton
