#pragma once

#include <optional>

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

/// η_k = min(value / (1 + decay · k), most)
struct InverseTimeStep {
  static constexpr std::string_view kind = "inverse_time";
  static constexpr std::string_view help = "η_k = value / (1 + decay · k), at most `most`";
  double value = 0.1;
  double decay = 1e-3;
  std::optional<double> most = std::nullopt;
  static auto fields() {
    return options(field("value", &InverseTimeStep::value, kPositive, "step size of the first update, without a bound"),
                   field("decay", &InverseTimeStep::decay, kNonNegative, "decay per update"),
                   field("most", &InverseTimeStep::most, kPositive, "upper bound of the step size"));
  }
};

/// η_k = min(value / √(1 + decay · k), most)
struct InverseSqrtStep {
  static constexpr std::string_view kind = "inverse_sqrt";
  static constexpr std::string_view help = "η_k = value / √(1 + decay · k), at most `most`";
  double value = 0.1;
  double decay = 1e-3;
  std::optional<double> most = std::nullopt;
  static auto fields() {
    return options(field("value", &InverseSqrtStep::value, kPositive, "step size of the first update, without a bound"),
                   field("decay", &InverseSqrtStep::decay, kNonNegative, "decay per update"),
                   field("most", &InverseSqrtStep::most, kPositive, "upper bound of the step size"));
  }
};

/// η_k = value · factor^(number of milestones ≤ k) · min(1, start + (1 − start) · k / warmup), the last factor only where there is a
/// warm-up
struct StepDecay {
  static constexpr std::string_view kind = "step";
  static constexpr std::string_view help = "η_k = value · factor^(milestones passed), after a linear warm-up where one is asked for";
  double value = 0.1;
  double factor = 0.1;
  std::vector<Count> milestones = {};
  Count warmup = 0;
  double start = 0.1;
  static auto fields() {
    return options(field("value", &StepDecay::value, kPositive, "step size before the first milestone"),
                   field("factor", &StepDecay::factor, kPositive, "factor at each milestone"),
                   field("milestones", &StepDecay::milestones, "updates at which the step changes"),
                   field("warmup", &StepDecay::warmup, at_least(0), "length of a linear warm-up; 0: none"),
                   field("start", &StepDecay::start, between(0, 1), "share of the step size at the first update of the warm-up"));
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

/// The linear scaling rule (Goyal et al., 2017): η = value · total batch / reference_batch, where the total batch is that of all workers
/// together, reached linearly from `value` over the first updates. A total batch below the reference needs no warm-up and has none.
struct LinearScaling {
  static constexpr std::string_view kind = "linear_scaling";
  static constexpr std::string_view help =
      "value · workers · batch / reference_batch, after a linear warm-up from value where one is asked for (Goyal et al., 2017)";
  double value = 0.1;
  double reference_batch = 256;
  Count updates = 0;
  static auto fields() {
    return options(field("value", &LinearScaling::value, kPositive, "step size for the reference batch"),
                   field("reference_batch", &LinearScaling::reference_batch, kPositive, "samples of a batch that value suits"),
                   field("updates", &LinearScaling::updates, at_least(0), "length of the warm-up; 0: none"));
  }
};

/// The step size of update k = 0, 1, …: a number, or one of the laws by kind.
using StepSize = OneOf<"kind", ConstantStep, InverseTimeStep, InverseSqrtStep, StepDecay, WarmupStep, LinearScaling>;

/// The schedule with linear scaling replaced by the law that it means for `total_batch` samples an update (> 0, all workers together).
/// Other schedules do not depend on the batch and are returned as they are.
[[nodiscard]] StepSize resolved(const StepSize& schedule, double total_batch);

/// η_k of a resolved schedule.
[[nodiscard]] double step_size(const StepSize& schedule, std::int64_t k);

}  // namespace peloton
