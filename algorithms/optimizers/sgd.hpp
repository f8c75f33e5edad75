#pragma once

#include "algorithms/optimizers/optimizer.hpp"

namespace peloton {

/// x ← x − η g. No state.
class Sgd final : public Optimizer {
 public:
  explicit Sgd(VectorSpace& space) : space_(space) {}
  Vector step(Vector x, const Vector& direction, double learning_rate) override;
  void visit_state(StateVisitor&) override {}

 private:
  VectorSpace& space_;
};

}  // namespace peloton
