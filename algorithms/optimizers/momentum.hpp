#pragma once

#include "algorithms/optimizers/optimizer.hpp"

namespace peloton {

/// Heavy ball (Polyak, 1964): v ← β v + g; x ← x − η v, with v = 0 before the first step.
class Momentum final : public Optimizer {
 public:
  Momentum(const MomentumOptions& options, VectorSpace& space) : options_(options), space_(space), velocity_(space.zeros()) {}
  Vector step(Vector x, const Vector& direction, double learning_rate) override;
  void visit_state(StateVisitor& v) override { space_.visit(v, "velocity", velocity_); }

 private:
  MomentumOptions options_;
  VectorSpace& space_;
  Vector velocity_;
};

}  // namespace peloton
