#pragma once

#include "algorithms/optimizers/optimizer.hpp"

namespace peloton {

/// x ← x − η g. No state.
class Sgd final : public OptimizerRule {
 public:
  [[nodiscard]] std::size_t states() const override { return 0; }
  void step(const Kernels& kernels, const Step& step, ConstView g, std::span<const MutableView> states, ConstView x,
            MutableView out) const override;
};

}  // namespace peloton
