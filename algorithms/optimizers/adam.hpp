#pragma once

#include "algorithms/optimizers/optimizer.hpp"

namespace peloton {

/// Adam (Kingma, Ba, ICLR 2015): m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; x ← x − η · m/(1−β₁ᵗ) / (√(v/(1−β₂ᵗ)) + ε), t = 1, 2, …
/// States: m, v.
class Adam final : public OptimizerRule {
 public:
  explicit Adam(const AdamOptions& options) : options_(options) {}
  [[nodiscard]] std::size_t states() const override { return 2; }
  void step(const Kernels& kernels, const Step& step, ConstView g, std::span<const MutableView> states, ConstView x,
            MutableView out) const override;

 private:
  AdamOptions options_;
};

}  // namespace peloton
