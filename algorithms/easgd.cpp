#include "algorithms/easgd.hpp"

#include "algorithms/cluster.hpp"

namespace peloton {

void Easgd::prepare(Cluster& c) {
  alpha_ = options_.beta / static_cast<double>(c.worker_count());
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
  if (synchronous())
    begin_round(c);
  else
    c.broadcast(c.server(), centre_);
}

void Easgd::on_model(Cluster& c, const ModelMessage& m) {
  const NodeId i = m.to;
  if (models_[i].version == kForgotten) models_[i] = m.model;
  std::vector<Vector> pull;  // e_i; none where there are no values
  if (c.learning()) pull.push_back(elastic(c.space(), models_[i].values, m.model.values));
  Model start = m.model;
  start.values = models_[i].values;
  const Gradient chain = local_.start(c, i, start, static_cast<std::uint64_t>(options_.period), pull);
  if (!synchronous()) c.send(i, c.server(), c.encoded(chain, c.learning() ? pull.front() : Vector(), *dense_));
}

Vector Easgd::elastic(VectorSpace& space, const Vector& x, const Vector& centre) const {
  return space.weighted_sum(std::array{alpha_, -alpha_}, std::array{x, centre});
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
    std::vector<Gradient> pull{m.gradient};
    centre_ = c.mix(std::move(centre_), 1, 1, pull);
    return;
  }
  if (!counts(c, m.from)) return c.discard(m.gradient);
  arrived_[m.from] = m.gradient;
  answered(c, m.from);
}

void Easgd::end_round(Cluster& c) {
  keep_answers(arrived_);
  const double keep = arrived_.size() == c.worker_count() ? 1 - options_.beta : 1 - alpha_ * static_cast<double>(arrived_.size());
  begin_round(c);
  centre_ = c.mix(std::move(centre_), keep, alpha_, arrived_);
  arrived_.resize(c.worker_count());
}

void Easgd::on_node_down(Cluster& c, NodeId worker) {
  if (synchronous()) ServerRounds::on_node_down(c, worker);
}

void Easgd::on_node_up(Cluster& c, NodeId node) {
  if (synchronous())
    ServerRounds::on_node_up(c, node);
  else
    Algorithm::on_node_up(c, node);
}

void Easgd::on_state_lost(Cluster& /*c*/, NodeId worker) {
  local_.forget(worker);
  models_[worker].version = kForgotten;
}

/// The workers' own models.
class Easgd::Elastic final : public Replay {
 public:
  Elastic(const Easgd& method, Cluster& c, const Vector& initial)
      : Replay(c.executor(), c.computation()),
        method_(method),
        models_(c.worker_count(), initial),
        pulls_(c.worker_count()),
        sent_(initial) {
    chains_.resize(method.synchronous() ? 0 : c.worker_count());
  }

  // Synchronous workers push what they got to. Asynchronous ones push e_i, for which their chain before has to be run first.
  [[nodiscard]] std::optional<TaskOrigin> task(const TaskOrigin& origin, const Vector& /*model*/) override {
    const NodeId i = origin.address.worker;
    if (method_.synchronous())
      pulls_[i] = method_.elastic(space(), models_[i], origin.model_on_wire ? space().rounded_to_float32(sent_) : sent_);
    const TaskOrigin* const chain = method_.synchronous() ? &origin : chains_[i].get();
    if (chain == nullptr) return std::nullopt;
    std::optional<TaskOrigin> out = Replay::task(*chain, models_[i]);
    out->inputs.back() = pulls_[i];
    return out;
  }

  [[nodiscard]] Vector contribution(const TaskOrigin& origin, const Vector& model, std::vector<Vector> results) override {
    const NodeId i = origin.address.worker;
    if (!results.empty()) models_[i] = Replay::contribution(origin, model, std::move(results));
    if (method_.synchronous()) return models_[i];
    chains_[i] = std::make_shared<TaskOrigin>(origin);
    return pulls_[i] = method_.elastic(space(), models_[i], model);
  }

  [[nodiscard]] bool makes_own_vectors() const override { return true; }
  void moved(const Vector& before) override { sent_ = before; }

  [[nodiscard]] std::optional<double> discrepancy(const TaskOrigin& origin, const Vector& x) const override {
    if (method_.synchronous()) return 0;  // pulled towards the centre of the round before by its rule, not by a delay
    return space().distance(origin.inputs.back(), method_.elastic(space(), origin.model, x));
  }

  void visit_state(StateVisitor& v) override {
    Replay::visit_state(v);
    space().visit(v, "models", models_);
    space().visit(v, "pulls", pulls_);
    space().visit(v, "sent", sent_);
    for (std::shared_ptr<const TaskOrigin>& chain : chains_) executor().visit(v, "chain", chain);
  }

 private:
  const Easgd& method_;
  std::vector<Vector> models_;                             ///< x_i
  std::vector<Vector> pulls_;                              ///< e_i of the chain that is run next
  Vector sent_;                                            ///< x̃ as it was last sent to synchronous workers
  std::vector<std::shared_ptr<const TaskOrigin>> chains_;  ///< by asynchronous worker: what it started with its last push
};

std::unique_ptr<Replay> Easgd::make_replay(Cluster& c, const Vector& initial) const { return std::make_unique<Elastic>(*this, c, initial); }

std::optional<double> Easgd::consensus_distance(Cluster& c) const {
  if (!c.has_faults()) return c.consensus_distance(models_);
  std::vector<Model> there;
  for (const NodeId i : c.up_workers())
    if (models_[i].version != kForgotten) there.push_back(models_[i]);
  return there.empty() ? 0 : c.consensus_distance(there);
}

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
  plan.twin_vectors = context.workers * (4 + 3 * state_vectors(options_.optimizer)) + 2;  // x_i and e_i of each trajectory
  plan.held_bytes = synchronous() ? 0 : context.workers * context.dense_bits() / 8;
  return plan;
}

void Easgd::visit_state(StateVisitor& v, Cluster& c) {
  local_.visit_state(v, c);
  c.visit(v, "centre", centre_);
  c.visit(v, "models", models_);
  c.visit(v, "arrived", arrived_);
  visit_rounds(v);
}

}  // namespace peloton
