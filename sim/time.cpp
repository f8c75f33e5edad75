#include "sim/time.hpp"

#include <fmt/format.h>

#include <cmath>

#include "sim/base/error.hpp"

namespace peloton {

Duration to_duration(Seconds seconds) {
  PELOTON_INVARIANT(!std::isnan(seconds.value), "a duration must be a number");
  const double ns = seconds.value * 1e9;
  constexpr double kLimit = 4.6e18;
  if (std::abs(ns) > kLimit) throw InputError(fmt::format("a time of {} s is beyond the range of virtual time (146 years)", seconds.value));
  return {std::llround(ns)};
}

std::string decimal_seconds(Time t) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  const std::int64_t magnitude = t.ns < 0 ? -t.ns : t.ns;
  return fmt::format("{}{}.{:09}", t.ns < 0 ? "-" : "", magnitude / kSecond, magnitude % kSecond);
}

}  // namespace peloton
