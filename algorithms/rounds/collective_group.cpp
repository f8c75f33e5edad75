#include "algorithms/rounds/collective_group.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "algorithms/cluster.hpp"

namespace peloton {

void CollectiveGroup::start(const Cluster& c) {
  if (!c.has_faults()) return;
  members_ = c.up_workers();
  standing_.resize(c.worker_count());
}

std::vector<NodeId> CollectiveGroup::members(const Cluster& c) const {
  if (c.has_faults()) return members_;
  return {c.workers().begin(), c.workers().end()};
}

// ---- steps ------------------------------------------------------------------------------------------------------------------------

void CollectiveGroup::join(Cluster& c, std::uint64_t step, NodeId node) {
  if (!c.is_open(tags_[step % 2]) || step_of(tags_[step % 2]) != step) open(c, step, members(c));
  join_open(c, step, node);
}

void CollectiveGroup::join_open(Cluster& c, std::uint64_t step, NodeId node) {
  c.join(tags_[step % 2], node, parts_.bits ? parts_.bits(step, node) : std::nullopt);
}

void CollectiveGroup::open(Cluster& c, std::uint64_t step, std::vector<NodeId> members) {
  tags_[step % 2] = tag(step);
  const CollectiveSpec spec = parts_.collective(members);
  c.open_collective(tags_[step % 2], spec, std::move(members));
}

void CollectiveGroup::close(Cluster& c, std::uint64_t step) {
  if (step_of(tags_[step % 2]) == step) c.close_collective(tags_[step % 2]);
}

void CollectiveGroup::admit(Cluster& c, NodeId node) {
  for (const NodeId r : returning_) {
    members_.insert(std::lower_bound(members_.begin(), members_.end(), r), r);
    standing_[r].version = kNothing;
    send_model(c, node, r);
  }
  returning_.clear();
}

void CollectiveGroup::send_model(Cluster& c, NodeId from, NodeId to) {
  standing_[to].source = from;
  c.send(from, to, parts_.model());
}

void CollectiveGroup::has_model(Cluster& c, NodeId node) {
  if (!c.has_faults()) return;
  const bool first = std::none_of(members_.begin(), members_.end(), [&](NodeId m) { return standing_[m].version == version(); });
  standing_[node] = {.version = version(), .source = kNoNode, .lost = false};
  if (!first) return;
  for (const NodeId m : members_)  // who was left without anybody to send it
    if (standing_[m].version == kNothing && standing_[m].source == kNoNode) send_model(c, node, m);
}

// ---- failures ---------------------------------------------------------------------------------------------------------------------

void CollectiveGroup::on_node_down(Cluster& c, NodeId node) {
  if (on_failure_.is<StallGroup>()) return;
  std::erase(returning_, node);
  if (std::erase(members_, node) == 0) return;
  standing_[node] = {.version = standing_[node].version, .source = kNoNode, .lost = standing_[node].lost};
  ++attempt_;
  for (Standing& standing : standing_)
    if (standing.source == node) standing.source = kNoNode;
  help_those_behind(c);
  const auto step = static_cast<std::uint64_t>(version());
  close(c, step);
  for (const NodeId m : members_)
    if (parts_.ready(step, m)) join(c, step, m);
}

/// The members that have not got the result of the last step.
void CollectiveGroup::help_those_behind(Cluster& c) {
  const std::int64_t newest = version();
  const auto has_it = std::find_if(members_.begin(), members_.end(), [&](NodeId m) { return standing_[m].version == newest; });
  std::vector<NodeId> in_last_step;
  for (const NodeId m : members_)
    if (standing_[m].version == newest - 1) in_last_step.push_back(m);
  if (newest > 0) close(c, static_cast<std::uint64_t>(newest - 1));
  if (has_it == members_.end()) {
    if (in_last_step.empty()) return;
    const auto step = static_cast<std::uint64_t>(newest - 1);
    open(c, step, in_last_step);
    for (const NodeId m : in_last_step) join_open(c, step, m);
    return;
  }
  for (const NodeId m : members_)
    if (standing_[m].version != newest && standing_[m].source == kNoNode) send_model(c, *has_it, m);
}

bool CollectiveGroup::on_node_up(Cluster& c, NodeId node) {
  if (on_failure_.is<StallGroup>()) return false;
  Standing& standing = standing_[node];
  const bool has_one = !standing.lost || version() == 0;
  if (!members_.empty() || !has_one) {
    returning_.push_back(node);
    return false;
  }
  members_ = {node};
  admit(c, node);
  standing.version = version();
  return true;
}

std::string CollectiveGroup::waits_for(const Cluster& c) const {
  if (!c.has_faults()) return {};
  if (members_.empty()) return fmt::format("all were down at once, and nobody who is back has the model of step {}", version());
  std::string names;
  for (const NodeId m : members_) {
    constexpr std::size_t kMostNamed = 5;
    if (parts_.ready(static_cast<std::uint64_t>(version()), m)) continue;
    if (names.size() > 6 * kMostNamed) {
      names += ", …";
      break;
    }
    names += fmt::format("{}{}", names.empty() ? "" : ", ", m);
  }
  return fmt::format("step {} waits for {}", version(), names.empty() ? "messages that were lost" : "workers " + names);
}

void CollectiveGroup::Standing::visit_state(StateVisitor& v) {
  v("version", version);
  v("source", source);
  v("lost", lost);
}

void CollectiveGroup::visit_state(StateVisitor& v) {
  v("attempt", attempt_);
  v("tags", tags_);
  v("members", members_);
  v("returning", returning_);
  v("standing", standing_);
}

}  // namespace peloton
