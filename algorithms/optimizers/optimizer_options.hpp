#pragma once

#include <optional>

#include "sim/base/options.hpp"

namespace peloton {

/// x ← x − η g
struct SgdOptions {
  static constexpr std::string_view kind = "sgd";
  static constexpr std::string_view help = "x ← x − η g";
  static auto fields() { return options(); }
};

/// Heavy ball (Polyak, 1964): v ← β v + g; x ← x − η v
struct MomentumOptions {
  static constexpr std::string_view kind = "momentum";
  static constexpr std::string_view help = "heavy ball: v ← β v + g, x ← x − η v";
  double beta = 0.9;
  static auto fields() { return options(field("beta", &MomentumOptions::beta, below(0, 1), "momentum β")); }
};

/// Nesterov's momentum, written by the gradient at the iterate itself (Sutskever et al., ICML 2013, in PyTorch's form).
struct NesterovOptions {
  static constexpr std::string_view kind = "nesterov";
  static constexpr std::string_view help = "Nesterov's momentum: v ← β v + g, x ← x − η (g + β v)";
  double beta = 0.9;
  static auto fields() { return options(field("beta", &NesterovOptions::beta, below(0, 1), "momentum β")); }
};

/// Adam (Kingma, Ba, ICLR 2015), with bias correction and ε outside the root.
struct AdamOptions {
  static constexpr std::string_view kind = "adam";
  static constexpr std::string_view help = "m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², x ← x − η m̂ / (√v̂ + ε) (Kingma, Ba, ICLR 2015)";
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  static auto fields() {
    return options(field("beta1", &AdamOptions::beta1, below(0, 1), "decay β₁ of the first moment"),
                   field("beta2", &AdamOptions::beta2, below(0, 1), "decay β₂ of the second moment"),
                   field("epsilon", &AdamOptions::epsilon, kPositive, "ε in the denominator"));
  }
};

/// AMSGrad (Reddi, Kale, Kumar, ICLR 2018): Adam whose denominator never shrinks.
struct AmsgradOptions {
  static constexpr std::string_view kind = "amsgrad";
  static constexpr std::string_view help = "Adam with v̂ ← max(v̂, v) in place of v in the step (Reddi, Kale, Kumar, ICLR 2018)";
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  bool bias_correction = true;
  static auto fields() {
    return options(field("beta1", &AmsgradOptions::beta1, below(0, 1), "decay β₁ of the first moment"),
                   field("beta2", &AmsgradOptions::beta2, below(0, 1), "decay β₂ of the second moment"),
                   field("epsilon", &AmsgradOptions::epsilon, kPositive, "ε in the denominator"),
                   field("bias_correction", &AmsgradOptions::bias_correction,
                         "moments are divided by 1 − βᵗ, as in Adam; false: the paper's method, without"));
  }
};

/// AdaGrad (Duchi, Hazan, Singer, JMLR 2011), diagonal.
struct AdagradOptions {
  static constexpr std::string_view kind = "adagrad";
  static constexpr std::string_view help = "G ← G + g², x ← x − η g / (√G + ε) (Duchi, Hazan, Singer, JMLR 2011)";
  double initial_accumulator = 0;
  double epsilon = 1e-10;
  static auto fields() {
    return options(field("initial_accumulator", &AdagradOptions::initial_accumulator, kNonNegative, "G before the first step"),
                   field("epsilon", &AdagradOptions::epsilon, kPositive, "ε in the denominator"));
  }
};

using OptimizerLaw = OneOf<"name", SgdOptions, MomentumOptions, NesterovOptions, AdamOptions, AmsgradOptions, AdagradOptions>;

/// An optimiser by name with the keys that all share: {"name": "momentum", "beta": 0.9, "weight_decay": 1e-4}, or in short "adam".
struct OptimizerSpec {
  OptimizerLaw law = {};
  double weight_decay = 0;
  bool decoupled = false;
  std::optional<double> clip_norm = std::nullopt;
  static auto fields() {
    return options(inlined(&OptimizerSpec::law, "how a gradient becomes a step"),
                   field("weight_decay", &OptimizerSpec::weight_decay, kNonNegative, "λ: the gradient of λ/2 ‖x‖² is added"),
                   field("decoupled", &OptimizerSpec::decoupled,
                         "the weight decay acts beside the step, x ← x − η λ x (Loshchilov, Hutter, ICLR 2019)"),
                   field("clip_norm", &OptimizerSpec::clip_norm, kPositive, "longer gradients are scaled to this norm"));
  }
};

}  // namespace peloton
