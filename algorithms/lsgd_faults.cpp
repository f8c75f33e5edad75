#include <fmt/format.h>

#include <algorithm>

#include "algorithms/cluster.hpp"
#include "algorithms/lsgd.hpp"

namespace peloton {

std::vector<NodeId> Lsgd::participants(const Cluster& c) const {
  std::vector<NodeId> out;
  for (const NodeId i : c.workers())
    if (!c.has_faults() || there_[i] != 0) out.push_back(i);
  return out;
}

std::vector<NodeId> Lsgd::participants(const Cluster& c, std::size_t team) const {
  if (!c.has_faults()) return {members(team).begin(), members(team).end()};
  std::vector<NodeId> out;
  for (const NodeId i : chosen_among_)
    if (there_[i] != 0 && (team == everybody() || group_of_[i] == team)) out.push_back(i);
  return out;
}

std::vector<Model> Lsgd::models_there(const Cluster& c) const {
  std::vector<Model> out;
  for (const NodeId i : c.up_workers())
    if (lost_[i] == 0) out.push_back(models_[i]);
  return out.empty() ? models_ : out;
}

// ---- workers that go --------------------------------------------------------------------------------------------------------------

void Lsgd::on_node_down(Cluster& c, NodeId worker) {
  if (options_.on_failure.is<StallGroup>()) return;
  std::erase(returning_, worker);
  if (there_[worker] == 0) return;
  there_[worker] = 0;
  chains_[worker] = {};
  awaited_[worker].clear();
  close_collectives(c);
  const bool was_hearing = (progress_[worker] & hearing) != 0;
  progress_[worker] = 0;
  for (const NodeId i : participants(c)) {
    if ((progress_[i] & hearing) != 0) help(c, i);
    if (std::erase(awaited_[i], worker) != 0 && progress_[i] == joining) send_a_start(c, i);
  }
  for (const NodeId i : participants(c))
    if (progress_[i] == loss_given) give_loss(c, i);
  if (was_hearing && --missing_ == 0) c.make_version(ended_, {.keep = 0, .factors = std::vector<double>(ended_.size())});
}

void Lsgd::close_collectives(Cluster& c) {
  if (round_ > 0) c.close_collective(tag(round_ - 1, gathering()));
  for (std::size_t phase = 0; phase <= gathering(); ++phase) c.close_collective(tag(round_, phase));
  ++attempt_;
}

/// A participant of the last choice with a leader's model: the leader, or the first who has heard it; kNoNode: nobody is left.
NodeId Lsgd::who_knows(const Cluster& c, std::size_t team) const {
  const NodeId leader = leaders_[team];
  if (leader != kNoNode && there_[leader] != 0) return leader;
  const std::uint8_t heard = team == everybody() ? all_heard : group_heard;
  for (const NodeId i : participants(c, team))
    if ((progress_[i] & hearing) == 0 || (progress_[i] & heard) != 0) return i;
  return kNoNode;
}

/// Sends the worker what it has not heard of the last choice, unless that is under way from somebody who is still there.
void Lsgd::help(Cluster& c, NodeId worker) {
  if (!awaited_[worker].empty() && std::ranges::all_of(awaited_[worker], [&](NodeId from) { return there_[from] != 0; })) return;
  awaited_[worker].clear();
  bool nobody_knows = false;
  const auto ask = [&](std::size_t team, Progress what) {
    if ((everything() & what) == 0 || (progress_[worker] & what) != 0 || worker == leaders_[team]) return;
    const NodeId from = who_knows(c, team);
    nobody_knows = nobody_knows || from == kNoNode;
    if (from == kNoNode) return;
    awaited_[worker].push_back(from);
    c.send(from, worker, Model{.values = led_to_[team], .version = static_cast<std::int64_t>(round_), .created = c.now(), .bits = 0});
  };
  ask(group_of_[worker], group_heard);
  ask(everybody(), all_heard);
  if (nobody_knows) models_[worker].values = ends_[worker];
  if (awaited_[worker].empty()) heard_everything(c, worker);
}

void Lsgd::on_model(Cluster& c, const ModelMessage& m) {
  std::vector<NodeId>& awaited = awaited_[m.to];
  const auto from = std::ranges::find(awaited, m.from);
  if (from == awaited.end()) return;  // somebody else has been asked since
  awaited.erase(from);
  if (!awaited.empty()) return;
  if (progress_[m.to] != joining) return heard_everything(c, m.to);
  models_[m.to] = m.model;
  lost_[m.to] = 0;
  start_chain(c, m.to);
}

// ---- workers that come ------------------------------------------------------------------------------------------------------------

void Lsgd::on_state_lost(Cluster& /*c*/, NodeId worker) {
  local_.forget(worker);
  lost_[worker] = 1;
}

void Lsgd::on_node_up(Cluster& c, NodeId worker) {
  if (options_.on_failure.is<StallGroup>()) return;
  returning_.push_back(worker);
  if (participants(c).empty()) admit(c);
}

/// Those who have returned take part from now on.
void Lsgd::admit(Cluster& c) {
  for (const NodeId i : std::exchange(returning_, {})) {
    there_[i] = 1;
    progress_[i] = joining;
    send_a_start(c, i);
  }
}

/// The model of the leader of its group, or of the first worker that has one.
void Lsgd::send_a_start(Cluster& c, NodeId worker) {
  const auto has_one = [&](NodeId i) { return i != kNoNode && i != worker && there_[i] != 0 && lost_[i] == 0; };
  if (lost_[worker] == 0) return start_chain(c, worker);
  NodeId from = leaders_[group_of_[worker]];
  if (!has_one(from)) {
    const std::vector<NodeId> all = participants(c);
    const auto first = std::ranges::find_if(all, has_one);
    from = first == all.end() ? kNoNode : *first;
  }
  if (from == kNoNode) {  // nobody has kept anything
    models_[worker] = c.initial_model();
    lost_[worker] = 0;
    return start_chain(c, worker);
  }
  awaited_[worker] = {from};
  c.send(from, worker, models_[from]);
}

std::string Lsgd::waits_for(const Cluster& c) const {
  if (!c.has_faults()) return {};
  std::uint64_t given = 0;
  for (const std::uint8_t progress : progress_) given += (progress & loss_given) != 0 ? 1 : 0;
  return fmt::format("the choice of leaders number {} has the losses of {} of {} workers", round_ + 1, given, participants(c).size());
}

}  // namespace peloton
