#pragma once

#include "algorithms/optimizers/optimizer.hpp"

namespace peloton {

/// Nesterov's momentum: v ← β v + g; x ← x − η (g + β v), with v = 0 before the first step. State: v.
///
/// This is PyTorch's form: x stands for the point at which the method takes gradients, y_t = z_t − η β v_t, of the textbook's
/// v ← β v + ∇f(y), z ← z − η v (Nesterov, 1983; Sutskever et al., ICML 2013).
class Nesterov final : public OptimizerRule {
 public:
  explicit Nesterov(const NesterovOptions& options) : options_(options) {}
  [[nodiscard]] std::size_t states() const override { return 1; }
  void step(const Kernels& kernels, const Step& step, ConstView g, std::span<const MutableView> states, ConstView x,
            MutableView out) const override;

 private:
  NesterovOptions options_;
};

}  // namespace peloton
