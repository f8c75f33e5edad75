#pragma once

#include "sim/base/options.hpp"

namespace peloton {

/// η_k = value
struct ConstantStep {
  static constexpr std::string_view kind = "constant";
  static constexpr std::string_view help = "η_k = value";
  static constexpr bool bare = true;
  double value = 0.1;
  static auto fields() { return options(field("value", &ConstantStep::value, kPositive, "step size η")); }
};

/// η_k = value / (1 + decay · k)
struct InverseTimeStep {
  static constexpr std::string_view kind = "inverse_time";
  static constexpr std::string_view help = "η_k = value / (1 + decay · k)";
  double value = 0.1;
  double decay = 1e-3;
  static auto fields() {
    return options(field("value", &InverseTimeStep::value, kPositive, "step size of the first update"),
                   field("decay", &InverseTimeStep::decay, kNonNegative, "decay per update"));
  }
};

/// η_k = value / √(1 + decay · k)
struct InverseSqrtStep {
  static constexpr std::string_view kind = "inverse_sqrt";
  static constexpr std::string_view help = "η_k = value / √(1 + decay · k)";
  double value = 0.1;
  double decay = 1e-3;
  static auto fields() {
    return options(field("value", &InverseSqrtStep::value, kPositive, "step size of the first update"),
                   field("decay", &InverseSqrtStep::decay, kNonNegative, "decay per update"));
  }
};

/// η_k = value · factor^(number of milestones ≤ k)
struct StepDecay {
  static constexpr std::string_view kind = "step";
  static constexpr std::string_view help = "η_k = value · factor^(milestones passed)";
  double value = 0.1;
  double factor = 0.1;
  std::vector<Count> milestones;
  static auto fields() {
    return options(field("value", &StepDecay::value, kPositive, "step size before the first milestone"),
                   field("factor", &StepDecay::factor, kPositive, "factor at each milestone"),
                   field("milestones", &StepDecay::milestones, "updates at which the step changes"));
  }
};

/// η_k = value · min(1, start + (1 − start) · k / updates): linear warm-up (Goyal et al., 2017), constant afterwards.
struct WarmupStep {
  static constexpr std::string_view kind = "warmup";
  static constexpr std::string_view help =
      "linear from start · value to value over the first updates, constant afterwards (Goyal et al., 2017)";
  double value = 0.1;
  Count updates = 100;
  double start = 0.1;
  static auto fields() {
    return options(field("value", &WarmupStep::value, kPositive, "step size after the warm-up"),
                   field("updates", &WarmupStep::updates, at_least(1), "length of the warm-up"),
                   field("start", &WarmupStep::start, between(0, 1), "share of the step size at the first update"));
  }
};

/// The step size of update k = 0, 1, …: a number, or one of the laws by kind.
using StepSize = OneOf<"kind", ConstantStep, InverseTimeStep, InverseSqrtStep, StepDecay, WarmupStep>;

[[nodiscard]] double step_size(const StepSize& schedule, std::int64_t k);

}  // namespace peloton
