#include "algorithms/sync_sgd.hpp"

#include "algorithms/cluster.hpp"

namespace peloton {

void SyncSgd::on_start(Cluster& c) {
  model_ = c.initial_model();
  start_round(c);
}

void SyncSgd::start_round(Cluster& c) {
  missing_ = c.worker_count();
  arrived_.resize(missing_);
  for (const NodeId w : c.workers()) c.send(c.server(), w, model_);
}

void SyncSgd::on_model(Cluster& c, const ModelMessage& m) { c.compute(m.to, m.model); }

void SyncSgd::on_gradient_ready(Cluster& c, const Gradient& g) { c.send(g.node, c.server(), g); }

void SyncSgd::on_gradient(Cluster& c, const GradientMessage& m) {
  arrived_[m.from] = m.gradient;
  if (--missing_ > 0) return;
  model_ = c.apply(std::move(model_), arrived_, *aggregator_);
  start_round(c);
}

RoundPlan SyncSgd::plan(std::size_t workers) const {
  return {.updates_per_round = 1,
          .computations_per_round = workers,
          .models_down_per_round = workers,
          .gradients_up_per_round = workers,
          .barrier = true,
          .live_models = 2,
          .held_gradients = 1,
          .state_vectors = 0};
}

void SyncSgd::visit_state(StateVisitor& v, Cluster& c) {
  c.visit(v, "model", model_);
  c.visit(v, "arrived", arrived_);
  v("missing", missing_);
}

}  // namespace peloton
