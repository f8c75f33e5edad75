#pragma once

#include "algorithms/optimizers/optimizer.hpp"
#include "algorithms/schedules/step_size.hpp"
#include "models/computation.hpp"

namespace peloton {

/// What a chain of local steps is handed back as.
enum class ChainResult : std::uint8_t {
  end,    ///< x_H
  change  ///< x_0 − x_H, the pseudo-gradient (Reddi et al., ICLR 2021), summed up apart from x: exact where η is a power of two
};

/// What a worker's optimiser remembers from one chain of local steps to the next.
enum class LocalState : std::uint8_t { keep, reset };
template <>
struct EnumNames<LocalState> {
  static constexpr std::array names = {std::pair{std::string_view("keep"), LocalState::keep},
                                       std::pair{std::string_view("reset"), LocalState::reset}};
};

/// H steps of a worker on its own, as one task:  x ← x − η_t (optimiser's direction at x),  t = first_step, first_step + 1, …
///
/// The gradient of step h is that of the task's mini-batch h. Scratch per thread: one vector for an end, two for a change.
/// Inputs, in this order: the optimiser's states, one target for each pull, the correction when there is one.
/// Results: end or change, then the optimiser's states. Scalar 0: the mean loss of the H mini-batches, when it is wanted.
class LocalSteps final : public Computation {
 public:
  struct Settings {
    StepSize learning_rate;
    OptimizerSpec optimizer;
    LocalState state = LocalState::keep;  ///< reset: the optimiser counts its steps from 1 in every chain
    ChainResult result = ChainResult::end;
    std::vector<double> pulls;  ///< with `end`, after each step, in order: x ← (1 − pulls[j]) x + pulls[j] · target j
    bool correction = false;    ///< with `end`, after the first step: x ← x − correction
    bool loss = false;          ///< scalar 0 is wanted
  };

  explicit LocalSteps(Settings settings);

  [[nodiscard]] std::size_t states() const { return rule_->states(); }
  [[nodiscard]] std::size_t results() const override { return 1 + states(); }
  [[nodiscard]] std::size_t carried() const override { return settings_.state == LocalState::keep ? states() : 0; }
  [[nodiscard]] bool ends_at_model() const override { return settings_.result == ChainResult::end; }
  [[nodiscard]] std::size_t scalars() const override { return settings_.loss ? 1 : 0; }
  [[nodiscard]] bool by_coordinate() const override { return !transform_.clip_norm; }
  void run(TaskRun& task, std::span<const MutableView> results, std::span<double> scalars) const override;

 private:
  void step(TaskRun& task, std::uint64_t h, MutableView gradient, std::span<const MutableView> states, MutableView x,
            const MutableView* change) const;

  Settings settings_;
  std::unique_ptr<OptimizerRule> rule_;
  GradientTransform transform_;
};

}  // namespace peloton
