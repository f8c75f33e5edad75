#pragma once

#include "algorithms/optimizers/optimizer.hpp"

namespace peloton {

/// AdaGrad with a diagonal matrix (Duchi, Hazan, Singer, JMLR 2011): G ← G + g²; x ← x − η g / (√(G₀ + G) + ε). State: G, the sum of
/// squares without the initial accumulator G₀, so that it starts at zero like every state.
class Adagrad final : public OptimizerRule {
 public:
  explicit Adagrad(const AdagradOptions& options) : options_(options) {}
  [[nodiscard]] std::size_t states() const override { return 1; }
  void step(const Kernels& kernels, const Step& step, ConstView g, std::span<const MutableView> states, ConstView x,
            MutableView out) const override;

 private:
  AdagradOptions options_;
};

}  // namespace peloton
