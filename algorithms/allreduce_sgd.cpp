#include "algorithms/allreduce_sgd.hpp"

#include <fmt/format.h>

#include "algorithms/cluster.hpp"

namespace peloton {

void AllReduceSgd::Options::validate(const Place& place) const {
  if (error_feedback && !compressor)
    throw InputError(place / "error_feedback", "needs a \"compressor\": without one nothing is left out, got true");
  if (compressor && !is_linear(*compressor) && !collective.is<RingReduction>())
    throw InputError(place / "collective", fmt::format("must be \"ring\" with the compressor \"{}\", whose messages cannot be added on the "
                                                       "way but are gathered round a ring, got \"{}\"",
                                                       compressor->kind(), collective.kind()));
}

void AllReduceSgd::validate(const Topology& topology, std::uint64_t /*seed*/, const Place& place) {
  all_reduce_.validate(topology, place / "collective");
}

void AllReduceSgd::prepare(Cluster& c) {
  if (options_.compressor) codec_ = &c.make_codec(*options_.compressor);
  for (std::size_t j = 0; j < c.worker_count() && c.learning() && options_.error_feedback; ++j) errors_.emplace_back(c.space());
}

void AllReduceSgd::on_start(Cluster& c) {
  model_ = c.initial_model();
  for (const NodeId w : c.workers()) c.compute(w, model_);
}

void AllReduceSgd::on_gradient_ready(Cluster& c, const Gradient& g) {
  const auto step = static_cast<std::uint64_t>(g.base);
  std::vector<Gradient>& gradients = gradients_[step % 2];
  gradients.resize(c.worker_count());
  Gradient& own = gradients[g.node];
  own = codec_ == nullptr ? g : c.encoded(g, *codec_, 1.0, errors_.empty() ? nullptr : &errors_[g.node]);
  const std::uint64_t bits = codec_ == nullptr ? c.dimension() * c.bits_per_number() : own.encoded->message.bits;
  if (!c.is_open(step))
    c.open_collective(step, exchange(c.worker_count(), bits, c.bits_per_number()), {c.workers().begin(), c.workers().end()});
  c.join(step, g.node, gathers() ? std::optional(bits) : std::nullopt);
}

void AllReduceSgd::on_collective(Cluster& c, const CollectiveDone& d) {
  if (d.first) model_ = c.apply(std::move(model_), gradients_[d.tag % 2], *mean_);
  c.compute(d.node, model_);
}

CollectiveSpec AllReduceSgd::exchange(std::uint64_t workers, std::uint64_t message_bits, std::uint64_t bits_per_number) const {
  if (!gathers()) return all_reduce_.collective(workers, message_bits / bits_per_number, bits_per_number);
  CollectiveSpec out;
  out.kind = CollectiveKind::ring_all_gather;
  out.ranks = static_cast<std::uint32_t>(workers);
  out.coordinates = message_bits;
  out.bits_per_coordinate = 1;
  return out;
}

std::string AllReduceSgd::setup_note() const {
  if (gathers())
    return fmt::format("messages of {} cannot be added on the way: a ring all-gather takes the place of the all-reduce",
                       options_.compressor->kind());
  return all_reduce_.note();
}

RoundPlan AllReduceSgd::plan(const PlanContext& context) const {
  const std::uint64_t n = context.workers;
  const std::uint64_t bits = message_bits(options_.compressor, context);
  const CollectiveSpec one = exchange(n, bits, context.bits_per_number);
  RoundPlan plan;
  plan.gradients = n;
  plan.peer = {.count = message_count(one), .bits = total_bits(one)};
  plan.barrier = true;
  plan.live_models = 2;
  plan.held_results = 1;
  plan.held_bytes = options_.compressor ? n * ((bits + 7) / 8) : 0;
  plan.state_vectors = options_.error_feedback ? n + 2 : 0;  // the errors; a message on its way into and out of the codec
  plan.twin_vectors = options_.error_feedback ? 2 * n : 0;   // the errors of its two trajectories
  return plan;
}

void AllReduceSgd::visit_state(StateVisitor& v, Cluster& c) {
  for (ErrorFeedback& error : errors_) v("error", error);
  c.visit(v, "model", model_);
  for (std::vector<Gradient>& gradients : gradients_) c.visit(v, "gradients", gradients);
}

}  // namespace peloton
