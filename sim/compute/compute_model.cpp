#include "sim/compute/compute_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace peloton {

void ComputeSpec::validate(const Place& place) const {
  if (floor && cap && *floor > *cap)
    throw InputError(place / "cap", fmt::format("must be ≥ floor ({}), got {}", show_seconds(floor->value), show_seconds(cap->value)));
  if (law.is<FlopsLaw>() && scale_with == ComputeScale::samples)
    throw InputError(place / "scale_with", "must be none: the law \"flops\" counts the samples itself");
}

ComputeModel::ComputeModel(ComputeSpecs specs, const LawSources& sources, const Place& place, std::span<const std::uint32_t> racks)
    : spec_(std::move(specs.law)),
      floor_(spec_.floor.value_or(Seconds{0}).value),
      cap_(spec_.cap.value_or(Seconds{std::numeric_limits<double>::infinity()}).value),
      stragglers_(specs.stragglers, sources.workers, sources.seed, place / "stragglers"),
      slowdowns_(specs.slowdowns, sources.workers, racks, sources.seed, place / "slowdowns"),
      seed_(sources.seed),
      place_(place / "compute") {
  prepare(spec_.law, sources, place_);
}

Duration ComputeModel::draw(NodeId worker, std::uint64_t call, std::size_t samples, Time start) const {
  const std::uint64_t number = spec_.scope == ComputeScope::per_call ? call : 0;
  double seconds = sample(spec_.law, {.seed = seed_, .worker = worker, .number = number, .start = start, .samples = samples});
  if (spec_.scale_with == ComputeScale::samples) seconds *= static_cast<double>(samples);
  seconds = std::clamp(seconds, floor_, cap_);
  const double slowdown = stragglers_.slowdown(worker);
  constexpr double kLongest = 4.6e9;  // seconds: half the range of virtual time, so that sums cannot overflow
  if (!(seconds <= kLongest && seconds * slowdown <= kLongest)) too_long(worker, seconds * slowdown);
  std::int64_t ns = std::max<std::int64_t>(to_duration(Seconds{seconds}).ns, 1);
  if (slowdown != 1) ns = std::max<std::int64_t>(std::llround(static_cast<double>(ns) * slowdown), 1);
  return {ns};
}

void ComputeModel::too_long(NodeId worker, double seconds) const {
  throw InputError(
      place_, fmt::format("worker {} drew a time of {:.4g} s, beyond the range of virtual time (146 years): set \"cap\"", worker, seconds));
}

}  // namespace peloton
