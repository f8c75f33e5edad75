#pragma once

#include "sim/compute/independent_laws.hpp"

namespace peloton {

/// A time as scenarios give it: a fixed one ("10 ms" or 0.01, at least 0), or a law that independent times are drawn from
/// ({"distribution": "exponential", "mean": "10 ms"} or "exponential:10ms").
struct TimeLaw {
  IndependentLaw law = ConstantLaw{};

  TimeLaw() = default;
  explicit TimeLaw(IndependentLaw of) : law(std::move(of)) {}
  explicit TimeLaw(Seconds fixed) : law(ConstantLaw{fixed}) {}

  /// One time in seconds, ≥ 0.
  [[nodiscard]] double sample(RandomStream& random) const;
  /// The mean in seconds.
  [[nodiscard]] double expectation() const;
};

/// A time drawn from the law, rounded to nanoseconds; what is beyond the range of virtual time counts as 146 years.
[[nodiscard]] Duration draw(const TimeLaw& law, RandomStream& random);

template <>
struct OptionType<TimeLaw> {
  static TimeLaw parse(const Json& json, const Place& place);
  static Json write(const TimeLaw& v);
  static Json schema();
  static std::string type() { return "time or law"; }
  static double number(const TimeLaw& v) { return v.expectation(); }
};

}  // namespace peloton
