#pragma once

#include <optional>

#include "algorithms/optimizers/optimizer_options.hpp"
#include "models/kernels/kernels.hpp"
#include "models/vector.hpp"

namespace peloton {

/// What is done to a gradient before the optimiser sees it, and to the iterate beside it.
struct GradientTransform {
  double weight_decay = 0;  ///< λ
  bool decoupled = false;   ///< true: x ← x − η λ x before the step (Loshchilov, Hutter, ICLR 2019); false: g ← g + λ x
  std::optional<double> clip_norm = std::nullopt;  ///< g ← g · min(1, clip_norm / ‖g‖), after the weight decay is added

  [[nodiscard]] bool idle() const { return weight_decay == 0 && !clip_norm; }
  [[nodiscard]] bool adds_to_gradient() const { return weight_decay != 0 && !decoupled; }
  [[nodiscard]] bool decays_iterate() const { return weight_decay != 0 && decoupled; }
  /// What a gradient of this norm is multiplied by: min(1, clip_norm / norm).
  [[nodiscard]] double clip_factor(double norm) const;
};

[[nodiscard]] GradientTransform gradient_transform(const OptimizerSpec& spec);

// For whole vectors, on the calling thread. Nothing is touched where the transform has nothing to do.

/// g ← (g + λ x) · min(1, clip_norm / ‖g + λ x‖). The norm is VectorSpace::norm's, bit for bit.
void transform_gradient(const GradientTransform& transform, const Kernels& kernels, ConstView x, MutableView g);
/// y ← y − η λ x where the decay is decoupled. y may be x, and in the usual case is.
void decay(const GradientTransform& transform, const Kernels& kernels, double eta, ConstView x, MutableView y);

}  // namespace peloton
