#include "analysis/scores/score_spec.hpp"

#include <fmt/format.h>

namespace peloton {
namespace {

/// A target that ends the run where it is first met cannot be held longer.
void check_in_a_row(const Target& target, const Json& scenario, const Place& place) {
  const Json* const stop = scenario.contains("stop") ? &scenario["stop"] : nullptr;
  if (target.in_a_row == 1 || stop == nullptr || !stop->is_object() || !stop->contains(target.metric)) return;
  const Json& limit = (*stop)[target.metric];
  if (!limit.is_number()) return;
  const bool ends = rises(target.metric) ? target.value >= limit.get<double>() : target.value <= limit.get<double>();
  if (ends)
    throw InputError(place / "in_a_row", fmt::format("must be 1, got {}: the run stops at the first measurement that holds {} (/stop/{})",
                                                     target.in_a_row, Target{target.metric, target.value}.text(), target.metric));
}

}  // namespace

std::optional<Target> stop_target(const Json& scenario) {
  if (!scenario.contains("stop") || !scenario["stop"].is_object()) return std::nullopt;
  for (const char* metric : {"loss", "accuracy", "suboptimality"}) {
    const auto found = scenario["stop"].find(metric);
    if (found != scenario["stop"].end() && found->is_number()) return Target{metric, found->get<double>()};
  }
  return std::nullopt;
}

ScoreSpec score_spec_of(const Json& scenario, const std::string& file) {
  const Place place{file, "/score"};
  ScoreSpec out;
  if (scenario.contains("score") && !scenario["score"].is_null()) out = parse_options<ScoreSpec>(scenario["score"], place);
  if (!out.target) out.target = stop_target(scenario);
  if (!out.target) return out;
  out.target->in_a_row = out.in_a_row;
  check_in_a_row(*out.target, scenario, place);
  return out;
}

}  // namespace peloton
