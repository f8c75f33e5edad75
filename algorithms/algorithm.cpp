#include "algorithms/algorithm.hpp"

#include "algorithms/cluster.hpp"

namespace peloton {

std::unique_ptr<Replay> Algorithm::make_replay(Cluster& c, const Vector& /*initial*/) const {
  return std::make_unique<Replay>(c.executor(), c.computation());
}

void Algorithm::on_model(Cluster&, const ModelMessage&) { PELOTON_INVARIANT(false, "a model arrived at an algorithm that handles none"); }

void Algorithm::on_gradient_ready(Cluster&, const Gradient&) {
  PELOTON_INVARIANT(false, "a computation ended in an algorithm that starts none");
}

void Algorithm::on_gradient(Cluster&, const GradientMessage&) {
  PELOTON_INVARIANT(false, "a gradient arrived at an algorithm that handles none");
}

void Algorithm::on_control(Cluster&, const ControlMessage&) {
  PELOTON_INVARIANT(false, "a control message arrived at an algorithm that handles none");
}

void Algorithm::on_collective(Cluster&, const CollectiveDone&) {
  PELOTON_INVARIANT(false, "a collective ended in an algorithm that starts none");
}

void Algorithm::on_raw(Cluster&, const RawMessage&) { PELOTON_INVARIANT(false, "raw bytes arrived at an algorithm that handles none"); }

void Algorithm::on_timer(Cluster&, NodeId, std::uint64_t) { PELOTON_INVARIANT(false, "a timer rang in an algorithm that sets none"); }

void Algorithm::on_node_up(Cluster& c, NodeId node) {
  if (c.server() == kNoNode) return;
  if (node != c.server()) return c.send(c.server(), node, reported_model(c));
  for (const NodeId w : c.up_workers()) c.send(c.server(), w, reported_model(c));
}

std::uint64_t message_bits(const std::optional<CodecSpec>& codec, const PlanContext& context) {
  if (!codec) return context.dense_bits();
  const auto made = make_codec(*codec, {.dimension = context.dimension,
                                        .tensors = context.tensors,
                                        .wire = context.bits_per_number == 64 ? Precision::float64 : Precision::float32,
                                        .seed = 0});
  return made->fixed_bits().value_or(context.dense_bits());
}

}  // namespace peloton
