#pragma once

#include "algorithms/optimizers/optimizer.hpp"

namespace peloton {

/// Adam (Kingma, Ba, ICLR 2015): m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; x ← x − η · m/(1−β₁ᵗ) / (√(v/(1−β₂ᵗ)) + ε), t = 1, 2, …
class Adam final : public Optimizer {
 public:
  Adam(const AdamOptions& options, VectorSpace& space) : options_(options), space_(space), first_(space.zeros()), second_(space.zeros()) {}
  Vector step(Vector x, const Vector& direction, double learning_rate) override;
  void visit_state(StateVisitor& v) override;

 private:
  AdamOptions options_;
  VectorSpace& space_;
  Vector first_;
  Vector second_;
  std::int64_t steps_ = 0;
};

}  // namespace peloton
