#include "algorithms/async_sgd.hpp"

#include <algorithm>

#include "algorithms/cluster.hpp"

namespace peloton {

void AsyncSgd::on_start(Cluster& c) {
  model_ = c.initial_model();
  c.broadcast(c.server(), model_);
}

void AsyncSgd::on_model(Cluster& c, const ModelMessage& m) { c.compute(m.to, m.model); }

void AsyncSgd::on_gradient_ready(Cluster& c, const Gradient& g) { c.send(g.node, c.server(), g); }

void AsyncSgd::on_gradient(Cluster& c, const GradientMessage& m) {
  const std::int64_t tau = c.staleness(m.gradient);
  if (options_.max_staleness && tau > *options_.max_staleness)
    c.discard(m.gradient);
  else
    model_ = c.apply(std::move(model_), m.gradient, scale(tau, c.worker_count()));
  c.send(c.server(), m.from, model_);
}

double AsyncSgd::scale(std::int64_t staleness, std::size_t workers) const {
  if (!options_.delay_adaptive) return 1.0;
  return std::min(1.0, static_cast<double>(workers) / static_cast<double>(std::max<std::int64_t>(staleness, 1)));
}

RoundPlan AsyncSgd::plan(const PlanContext& context) const {
  RoundPlan plan;
  plan.gradients = 1;
  plan.up = plan.down = {.count = 1, .bits = context.dense_bits()};
  plan.live_models = context.workers + 1;
  return plan;
}

void AsyncSgd::visit_state(StateVisitor& v, Cluster& c) { c.visit(v, "model", model_); }

}  // namespace peloton
