#pragma once

#include <cstddef>
#include <vector>

#include "sim/base/options.hpp"
#include "sim/base/state.hpp"

namespace peloton {

/// c_d = value
struct ConstantWeight {
  static constexpr std::string_view kind = "constant";
  static constexpr std::string_view help = "c_d = value";
  static constexpr bool bare = true;
  double value = 1;
  static auto fields() { return options(field("value", &ConstantWeight::value, kNonNegative, "weight of each movement")); }
};

/// c_d = 1 / (2 γ), as in the published code of SASG.
struct InverseStepWeight {
  static constexpr std::string_view kind = "inverse_step";
  static constexpr std::string_view help = "c_d = 1 / (2 γ) with the step size γ of the round";
  static auto fields() { return options(); }
};

/// The weights c_d of the movements: a number, or a rule by name.
using MovementWeight = OneOf<"kind", ConstantWeight, InverseStepWeight>;

struct LazyTriggerOptions {
  Count window = 10;  ///< D
  double scale = 1;
  MovementWeight weight = InverseStepWeight{};
  Count max_age = 10;

  static auto fields() {
    return options(
        field("window", &LazyTriggerOptions::window, kNonNegative,
              "movements of the model that the threshold looks back on; everyone uploads in as many first rounds"),
        field("scale", &LazyTriggerOptions::scale, kNonNegative, "factor of the threshold; 0: every worker uploads in every round"),
        field("weight", &LazyTriggerOptions::weight, "weight of a movement: a number or inverse_step, 1 / (2 step size)"),
        field("max_age", &LazyTriggerOptions::max_age, kNonNegative, "rounds that a worker may skip in a row"));
  }
};

/// The squared movements ‖w^{t+1−d} − w^{t−d}‖², d = 1 … D, of the model in the last D rounds.
class MovementWindow {
 public:
  explicit MovementWindow(std::size_t length) : length_(length) {}

  /// The movement of the round that just ended; the oldest of more than D is forgotten.
  void push(double squared);
  /// Their sum, from the oldest to the newest; 0 when there are none.
  [[nodiscard]] double sum() const;
  [[nodiscard]] std::size_t size() const { return squared_.size(); }
  void visit_state(StateVisitor& v);

 private:
  std::size_t length_;
  std::vector<double> squared_;  ///< a ring once it is full
  std::size_t oldest_ = 0;
};

/// Who uploads in a round of lazily aggregated SGD: the rule LASG-WK2 (Chen, Sun, Yin, arXiv 2002.11360), also that of SASG
/// (Deng, Li, Sun, Lu, arXiv 2112.04088). Worker m of M uploads in round t iff
///
///   ‖∇ℓ(w^t; ξ) − ∇ℓ(w_m; ξ)‖² ≥ (scale / M²) Σ_{d=1..D} c_d ‖w^{t+1−d} − w^{t−d}‖²   or   age > max_age   or   t < D
///
/// with one sample ξ and w_m, the model at the worker's last upload. Where papers and published programs differ:
///  - ≥, not >: a threshold of 0 (scale 0, window 0) makes every worker upload every time, which is sparse SGD, a change of 0 included.
///  - The window holds D movements as in the papers; SASG's program holds D iterates, D − 1 movements.
///  - The age is 1 in the round after an upload and grows by one with each skipped round, so that a worker skips at most max_age
///    rounds in a row (SASG's notebooks). Round 0, where no model has moved, has the threshold 0.
///  - A change that is not a number uploads: the server gets to see it.
class LazyTrigger {
 public:
  explicit LazyTrigger(const LazyTriggerOptions& options) : options_(options) {}

  /// An empty window of the length D.
  [[nodiscard]] MovementWindow window() const { return MovementWindow(static_cast<std::size_t>(options_.window)); }

  /// A worker of this age uploads in round t = 0, 1, … whatever its gradients are.
  [[nodiscard]] bool due(Count round, Count age) const;

  /// The right-hand side. `step_size`: γ, the factor of each worker's gradient in the sum over the workers (η / M where the server
  /// averages).
  [[nodiscard]] double threshold(const MovementWindow& movements, std::size_t workers, double step_size) const;

  /// `squared_change`, the left-hand side, makes the worker upload.
  [[nodiscard]] static bool fires(double squared_change, double threshold) { return !(squared_change < threshold); }

  /// The most models w_m that n workers can remember between two rounds, w^t among them.
  [[nodiscard]] std::size_t remembered_models(std::size_t workers) const;

 private:
  [[nodiscard]] bool always() const;

  LazyTriggerOptions options_;
};

}  // namespace peloton
