#include "algorithms/sync_sgd.hpp"

#include "algorithms/cluster.hpp"

namespace peloton {

void SyncSgd::prepare(Cluster& c) {
  if (options_.noise.scale > 0) c.set_computation(std::make_unique<NoisyGradient>(options_.noise));
  if (options_.compressor) up_ = &c.make_codec(*options_.compressor);
  if (const auto down = downlink(c.worker_count())) down_ = down_even_ = &c.make_codec(*down);
  if (down_ != nullptr && answers_may_be_missing(c)) down_even_ = &c.make_codec(*downlink(2));
}

void SyncSgd::on_start(Cluster& c) {
  model_ = c.initial_model();
  arrived_.resize(c.worker_count());
  begin_round(c);
}

void SyncSgd::on_model(Cluster& c, const ModelMessage& m) { c.compute(m.to, m.model); }

void SyncSgd::on_gradient_ready(Cluster& c, const Gradient& g) { c.send(g.node, c.server(), up_ == nullptr ? g : c.encoded(g, *up_)); }

void SyncSgd::on_gradient(Cluster& c, const GradientMessage& m) {
  if (!counts(c, m.from)) return c.discard(m.gradient);
  arrived_[m.from] = m.gradient;
  answered(c, m.from);
}

void SyncSgd::end_round(Cluster& c) {
  keep_answers(arrived_);
  const bool even = round_size() < c.worker_count() && round_size() % 2 == 0;
  model_ = c.apply(std::move(model_), arrived_, *aggregator_, even ? down_even_ : down_);
  arrived_.resize(c.worker_count());
  begin_round(c);
}

RoundPlan SyncSgd::plan(const PlanContext& context) const {
  const std::uint64_t n = context.workers;
  const std::uint64_t up = message_bits(options_.compressor, context);
  RoundPlan plan;
  plan.gradients = n;
  plan.up = {.count = n, .bits = n * up};
  plan.down = {.count = n, .bits = n * message_bits(downlink(n), context)};
  plan.barrier = true;
  plan.live_models = 2;
  plan.held_results = aggregator_->holds_all() ? n : 1;
  plan.held_bytes = options_.compressor ? n * ((up + 7) / 8) : 0;
  return plan;
}

void SyncSgd::visit_state(StateVisitor& v, Cluster& c) {
  c.visit(v, "model", model_);
  c.visit(v, "arrived", arrived_);
  visit_rounds(v);
}

}  // namespace peloton
