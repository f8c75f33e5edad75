#include "algorithms/fedbuff.hpp"

#include <algorithm>
#include <cmath>

#include "algorithms/cluster.hpp"

namespace peloton {

void FedBuff::prepare(Cluster& c) {
  LocalSteps::Settings chain;
  chain.learning_rate = options_.learning_rate;
  chain.optimizer = options_.optimizer;
  chain.state = LocalState::reset;
  chain.result = ChainResult::change;
  local_.prepare(c, chain);
}

void FedBuff::on_start(Cluster& c) {
  model_ = c.initial_model();
  c.broadcast(c.server(), model_);
}

void FedBuff::on_model(Cluster& c, const ModelMessage& m) {
  local_.start(c, m.to, m.model, static_cast<std::uint64_t>(options_.local_steps));
}

void FedBuff::on_gradient_ready(Cluster& c, const Gradient& change) { c.send(change.node, c.server(), change); }

void FedBuff::on_gradient(Cluster& c, const GradientMessage& m) {
  buffer_.push_back(m.gradient);
  factors_.push_back(weight(c.staleness(m.gradient)) / static_cast<double>(options_.buffer));
  if (buffer_.size() == static_cast<std::size_t>(options_.buffer)) {
    model_ = c.apply(std::move(model_), buffer_, factors_);
    factors_.clear();
  }
  c.send(c.server(), m.from, model_);
}

double FedBuff::weight(std::int64_t staleness) const {
  if (options_.staleness_weight == StalenessWeight::none) return 1.0;
  return 1.0 / std::sqrt(1.0 + static_cast<double>(staleness));
}

std::uint64_t FedBuff::live_versions(std::uint64_t workers) const {
  const auto n = static_cast<double>(workers);
  const auto k = static_cast<double>(options_.buffer);
  return static_cast<std::uint64_t>(std::min(n + k, std::ceil(n / k * (1 + std::log(k)))));
}

RoundPlan FedBuff::plan(const PlanContext& context) const {
  const auto k = static_cast<std::uint64_t>(options_.buffer);
  RoundPlan plan;
  plan.gradients = k * static_cast<std::uint64_t>(options_.local_steps);
  plan.up = plan.down = {.count = k, .bits = k * context.dense_bits()};
  const std::uint64_t states = state_vectors(options_.optimizer);
  plan.live_models = live_versions(context.workers) + 1;
  plan.results_each = 1 + states;
  plan.held_results = 1;
  plan.twin_vectors = k;  // the buffer's values, compared with those at the current model
  plan.state_vectors = std::min<std::uint64_t>(states, 1);
  return plan;
}

void FedBuff::visit_state(StateVisitor& v, Cluster& c) {
  c.visit(v, "model", model_);
  c.visit(v, "buffer", buffer_);
  v("factors", factors_);
  local_.visit_state(v, c);
}

}  // namespace peloton
