#include "algorithms/schedules/step_size.hpp"

#include <algorithm>
#include <cmath>

namespace peloton {
namespace {

double at(const ConstantStep& s, double) { return s.value; }

double at(const InverseTimeStep& s, double k) { return s.value / (1 + s.decay * k); }

double at(const InverseSqrtStep& s, double k) { return s.value / std::sqrt(1 + s.decay * k); }

double at(const StepDecay& s, double k) {
  const auto passed = std::count_if(s.milestones.begin(), s.milestones.end(), [k](Count m) { return static_cast<double>(m) <= k; });
  return s.value * std::pow(s.factor, static_cast<double>(passed));
}

double at(const WarmupStep& s, double k) {
  const double share = s.start + (1 - s.start) * k / static_cast<double>(s.updates);
  return s.value * std::min(1.0, share);
}

}  // namespace

double step_size(const StepSize& schedule, std::int64_t k) {
  if (const auto* constant = std::get_if<ConstantStep>(&schedule.value)) return constant->value;
  return std::visit([k](const auto& s) { return at(s, static_cast<double>(k)); }, schedule.value);
}

}  // namespace peloton
