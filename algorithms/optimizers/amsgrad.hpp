#pragma once

#include "algorithms/optimizers/optimizer.hpp"

namespace peloton {

/// AMSGrad (Reddi, Kale, Kumar, ICLR 2018, Algorithm 2): m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; v̂ ← max(v̂, v);
/// x ← x − η · m/c₁ / (√(v̂/c₂) + ε). States: m, v, v̂.
///
/// The paper's method has c₁ = c₂ = 1 (and no ε). With bias correction cᵢ = 1 − βᵢᵗ, as in the common implementations: the maximum is
/// taken of the moments before their correction.
class Amsgrad final : public OptimizerRule {
 public:
  explicit Amsgrad(const AmsgradOptions& options) : options_(options) {}
  [[nodiscard]] std::size_t states() const override { return 3; }
  void step(const Kernels& kernels, const Step& step, ConstView g, std::span<const MutableView> states, ConstView x,
            MutableView out) const override;

 private:
  AmsgradOptions options_;
};

}  // namespace peloton
