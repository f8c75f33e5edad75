#include "sim/compute/flops.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace peloton {

void FlopsLaw::validate(const Place& place) const {
  if (rate.has_value() == device.has_value())
    throw InputError(place, fmt::format("needs either \"rate\" or \"device\", got {}", rate ? "both" : "neither"));
  if (rate || peak_rate(*device, format)) return;
  std::vector<std::string_view> known;
  for (const auto& [name, value] : EnumNames<NumberFormat>::names)
    if (peak_rate(*device, value)) known.push_back(name);
  throw InputError(place / "format",
                   fmt::format("the rates known of {} are of {}, got {}", OptionType<Processor>::write(*device).get<std::string>(),
                               fmt::join(known, ", "), OptionType<NumberFormat>::write(format).get<std::string>()));
}

void FlopsLaw::prepare(const LawSources& sources, const Place& place) {
  const double work = flops_per_sample.value_or(sources.flops_per_sample);
  if (work == 0) throw InputError(place, "needs the key \"flops_per_sample\": there is no task whose model would tell it");
  per_sample = work / (efficiency * peak());
}

std::string FlopsLaw::note() const {
  const double reached = efficiency * peak();
  return fmt::format("computing: {} for a sample's gradient at {}/s, {} each", show_flops(per_sample * reached), show_flops(reached),
                     show_seconds(per_sample));
}

double FlopsLaw::sample(RandomStream& /*random*/, const ComputeCall& call) const {
  PELOTON_INVARIANT(per_sample > 0, "the work of a sample is known before its time");
  return static_cast<double>(call.samples) * per_sample + overhead.value;
}

double FlopsLaw::expectation(NodeId /*worker*/) const { return per_sample + overhead.value; }

}  // namespace peloton
