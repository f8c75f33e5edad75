#include "algorithms/rounds/server_rounds.hpp"

#include <fmt/format.h>

#include "algorithms/cluster.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {

void ServerRounds::validate(const Topology& topology, std::uint64_t /*seed*/, const Place& place) {
  if (!on_failure_.is<ContinueWithout>()) return;
  const Count quorum = on_failure_.get<ContinueWithout>().quorum;
  if (static_cast<std::size_t>(quorum) > topology.workers())
    throw InputError(place / "on_failure" / "quorum",
                     fmt::format("must be at most the number of workers ({}), got {}", topology.workers(), quorum));
}

std::size_t ServerRounds::needed() const {
  return on_failure_.is<ContinueWithout>() ? static_cast<std::size_t>(on_failure_.get<ContinueWithout>().quorum) : states_.size();
}

bool ServerRounds::answers_may_be_missing(const Cluster& c) const {
  return c.has_faults() || (on_failure_.is<ContinueWithout>() && on_failure_.get<ContinueWithout>().timeout);
}

// ---- a round ----------------------------------------------------------------------------------------------------------------------

void ServerRounds::begin_round(Cluster& c) {
  ++rounds_;
  open_ = true;
  timed_out_ = false;
  due_ = done_ = 0;
  states_.resize(c.worker_count());
  for (const NodeId w : c.workers()) {
    if (state(w) == late) continue;
    const bool up = c.is_up(w);
    set_state(w, up ? due : idle);
    due_ += up ? 1 : 0;
  }
  if (due_ == states_.size() && all_current_)
    c.broadcast(c.server(), round_model());
  else
    send_to_some(c);
  start_timer(c);
}

void ServerRounds::send_to_some(Cluster& c) {
  std::vector<NodeId> current;
  std::vector<NodeId> others;
  for (const NodeId w : c.workers()) {
    if (state(w) == due) ((states_[w] & kCurrent) != 0 || rounds_ == 1 || all_current_ ? current : others).push_back(w);
    states_[w] = static_cast<std::uint8_t>(state(w) == due ? due | kCurrent : state(w));
  }
  all_current_ = current.size() + others.size() == states_.size();
  if (!current.empty()) c.broadcast(c.server(), round_model(), current);
  Model dense = round_model();
  dense.bits = 0;
  for (const NodeId w : others) c.send(c.server(), w, dense);
}

void ServerRounds::start_timer(Cluster& c) {
  if (!on_failure_.is<ContinueWithout>()) return;
  if (const std::optional<Seconds>& timeout = on_failure_.get<ContinueWithout>().timeout)
    c.set_timer(c.server(), c.now() + to_duration(*timeout), rounds_);
}

bool ServerRounds::counts(Cluster& c, NodeId worker) {
  if (state(worker) == due) return true;
  set_state(worker, idle);
  include_when_needed(c, worker);
  return false;
}

void ServerRounds::answered(Cluster& c, NodeId worker) {
  set_state(worker, done);
  --due_;
  ++done_;
  end_when_complete(c);
}

void ServerRounds::end_when_complete(Cluster& c) {
  if (!open_ || done_ < needed() || (due_ > 0 && !timed_out_)) return;
  open_ = false;
  for (NodeId w = 0; due_ > 0; ++w) {
    if (state(w) != due) continue;
    set_state(w, late);
    --due_;
  }
  end_round(c);
}

// ---- failures ---------------------------------------------------------------------------------------------------------------------

void ServerRounds::on_timer(Cluster& c, NodeId /*node*/, std::uint64_t round) {
  if (round != rounds_) return;
  timed_out_ = true;
  end_when_complete(c);
}

void ServerRounds::on_node_down(Cluster& c, NodeId worker) {
  forget_version(worker);
  if (state(worker) == done) return;
  if (state(worker) == due) --due_;
  set_state(worker, idle);
  for (const NodeId w : c.workers()) include_when_needed(c, w);  // those whose late answers were not needed may be needed now
  end_when_complete(c);
}

void ServerRounds::on_node_up(Cluster& c, NodeId node) {
  if (node == c.server()) return begin_again(c);
  include_when_needed(c, node);
}

void ServerRounds::forget_version(NodeId worker) {
  if (std::exchange(all_current_, false))
    for (std::uint8_t& state : states_) state |= kCurrent;
  states_[worker] &= kState;
}

void ServerRounds::include_when_needed(Cluster& c, NodeId worker) {
  if (open_ && due_ + done_ < needed() && state(worker) == idle && c.is_up(worker)) include(c, worker);
}

void ServerRounds::include(Cluster& c, NodeId worker) {
  set_state(worker, due);
  ++due_;
  states_[worker] |= kCurrent;
  Model dense = round_model();
  dense.bits = 0;
  c.send(c.server(), worker, dense);
}

void ServerRounds::begin_again(Cluster& c) {
  due_ = 0;
  for (const NodeId w : c.workers()) {
    if (state(w) == done) continue;
    set_state(w, idle);
    if (open_ && c.is_up(w)) include(c, w);
  }
  if (open_) start_timer(c);
  end_when_complete(c);
}

std::string ServerRounds::waits_for(const Cluster& /*c*/) const {
  constexpr std::size_t kMostNamed = 5;
  if (!open_) return {};
  const bool everybody = !on_failure_.is<ContinueWithout>();
  std::string names;
  std::size_t count = 0;
  for (NodeId w = 0; w < states_.size(); ++w) {
    if (!(state(w) == due || (everybody && state(w) != done))) continue;
    if (++count <= kMostNamed) names += fmt::format("{}{}", names.empty() ? "" : ", ", w);
  }
  if (count > kMostNamed) names += fmt::format(" and {} more", count - kMostNamed);
  std::string out = fmt::format("round {} has {} answers", rounds_, done_);
  if (done_ < needed()) out = fmt::format("round {} has {} of the {} answers that it needs", rounds_, done_, needed());
  if (count > 0) out += fmt::format(" and waits for worker{} {}", count == 1 ? "" : "s", names);
  return out;
}

void ServerRounds::visit_rounds(StateVisitor& v) {
  v("states", states_);
  v("rounds", rounds_);
  v("due", due_);
  v("done", done_);
  v("open", open_);
  v("timed_out", timed_out_);
  v("all_current", all_current_);
}

}  // namespace peloton
