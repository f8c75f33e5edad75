#include "algorithms/local_sgd.hpp"

#include "algorithms/cluster.hpp"

namespace peloton {

void LocalSgd::Options::validate(const Place& place) const {
  const bool plain = server_optimizer.law.is<SgdOptions>() && server_learning_rate.is<ConstantStep>() &&
                     server_learning_rate.get<ConstantStep>().value == 1.0;
  if (message == LocalMessage::model && !plain)
    throw InputError(place / "message",
                     "must be \"update\" where the server makes a step (server_optimizer, server_learning_rate), got \"model\"");
}

void LocalSgd::prepare(Cluster& c) {
  times_ = CommunicationTimes(options_.schedule, c.worker_count());
  LocalSteps::Settings chain;
  chain.learning_rate = options_.learning_rate;
  chain.optimizer = options_.optimizer;
  chain.state = options_.local_state;
  chain.result = averages_models() ? ChainResult::end : ChainResult::change;
  local_.prepare(c, chain);
}

void LocalSgd::on_start(Cluster& c) {
  model_ = c.initial_model();
  start_round(c);
}

void LocalSgd::start_round(Cluster& c) {
  finished_ = !times_.steps(round_);
  if (finished_) return;
  arrived_.resize(c.worker_count());
  begin_round(c);
}

void LocalSgd::on_model(Cluster& c, const ModelMessage& m) {
  const std::optional<std::uint64_t> steps = times_.steps(static_cast<std::uint64_t>(m.model.version));  // versions count rounds
  local_.set_count(m.to, steps_);
  local_.start(c, m.to, m.model, *steps);
}

void LocalSgd::on_gradient_ready(Cluster& c, const Gradient& chain) {
  local_.finish(c, chain);
  c.send(chain.node, c.server(), chain);
}

void LocalSgd::on_gradient(Cluster& c, const GradientMessage& m) {
  if (!counts(c, m.from)) return c.discard(m.gradient);
  arrived_[m.from] = m.gradient;
  answered(c, m.from);
}

void LocalSgd::end_round(Cluster& c) {
  keep_answers(arrived_);
  if (averages_models()) {
    aggregator_.set_origin(model_.values);
    model_ = c.replace(std::move(model_), arrived_, aggregator_);
  } else {
    model_ = c.apply(std::move(model_), arrived_, aggregator_);
  }
  steps_ += *times_.steps(round_++);
  start_round(c);
}

RoundPlan LocalSgd::plan(const PlanContext& context) const {
  const std::uint64_t n = context.workers;
  const CommunicationTimes times(options_.schedule, n);
  RoundPlan plan;
  plan.gradients = n * times.most_steps();
  plan.up = plan.down = {.count = n, .bits = n * context.dense_bits()};
  plan.barrier = true;
  plan.live_models = 2;
  const std::uint64_t states = state_vectors(options_.optimizer);
  const bool keeps = states > 0 && options_.local_state == LocalState::keep;
  plan.results_each = 1 + states;
  plan.held_results = keeps || aggregator_.holds_all() ? n : 1;  // keeping a state evaluates the chain before its message is read
  plan.twin_vectors = keeps ? 3 * n * states : 0;
  plan.state_vectors = keeps ? n * states : std::min<std::uint64_t>(states, 1);
  return plan;
}

void LocalSgd::visit_state(StateVisitor& v, Cluster& c) {
  c.visit(v, "model", model_);
  c.visit(v, "arrived", arrived_);
  local_.visit_state(v, c);
  aggregator_.visit_state(v);
  visit_rounds(v);
  v("round", round_);
  v("steps", steps_);
  v("finished", finished_);
}

}  // namespace peloton
