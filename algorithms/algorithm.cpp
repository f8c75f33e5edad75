#include "algorithms/algorithm.hpp"

namespace peloton {

void Algorithm::on_model(Cluster&, const ModelMessage&) { PELOTON_INVARIANT(false, "a model arrived at an algorithm that handles none"); }

void Algorithm::on_gradient_ready(Cluster&, const Gradient&) {
  PELOTON_INVARIANT(false, "a computation ended in an algorithm that starts none");
}

void Algorithm::on_gradient(Cluster&, const GradientMessage&) {
  PELOTON_INVARIANT(false, "a gradient arrived at an algorithm that handles none");
}

void Algorithm::on_raw(Cluster&, const RawMessage&) { PELOTON_INVARIANT(false, "raw bytes arrived at an algorithm that handles none"); }

void Algorithm::on_timer(Cluster&, NodeId, std::uint64_t) { PELOTON_INVARIANT(false, "a timer rang in an algorithm that sets none"); }

}  // namespace peloton
