#pragma once

#include "algorithms/optimizers/optimizer.hpp"

namespace peloton {

/// Heavy ball (Polyak, 1964): v ← β v + g; x ← x − η v, with v = 0 before the first step. State: v.
class Momentum final : public OptimizerRule {
 public:
  explicit Momentum(const MomentumOptions& options) : options_(options) {}
  [[nodiscard]] std::size_t states() const override { return 1; }
  void step(const Kernels& kernels, const Step& step, ConstView g, std::span<const MutableView> states, ConstView x,
            MutableView out) const override;

 private:
  MomentumOptions options_;
};

}  // namespace peloton
