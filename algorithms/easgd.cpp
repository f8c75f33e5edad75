#include "algorithms/easgd.hpp"

#include "algorithms/cluster.hpp"

namespace peloton {

void Easgd::prepare(Cluster& c) {
  dense_ = &c.make_codec(IdentityOptions{});
  LocalSteps::Settings chain;
  chain.learning_rate = options_.learning_rate;
  chain.optimizer = options_.optimizer;
  chain.correction = true;
  local_.prepare(c, chain);
}

void Easgd::on_start(Cluster& c) {
  centre_ = c.initial_model();
  models_.assign(c.worker_count(), centre_);
  arrived_.resize(c.worker_count());
  missing_ = c.worker_count();
  c.broadcast(c.server(), centre_);
}

void Easgd::on_model(Cluster& c, const ModelMessage& m) {
  const NodeId i = m.to;
  const double alpha = options_.beta / static_cast<double>(c.worker_count());
  std::vector<Vector> pull;  // e_i; none where there are no values
  if (c.learning()) pull.push_back(c.combine(std::vector{alpha, -alpha}, std::vector{models_[i].values, m.model.values}));
  Model start = m.model;
  start.values = models_[i].values;
  local_.start(c, i, start, static_cast<std::uint64_t>(options_.period), pull);
  if (synchronous()) return;
  Gradient push;
  push.node = i;
  push.base = m.model.version;
  push.base_created = m.model.created;
  c.send(i, c.server(), c.encoded(push, c.learning() ? pull.front() : Vector(), *dense_));
}

void Easgd::on_gradient_ready(Cluster& c, const Gradient& chain) {
  const NodeId i = chain.node;
  local_.finish(c, chain);
  if (c.learning()) models_[i].values = c.value(chain);
  if (synchronous())
    c.send(i, c.server(), chain);
  else
    c.send_control(i, c.server(), 0, {}, 0);  // asks for the centre
}

void Easgd::on_control(Cluster& c, const ControlMessage& m) { c.send(c.server(), m.from, centre_); }

void Easgd::on_gradient(Cluster& c, const GradientMessage& m) {
  if (!synchronous()) {
    const Vector moved = c.learning() ? c.combine(std::vector{1.0, 1.0}, std::vector{centre_.values, c.value(m.gradient)}) : Vector();
    centre_ = c.make_version(moved, {&m.gradient, 1});
    return;
  }
  arrived_[m.from] = m.gradient;
  if (--missing_ > 0) return;
  missing_ = c.worker_count();
  c.broadcast(c.server(), centre_);
  move_centre(c);
}

void Easgd::move_centre(Cluster& c) {
  Vector moved;
  if (c.learning()) {
    std::vector<double> factors{1 - options_.beta};
    std::vector<Vector> terms{centre_.values};
    for (const Gradient& end : arrived_) {
      factors.push_back(options_.beta / static_cast<double>(arrived_.size()));
      terms.push_back(c.value(end));
    }
    moved = c.combine(factors, terms);
  }
  centre_ = c.make_version(std::move(moved), arrived_);
  for (Gradient& end : arrived_) end = Gradient();
}

std::optional<double> Easgd::consensus_distance(Cluster& c) const { return c.consensus_distance(models_); }

RoundPlan Easgd::plan(const PlanContext& context) const {
  const std::uint64_t n = synchronous() ? context.workers : 1;
  RoundPlan plan;
  plan.gradients = n * static_cast<std::uint64_t>(options_.period);
  plan.up = plan.down = {.count = n, .bits = n * context.dense_bits()};
  if (!synchronous()) plan.control = {.count = 1, .bits = 0};
  plan.barrier = synchronous();
  plan.live_models = 2 * context.workers + 2;
  plan.results_each = 1 + state_vectors(options_.optimizer);
  plan.state_vectors = context.workers * state_vectors(options_.optimizer);
  plan.held_bytes = synchronous() ? 0 : context.workers * context.dense_bits() / 8;
  return plan;
}

void Easgd::visit_state(StateVisitor& v, Cluster& c) {
  local_.visit_state(v, c);
  c.visit(v, "centre", centre_);
  c.visit(v, "models", models_);
  c.visit(v, "arrived", arrived_);
  v("missing", missing_);
}

}  // namespace peloton
