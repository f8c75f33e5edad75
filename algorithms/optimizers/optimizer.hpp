#pragma once

#include <memory>
#include <vector>

#include "models/vector.hpp"
#include "sim/base/options.hpp"

namespace peloton {

/// x ← x − η g
struct SgdOptions {
  static constexpr std::string_view kind = "sgd";
  static constexpr std::string_view help = "x ← x − η g";
  static constexpr std::size_t state_vectors = 0;
  static auto fields() { return options(); }
};

/// Heavy ball (Polyak, 1964): v ← β v + g; x ← x − η v
struct MomentumOptions {
  static constexpr std::string_view kind = "momentum";
  static constexpr std::string_view help = "heavy ball: v ← β v + g, x ← x − η v";
  static constexpr std::size_t state_vectors = 1;
  double beta = 0.9;
  static auto fields() { return options(field("beta", &MomentumOptions::beta, below(0, 1), "momentum β")); }
};

/// Adam (Kingma, Ba, ICLR 2015), with bias correction and ε outside the root.
struct AdamOptions {
  static constexpr std::string_view kind = "adam";
  static constexpr std::string_view help = "m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², x ← x − η m̂ / (√v̂ + ε) (Kingma, Ba, ICLR 2015)";
  static constexpr std::size_t state_vectors = 2;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  static auto fields() {
    return options(field("beta1", &AdamOptions::beta1, below(0, 1), "decay β₁ of the first moment"),
                   field("beta2", &AdamOptions::beta2, below(0, 1), "decay β₂ of the second moment"),
                   field("epsilon", &AdamOptions::epsilon, kPositive, "ε in the denominator"));
  }
};

using OptimizerSpec = OneOf<"name", SgdOptions, MomentumOptions, AdamOptions>;

/// Turns a descent direction into the next iterate. Owns its state vectors.
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  /// The iterate after x along `direction` with step size η. In place when x is the caller's only handle.
  [[nodiscard]] virtual Vector step(Vector x, const Vector& direction, double learning_rate) = 0;
  virtual void visit_state(StateVisitor& v) = 0;
};

/// `space` must outlive the optimiser.
[[nodiscard]] std::unique_ptr<Optimizer> make_optimizer(const OptimizerSpec& spec, VectorSpace& space);

/// State vectors of an optimiser, without making it.
[[nodiscard]] std::size_t state_vectors(const OptimizerSpec& spec);

}  // namespace peloton
