#include "sim/time.hpp"

#include <fmt/format.h>

#include <charconv>
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

bool parse_decimal_seconds(std::string_view text, Time& out) {
  constexpr std::size_t kDecimals = 9;
  const std::size_t point = text.find('.');
  if (point == std::string_view::npos || text.size() != point + 1 + kDecimals || point == 0) return false;
  std::string digits(text.substr(0, point));
  digits += text.substr(point + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out.ns);
  return error == std::errc() && end == digits.data() + digits.size();
}

}  // namespace peloton
