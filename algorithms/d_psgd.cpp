#include "algorithms/d_psgd.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "algorithms/cluster.hpp"

namespace peloton {

void DPsgd::validate(const Topology& topology, std::uint64_t seed, const Place& place) {
  w_.emplace(options_.mixing, make_graph(options_.graph, topology.workers(), seed, place / "graph", &topology), place / "mixing");
}

void DPsgd::prepare(Cluster& c) {
  const std::size_t n = c.worker_count();
  LocalSteps::Settings chain;
  chain.learning_rate = options_.learning_rate;
  chain.optimizer = options_.optimizer;
  chain.result = moves_first() ? ChainResult::end : ChainResult::change;
  local_.prepare(c, chain);
  own_.resize(n);
  ready_.resize(n);
  parts_.resize(4 * w_->graph().edges());
  waiting_.resize(2 * n);
  alive_ = c.up_workers().size();
  if (c.has_faults()) since_.resize(n);
  if (c.has_faults()) lost_.resize(n);
  if (c.has_faults()) source_.resize(n, kNoNode);
  for (NodeId i = 0; i < n; ++i) waiting_[2 * i] = waiting_[2 * i + 1] = missing_parts(c, i, 0);
}

void DPsgd::on_start(Cluster& c) {
  models_.assign(c.worker_count(), c.initial_model());
  for (const NodeId i : c.up_workers()) start_step(c, i);
}

void DPsgd::start_step(Cluster& c, NodeId node) {
  local_.start(c, node, models_[node], static_cast<std::uint64_t>(options_.local_steps));
  if (moves_first()) return;
  for (const NodeId j : w_->neighbours(node))
    if (takes_part(c, j, models_[node].version)) c.send(node, j, models_[node]);
}

void DPsgd::on_gradient_ready(Cluster& c, const Gradient& chain) {
  const NodeId i = chain.node;
  local_.finish(c, chain);
  own_[i] = chain;
  ready_[i] = 1;
  if (moves_first())
    for (const NodeId j : w_->neighbours(i))
      if (takes_part(c, j, chain.base)) c.send(i, j, chain);
  combine_when_ready(c, i);
}

DPsgd::Part& DPsgd::part(NodeId node, NodeId from, std::int64_t step) {
  const std::span<const std::uint32_t> neighbours = w_->neighbours(node);
  const auto slot = static_cast<std::size_t>(std::ranges::lower_bound(neighbours, from) - neighbours.begin());
  return parts_[2 * (w_->graph().first_arc(node) + slot) + static_cast<std::size_t>(step % 2)];
}

bool DPsgd::is_there(NodeId node, NodeId from, std::int64_t step) {
  const Gradient& moved = part(node, from, step).moved;
  return moved.node != kNoNode && moved.base == step;
}

void DPsgd::on_gradient(Cluster& c, const GradientMessage& m) {
  if (m.gradient.base < models_[m.to].version) return;  // it was not waited for
  part(m.to, m.from, m.gradient.base).moved = m.gradient;
  note_part(c, m.to, m.gradient.base);
  combine_when_ready(c, m.to);
}

void DPsgd::on_model(Cluster& c, const ModelMessage& m) {
  if (c.has_faults() && m.model.version < since_[m.to]) return begin_again(c, m.to, m.model.values);
  if (m.model.version < models_[m.to].version) return;  // it was not waited for
  Part& part = this->part(m.to, m.from, m.model.version);
  part.model = m.model.values;
  part.moved.node = m.from;
  part.moved.base = m.model.version;
  note_part(c, m.to, m.model.version);
  combine_when_ready(c, m.to);
}

void DPsgd::combine_when_ready(Cluster& c, NodeId node) {
  const std::int64_t step = models_[node].version;
  std::uint32_t& waiting = waiting_[2 * node + static_cast<std::size_t>(step % 2)];
  if (ready_[node] == 0 || waiting > 0) return;
  models_[node] = {.values = combined(c, node), .version = step + 1, .created = c.now(), .bits = 0};
  ready_[node] = 0;
  waiting = missing_parts(c, node, step + 2);
  count_step(c, step);
  start_step(c, node);
}

Vector DPsgd::combined(Cluster& c, NodeId node) {
  const std::int64_t step = models_[node].version;
  std::vector<double> factors{w_->self_weight(node)};
  std::vector<Vector> terms;
  if (c.learning()) terms.push_back(moves_first() ? c.value(own_[node]) : models_[node].values);
  const std::span<const std::uint32_t> neighbours = w_->neighbours(node);
  const std::span<const double> weights = w_->weights(node);
  for (std::size_t k = 0; k < neighbours.size(); ++k) {
    if (!is_there(node, neighbours[k], step)) {
      factors.front() += weights[k];
      continue;
    }
    Part taken = std::exchange(part(node, neighbours[k], step), {});
    if (!c.learning()) continue;
    factors.push_back(weights[k]);
    terms.push_back(moves_first() ? c.value(taken.moved) : std::move(taken.model));
  }
  if (!moves_first() && c.learning()) {
    factors.push_back(-1.0);
    terms.push_back(c.value(own_[node]));
  }
  c.let_go(own_[node]);
  return c.combine(factors, terms);
}

void DPsgd::count_step(Cluster& c, std::int64_t step) {
  ++done_[step];
  make_versions(c);
}

void DPsgd::make_versions(Cluster& c) {
  while (alive_ > 0 && !done_.empty() && done_.begin()->second >= alive_) {
    const std::int64_t step = done_.begin()->first;
    done_.erase(done_.begin());
    std::vector<Gradient> contributions;
    for (const NodeId i : c.up_workers()) {
      Gradient& one = contributions.emplace_back();
      one.node = i;
      one.base = step;
      one.base_created = c.now();
    }
    const auto n = static_cast<double>(contributions.size());
    c.make_version(contributions,
                   {.keep = moves_first() ? 0.0 : 1.0,  // rows and columns of W sum to one: the mean moves by the mean change
                    .factors = std::vector<double>(contributions.size(), moves_first() ? 1 / n : -1 / n)});
  }
}

Model DPsgd::reported_model(Cluster& c) const { return c.has_faults() ? c.mean(living_models(c)) : c.mean(models_); }

std::optional<double> DPsgd::consensus_distance(Cluster& c) const {
  return c.has_faults() ? c.consensus_distance(living_models(c)) : c.consensus_distance(models_);
}

RoundPlan DPsgd::plan(const PlanContext& context) const {
  PELOTON_INVARIANT(w_ && w_->nodes() == context.workers, "gossip is planned on the graph that was validated");
  const std::uint64_t n = context.workers;
  const std::uint64_t messages = 2 * w_->graph().edges();
  RoundPlan plan;
  plan.gradients = n * static_cast<std::uint64_t>(options_.local_steps);
  plan.peer = {.count = messages, .bits = messages * context.dense_bits()};
  plan.live_models = n;
  plan.results_each = 1 + state_vectors(options_.optimizer);
  plan.held_results = n;
  plan.state_vectors = n * state_vectors(options_.optimizer);
  // Start, end and states of the chains in the two steps or so that not all nodes have done; the states of both trajectories.
  plan.twin_vectors = n * (2 * (2 + state_vectors(options_.optimizer)) + 2 * state_vectors(options_.optimizer));
  plan.held_bytes = 2 * messages * sizeof(Part);
  return plan;
}

std::string DPsgd::setup_note() const {
  const Graph& graph = w_->graph();
  const std::optional<double> gap = w_->spectral_gap();
  return fmt::format("graph {}: {} nodes, {} edges; mixing {}, spectral gap {}", options_.graph.kind(), graph.nodes(), graph.edges(),
                     options_.mixing.kind(), gap ? fmt::format("{:.4g}", *gap) : "not computed at this size");
}

void DPsgd::visit_state(StateVisitor& v, Cluster& c) {
  local_.visit_state(v, c);
  c.visit(v, "models", models_);
  c.visit(v, "own", own_);
  v("ready", ready_);
  for (Part& part : parts_) {
    c.visit(v, "moved", part.moved);
    c.visit(v, "model", part.model);
  }
  v("waiting", waiting_);
  v("done", done_);
  v("alive", alive_);
  v("since", since_);
  v("lost", lost_);
  v("source", source_);
}

}  // namespace peloton
