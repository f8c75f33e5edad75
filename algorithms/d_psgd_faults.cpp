#include <fmt/format.h>

#include <algorithm>

#include "algorithms/cluster.hpp"
#include "algorithms/d_psgd.hpp"

namespace peloton {

bool DPsgd::takes_part(const Cluster& c, NodeId node, std::int64_t step) const {
  return !c.has_faults() || options_.on_failure.is<StallGroup>() || (c.is_up(node) && since_[node] <= step);
}

// ---- parts of a step --------------------------------------------------------------------------------------------------------------

std::uint32_t DPsgd::missing_parts(const Cluster& c, NodeId node, std::int64_t step) {
  if (!c.has_faults()) return static_cast<std::uint32_t>(w_->degree(node));
  std::uint32_t out = 0;
  for (const NodeId j : w_->neighbours(node))
    if (takes_part(c, j, step) && !is_there(node, j, step)) ++out;
  return out;
}

void DPsgd::count_missing(const Cluster& c, NodeId node) {
  const std::int64_t step = models_[node].version;
  for (const std::int64_t t : {step, step + 1}) waiting_[2 * node + static_cast<std::size_t>(t % 2)] = missing_parts(c, node, t);
}

void DPsgd::note_part(const Cluster& c, NodeId node, std::int64_t step) {
  if (!c.has_faults())
    --waiting_[2 * node + static_cast<std::size_t>(step % 2)];
  else
    count_missing(c, node);  // a neighbour that came back may be more than one step ahead
}

// ---- nodes that go and come -------------------------------------------------------------------------------------------------------

void DPsgd::on_node_down(Cluster& c, NodeId node) {
  if (options_.on_failure.is<StallGroup>()) return;
  own_[node] = {};
  ready_[node] = 0;
  source_[node] = kNoNode;
  const std::size_t first = 2 * w_->graph().first_arc(node);
  for (std::size_t k = first; k < first + 2 * w_->degree(node); ++k) parts_[k] = {};
  --alive_;
  for (auto& [step, nodes] : done_)
    if (step < models_[node].version) --nodes;
  for (const NodeId i : w_->neighbours(node)) {
    if (!c.is_up(i)) continue;
    if (source_[i] == node) send_a_model(c, i);
    count_missing(c, i);
    combine_when_ready(c, i);
  }
  make_versions(c);
}

void DPsgd::on_state_lost(Cluster& /*c*/, NodeId node) {
  local_.forget(node);
  lost_[node] = 1;
}

void DPsgd::on_node_up(Cluster& c, NodeId node) {
  if (options_.on_failure.is<StallGroup>()) return;
  // Of the step in which it failed, parts may still be used; of steps that all have done there is nothing to be done.
  std::int64_t step = std::max(models_[node].version + 1, static_cast<std::int64_t>(c.updates()));
  for (const NodeId j : w_->neighbours(node))
    if (c.is_up(j)) step = std::max(step, models_[j].version + 1);
  since_[node] = models_[node].version = step;
  ++alive_;
  for (auto done = static_cast<std::int64_t>(c.updates()); done < step; ++done) ++done_[done];
  for (const NodeId j : w_->neighbours(node))
    if (c.is_up(j)) count_missing(c, j);
  if (lost_[node] != 0)
    send_a_model(c, node);
  else
    begin_again(c, node, models_[node].values);
  make_versions(c);
}

void DPsgd::send_a_model(Cluster& c, NodeId to) {
  for (const NodeId j : w_->neighbours(to)) {
    if (!c.is_up(j) || source_[j] != kNoNode) continue;
    Model model = models_[j];
    model.version = since_[to] - 1;  // no part of a step that it takes part in
    source_[to] = j;
    return c.send(j, to, model);
  }
  begin_again(c, to, c.initial_model().values);
}

void DPsgd::begin_again(Cluster& c, NodeId node, const Vector& values) {
  lost_[node] = 0;
  source_[node] = kNoNode;
  models_[node] = {.values = values, .version = since_[node], .created = c.now(), .bits = 0};
  local_.set_count(node, static_cast<std::uint64_t>(since_[node] * options_.local_steps));
  count_missing(c, node);
  start_step(c, node);
}

// ---- what is reported -------------------------------------------------------------------------------------------------------------

std::vector<Model> DPsgd::living_models(const Cluster& c) const {
  std::vector<Model> out;
  for (const NodeId i : c.up_workers())
    if (lost_[i] == 0) out.push_back(models_[i]);
  return out.empty() ? models_ : out;
}

std::string DPsgd::waits_for(const Cluster& c) const {
  for (const NodeId i : c.up_workers()) {
    const std::int64_t step = models_[i].version;
    if (ready_[i] != 0)
      return fmt::format("node {} waits in step {} for {} of its neighbours", i, step,
                         waiting_[2 * i + static_cast<std::size_t>(step % 2)]);
  }
  return {};
}

}  // namespace peloton
