#pragma once

#include <memory>
#include <span>
#include <vector>

#include "algorithms/optimizers/gradient_transform.hpp"
#include "algorithms/optimizers/optimizer_options.hpp"
#include "models/kernels/kernels.hpp"
#include "models/vector.hpp"

namespace peloton {

/// The arithmetic of an optimiser's step, without memory of its own: the server's optimiser and the workers' local steps share it.
class OptimizerRule {
 public:
  static constexpr std::size_t kMostStates = 3;

  virtual ~OptimizerRule() = default;

  /// Vectors of state, all zero before the first step; at most kMostStates.
  [[nodiscard]] virtual std::size_t states() const = 0;

  struct Step {
    double learning_rate = 0;  ///< η
    std::int64_t number = 1;   ///< t = 1, 2, …
  };
  /// out ← x after one step along the gradient g; advances the states. All vectors have the same size and precision and are treated
  /// element by element, so that a part of each may be given; out may be x.
  virtual void step(const Kernels& kernels, const Step& step, ConstView g, std::span<const MutableView> states, ConstView x,
                    MutableView out) const = 0;
};

/// The arithmetic alone.
[[nodiscard]] std::unique_ptr<OptimizerRule> make_optimizer_rule(const OptimizerSpec& spec);

/// An optimiser with its states: turns descent directions into iterates. A step is, bit for bit, transform_gradient, decay and the rule's
/// step on the whole vector, but spread over the threads of the space.
class Optimizer {
 public:
  /// `space` must outlive the optimiser.
  Optimizer(const OptimizerSpec& spec, VectorSpace& space);
  /// The iterate after x along `gradient` with step size η. In place when x is the caller's only handle.
  [[nodiscard]] Vector step(Vector x, const Vector& gradient, double learning_rate);
  void visit_state(StateVisitor& v);

 private:
  [[nodiscard]] Vector transformed(const Vector& gradient, const Vector& x);

  std::unique_ptr<OptimizerRule> rule_;
  GradientTransform transform_;
  VectorSpace& space_;
  std::vector<Vector> states_;
  std::int64_t steps_ = 0;
};

/// State vectors of an optimiser, without making it.
[[nodiscard]] std::size_t state_vectors(const OptimizerSpec& spec);

}  // namespace peloton
