#include "algorithms/allreduce_sgd.hpp"

#include <fmt/format.h>

#include <numeric>

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
  const std::uint64_t dense = c.dimension() * c.bits_per_number();
  const std::uint64_t bits = codec_ == nullptr ? dense : codec_->bits_of(0, c.dimension()).value_or(dense);
  group_.prepare(
      {.collective = [this, bits, each = c.bits_per_number()](std::span<const NodeId> members) { return exchange(members, bits, each); },
       .ready = [this](std::uint64_t step, NodeId node) { return part(step, node).node == node; },
       .model = [this]() -> const Model& { return model_; },
       .bits = [this](std::uint64_t step, NodeId node) { return gathers() ? std::optional(lengths_[step % 2][node]) : std::nullopt; }});
}

void AllReduceSgd::on_start(Cluster& c) {
  model_ = c.initial_model();
  for (std::vector<Gradient>& gradients : gradients_) gradients.resize(c.worker_count());
  for (std::vector<std::uint64_t>& lengths : lengths_) lengths.resize(gathers() ? c.worker_count() : 0);
  group_.start(c);
  for (const NodeId w : c.up_workers()) c.compute(w, model_);
}

void AllReduceSgd::on_gradient_ready(Cluster& c, const Gradient& g) {
  const auto step = static_cast<std::uint64_t>(g.base);
  Gradient& own = part(step, g.node);
  own = codec_ == nullptr ? g : c.encoded(g, *codec_, 1.0, errors_.empty() ? nullptr : &errors_[g.node]);
  if (gathers()) lengths_[step % 2][g.node] = own.encoded->message.bits;
  group_.join(c, step, g.node);
}

void AllReduceSgd::on_collective(Cluster& c, const CollectiveDone& d) {
  const std::uint64_t step = CollectiveGroup::step_of(d.tag);
  if (step == static_cast<std::uint64_t>(model_.version)) {  // the first to have the mean
    std::vector<Gradient> parts;
    for (const NodeId m : group_.members(c)) parts.push_back(std::move(part(step, m)));
    model_ = c.apply(std::move(model_), parts, *mean_);
    gradients_[step % 2].assign(c.worker_count(), {});
    group_.admit(c, d.node);
  }
  group_.has_model(c, d.node);
  c.compute(d.node, model_);
}

CollectiveSpec AllReduceSgd::exchange(std::span<const NodeId> workers, std::uint64_t message_bits, std::uint64_t bits_per_number) const {
  if (!gathers()) return all_reduce_.collective(workers, message_bits / bits_per_number, bits_per_number);
  CollectiveSpec out;
  out.kind = CollectiveKind::ring_all_gather;
  out.ranks = static_cast<std::uint32_t>(workers.size());
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

void AllReduceSgd::on_model(Cluster& c, const ModelMessage& m) {
  group_.has_model(c, m.to);
  c.compute(m.to, m.model);
}

void AllReduceSgd::on_node_down(Cluster& c, NodeId worker) {
  for (std::vector<Gradient>& gradients : gradients_) gradients[worker] = {};
  group_.on_node_down(c, worker);
}

void AllReduceSgd::on_node_up(Cluster& c, NodeId node) {
  if (group_.on_node_up(c, node)) c.compute(node, model_);
}

void AllReduceSgd::on_state_lost(Cluster& /*c*/, NodeId worker) {
  group_.on_state_lost(worker);
  if (!errors_.empty()) errors_[worker].forget();
}

RoundPlan AllReduceSgd::plan(const PlanContext& context) const {
  const std::uint64_t n = context.workers;
  const std::uint64_t bits = message_bits(options_.compressor, context);
  std::vector<NodeId> all(n);
  std::iota(all.begin(), all.end(), NodeId{0});
  const CollectiveSpec one = exchange(all, bits, context.bits_per_number);
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
  group_.visit_state(v);
  for (std::vector<Gradient>& gradients : gradients_) c.visit(v, "gradients", gradients);
  v("lengths", lengths_);
}

}  // namespace peloton
