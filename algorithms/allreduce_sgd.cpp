#include "algorithms/allreduce_sgd.hpp"

#include "algorithms/cluster.hpp"

namespace peloton {

void AllReduceSgd::on_start(Cluster& c) {
  model_ = c.initial_model();
  for (const NodeId w : c.workers()) c.compute(w, model_);
}

void AllReduceSgd::on_gradient_ready(Cluster& c, const Gradient& g) {
  const auto step = static_cast<std::uint64_t>(g.base);
  std::vector<Gradient>& gradients = gradients_[step % 2];
  gradients.resize(c.worker_count());
  gradients[g.node] = g;
  if (!c.is_open(step)) {
    CollectiveSpec ring;
    ring.kind = CollectiveKind::ring_all_reduce;
    ring.ranks = static_cast<std::uint32_t>(c.worker_count());
    ring.coordinates = c.dimension();
    ring.bits_per_coordinate = c.bits_per_number();
    c.open_collective(step, ring, {c.workers().begin(), c.workers().end()});
  }
  c.join(step, g.node);
}

void AllReduceSgd::on_collective(Cluster& c, const CollectiveDone& d) {
  if (d.first) model_ = c.apply(std::move(model_), gradients_[d.tag % 2], *mean_);
  c.compute(d.node, model_);
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
  for (std::vector<Gradient>& gradients : gradients_) c.visit(v, "gradients", gradients);
}

}  // namespace peloton
