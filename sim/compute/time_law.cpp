#include "sim/compute/time_law.hpp"

#include <algorithm>

namespace peloton {
namespace {

/// "10 ms" rather than "exponential:10ms".
bool is_quantity(const Json& json) {
  if (json.is_number()) return true;
  if (!json.is_string()) return false;
  const std::string text = json.get<std::string>();
  return !text.empty() && std::string_view("0123456789.+-").find(text.front()) != std::string_view::npos;
}

}  // namespace

double TimeLaw::sample(RandomStream& random) const {
  return std::visit([&](const auto& l) { return l.sample(random, {}); }, law.value);
}

double TimeLaw::expectation() const {
  return std::visit([](const auto& l) { return l.expectation(0); }, law.value);
}

Duration draw(const TimeLaw& law, RandomStream& random) {
  constexpr double kLongest = 4.6e9;
  return to_duration({std::min(law.sample(random), kLongest)});
}

TimeLaw OptionType<TimeLaw>::parse(const Json& json, const Place& place) {
  if (!is_quantity(json)) return TimeLaw(OptionType<IndependentLaw>::parse(json, place));
  const Seconds time = OptionType<Seconds>::parse(json, place);
  if (time.value < 0) throw InputError(place, "must be ≥ 0, got " + show(json));
  return TimeLaw(time);
}

Json OptionType<TimeLaw>::write(const TimeLaw& v) {
  if (v.law.is<ConstantLaw>()) return OptionType<Seconds>::write(v.law.get<ConstantLaw>().value);
  return OptionType<IndependentLaw>::write(v.law);
}

Json OptionType<TimeLaw>::schema() {
  Json out;
  out["anyOf"] = Json::array({OptionType<Seconds>::schema(), OptionType<IndependentLaw>::schema()});
  return out;
}

}  // namespace peloton
