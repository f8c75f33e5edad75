#include "algorithms/sasg.hpp"

#include "algorithms/cluster.hpp"
#include "algorithms/triggers/two_gradients.hpp"
#include "sim/base/random.hpp"

namespace peloton {

void Sasg::prepare(Cluster& c) {
  const std::size_t n = c.worker_count();
  learning_rate_ = c.resolved(options_.learning_rate);
  codec_ = &c.make_codec(options_.compressor.value_or(IdentityOptions{}));
  if (options_.trigger) {
    trigger_.emplace(*options_.trigger);
    movements_ = trigger_->window();
    c.set_computation(std::make_unique<TwoGradients>());
  }
  for (std::size_t m = 0; m < n && c.learning() && options_.compressor; ++m) errors_.emplace_back(c.space());
  stored_.resize(n);
  if (c.has_faults()) fresh_.resize(n);
  log_ = UploadLog(n);
}

void Sasg::on_start(Cluster& c) {
  model_ = c.initial_model();
  if (trigger_) uploaded_.assign(c.worker_count(), model_);  // something to compare with; everybody uploads in round 0
  begin_round(c);
}

void Sasg::on_model(Cluster& c, const ModelMessage& m) {
  Task task;
  if (trigger_) {
    receive(c, m.model);
    task.inputs = {uploaded_[m.to].values};
  }
  c.compute(m.to, m.model, std::move(task));
}

void Sasg::receive(Cluster& c, const Model& model) {
  if (c.learning() && model.version > received_.version) {  // the first worker in the round
    const double moved = c.space().distance(model.values, received_.values);
    movements_.push(moved * moved);
  }
  if (model.version >= received_.version) received_ = model;  // one who was late may hear of an older one
}

double Sasg::gamma(const Cluster& c) const {
  return step_size(learning_rate_, static_cast<std::int64_t>(c.updates())) / static_cast<double>(round_size());
}

void Sasg::on_gradient_ready(Cluster& c, const Gradient& g) {
  if (uploads(c, g)) return upload(c, g);
  log_.skip(g.node);
  c.send_control(g.node, c.server(), 0, {}, static_cast<std::uint64_t>(options_.flag_bits));
}

bool Sasg::uploads(Cluster& c, const Gradient& g) const {
  if (!fresh_.empty() && (fresh_[g.node] != 0 || stored_[g.node].node == kNoNode)) return true;  // there is nothing to use again
  if (!trigger_ || trigger_->due(static_cast<Count>(c.updates()), log_.age(g.node))) return true;
  if (!c.learning()) return RandomStream(c.seed(), Purpose::surrogate, g.node, c.updates()).uniform() < options_.upload_probability->value;
  const double change = c.space().distance(c.result(g, 0), c.result(g, 1));
  return LazyTrigger::fires(change * change, trigger_->threshold(movements_, round_size(), gamma(c)));
}

void Sasg::upload(Cluster& c, const Gradient& g) {
  log_.upload(g.node);
  if (!fresh_.empty()) fresh_[g.node] = 0;
  if (trigger_) uploaded_[g.node] = received_;
  c.send(g.node, c.server(), c.encoded(g, *codec_, gamma(c), errors_.empty() ? nullptr : &errors_[g.node]));
}

void Sasg::on_gradient(Cluster& c, const GradientMessage& m) {
  if (!counts(c, m.from)) return c.discard(m.gradient);
  stored_[m.from] = m.gradient;
  answered(c, m.from);
}

void Sasg::on_control(Cluster& c, const ControlMessage& m) {
  if (counts(c, m.from)) answered(c, m.from);
}

void Sasg::end_round(Cluster& c) {
  if (round_size() == stored_.size()) {
    model_ = c.apply_sum(std::move(model_), stored_);
  } else {
    std::vector<Gradient> answers = stored_;
    keep_answers(answers);
    model_ = c.apply_sum(std::move(model_), answers);
  }
  begin_round(c);
}

void Sasg::on_state_lost(Cluster& /*c*/, NodeId worker) {
  if (!errors_.empty()) errors_[worker].forget();
  fresh_[worker] = 1;
}

std::unique_ptr<Replay> Sasg::make_replay(Cluster& c, const Vector& /*initial*/) const {
  return std::make_unique<Replay>(c.executor(), nullptr);  // who uploads is settled: of the two gradients the first is enough
}

std::string Sasg::needs_values() const {
  if (!options_.trigger || options_.upload_probability) return {};
  return "the lazy trigger (algorithm.trigger) compares gradients; give algorithm.upload_probability to stand for it";
}

RoundPlan Sasg::plan(const PlanContext& context) const {
  const std::uint64_t n = context.workers;
  const std::uint64_t up = message_bits(options_.compressor, context);
  RoundPlan plan;
  plan.gradients = n * (options_.trigger ? 2 : 1);
  plan.up = {.count = n, .bits = n * up};
  plan.down = {.count = n, .bits = n * context.dense_bits()};
  plan.control = options_.trigger ? RoundPlan::Messages{.count = n, .bits = n * static_cast<std::uint64_t>(options_.flag_bits)}
                                  : RoundPlan::Messages{};
  plan.barrier = true;
  // The versions before and after the step and, where the wire rounds them, the one that the workers have; those they remember.
  plan.live_models = options_.trigger ? 3 + LazyTrigger(*options_.trigger).remembered_models(n) : 2;
  plan.results_each = options_.trigger ? 2 : 1;
  plan.state_vectors = (options_.compressor ? n : 0) + 2;  // the errors; a message on its way into or out of the codec
  plan.twin_vectors = n * (2 + (options_.trigger ? 2 : 0) + (options_.compressor ? 2 : 0));  // the T_m; what old ones were made of; e_m
  plan.held_bytes = 2 * n * ((up + 7) / 8);  // the T_m held and those that will replace them
  return plan;
}

void Sasg::visit_state(StateVisitor& v, Cluster& c) {
  c.visit(v, "model", model_);
  c.visit(v, "received", received_);
  v("movements", movements_);
  for (ErrorFeedback& error : errors_) v("error", error);
  c.visit(v, "uploaded", uploaded_);
  v("log", log_);
  c.visit(v, "stored", stored_);
  v("fresh", fresh_);
  visit_rounds(v);
}

}  // namespace peloton
