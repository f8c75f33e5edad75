#include "algorithms/allreduce_sgd.hpp"

#include "algorithms/cluster.hpp"

namespace peloton {

void AllReduceSgd::prepare(Cluster& c) {
  group_.prepare({.collective =
                      [&c](std::size_t members) {
                        CollectiveSpec ring;
                        ring.kind = CollectiveKind::ring_all_reduce;
                        ring.ranks = static_cast<std::uint32_t>(members);
                        ring.coordinates = c.dimension();
                        ring.bits_per_coordinate = c.bits_per_number();
                        return ring;
                      },
                  .ready = [this](std::uint64_t step, NodeId node) { return part(step, node).node == node; },
                  .model = [this]() -> const Model& { return model_; }});
}

void AllReduceSgd::on_start(Cluster& c) {
  model_ = c.initial_model();
  for (std::vector<Gradient>& gradients : gradients_) gradients.resize(c.worker_count());
  group_.start(c);
  for (const NodeId w : c.up_workers()) c.compute(w, model_);
}

void AllReduceSgd::on_gradient_ready(Cluster& c, const Gradient& g) {
  const auto step = static_cast<std::uint64_t>(g.base);
  part(step, g.node) = g;
  group_.join(c, step, g.node);
}

void AllReduceSgd::on_collective(Cluster& c, const CollectiveDone& d) {
  const std::uint64_t step = CollectiveGroup::step_of(d.tag);
  if (step == static_cast<std::uint64_t>(model_.version)) {  // the first to have the mean
    std::vector<Gradient> parts;
    for (const NodeId m : group_.members(c)) parts.push_back(std::move(part(step, m)));
    model_ = c.apply(std::move(model_), parts, *mean_);
    gradients_[step % 2].assign(c.worker_count(), {});
    group_.admit(c, d.node);
  }
  group_.has_model(c, d.node);
  c.compute(d.node, model_);
}

void AllReduceSgd::on_model(Cluster& c, const ModelMessage& m) {
  group_.has_model(c, m.to);
  c.compute(m.to, m.model);
}

void AllReduceSgd::on_node_down(Cluster& c, NodeId worker) {
  for (std::vector<Gradient>& gradients : gradients_) gradients[worker] = {};
  group_.on_node_down(c, worker);
}

void AllReduceSgd::on_node_up(Cluster& c, NodeId node) {
  if (group_.on_node_up(c, node)) c.compute(node, model_);
}

RoundPlan AllReduceSgd::plan(const PlanContext& context) const {
  const std::uint64_t n = context.workers;
  RoundPlan plan;
  plan.gradients = n;
  plan.peer = {.count = 2 * n * (n - 1), .bits = 2 * (n - 1) * context.dense_bits()};
  plan.barrier = true;
  plan.live_models = 2;
  plan.held_results = 1;
  return plan;
}

void AllReduceSgd::visit_state(StateVisitor& v, Cluster& c) {
  c.visit(v, "model", model_);
  group_.visit_state(v);
  for (std::vector<Gradient>& gradients : gradients_) c.visit(v, "gradients", gradients);
}

}  // namespace peloton
