#include "algorithms/schedules/step_size.hpp"

#include <algorithm>
#include <cmath>

namespace peloton {
namespace {

double bounded(double eta, const std::optional<double>& most) { return most ? std::min(eta, *most) : eta; }

/// The share of the step size at update k of a linear warm-up; 1 from its end on.
double warm(double start, Count updates, double k) {
  const auto length = static_cast<double>(updates);
  return k < length ? start + (1 - start) * k / length : 1.0;
}

double at(const ConstantStep& s, double) { return s.value; }

double at(const InverseTimeStep& s, double k) { return bounded(s.value / (1 + s.decay * k), s.most); }

double at(const InverseSqrtStep& s, double k) { return bounded(s.value / std::sqrt(1 + s.decay * k), s.most); }

double at(const StepDecay& s, double k) {
  const auto passed = std::count_if(s.milestones.begin(), s.milestones.end(), [k](Count m) { return static_cast<double>(m) <= k; });
  return s.value * std::pow(s.factor, static_cast<double>(passed)) * warm(s.start, s.warmup, k);
}

double at(const WarmupStep& s, double k) { return s.value * warm(s.start, s.updates, k); }

double at(const LinearScaling&, double) {
  PELOTON_INVARIANT(false, "linear scaling is resolved before a step is taken");
  return 0;
}

}  // namespace

StepSize resolved(const StepSize& schedule, double total_batch) {
  if (!schedule.is<LinearScaling>()) return schedule;
  PELOTON_INVARIANT(total_batch > 0, "an update uses samples");
  const auto& s = schedule.get<LinearScaling>();
  const double factor = total_batch / s.reference_batch;
  if (s.updates == 0 || factor <= 1) return ConstantStep{.value = s.value * factor};
  return WarmupStep{.value = s.value * factor, .updates = s.updates, .start = 1 / factor};
}

double step_size(const StepSize& schedule, std::int64_t k) {
  if (const auto* constant = std::get_if<ConstantStep>(&schedule.value)) return constant->value;
  return std::visit([k](const auto& s) { return at(s, static_cast<double>(k)); }, schedule.value);
}

}  // namespace peloton
