#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "sim/base/units.hpp"

namespace peloton {

/// A span of virtual time: an integer count of nanoseconds.
struct Duration {
  std::int64_t ns = 0;
  auto operator<=>(const Duration&) const = default;
  [[nodiscard]] double seconds() const { return static_cast<double>(ns) / 1e9; }
};

/// A point of virtual time: integer nanoseconds since the start of the run.
struct Time {
  std::int64_t ns = 0;
  auto operator<=>(const Time&) const = default;
  [[nodiscard]] double seconds() const { return static_cast<double>(ns) / 1e9; }
};

/// Later than every event: about 292 years.
inline constexpr Time kNever{std::numeric_limits<std::int64_t>::max()};

constexpr Duration operator+(Duration a, Duration b) { return {a.ns + b.ns}; }
constexpr Duration operator-(Duration a, Duration b) { return {a.ns - b.ns}; }
constexpr Time operator+(Time t, Duration d) { return {t.ns + d.ns}; }
constexpr Duration operator-(Time a, Time b) { return {a.ns - b.ns}; }
constexpr Duration& operator+=(Duration& a, Duration b) { return a = a + b; }

/// The only place where real seconds become nanoseconds: nearest integer, halves away from zero.
/// More than 146 years (half the range, so that sums cannot overflow) is an InputError; NaN breaks an invariant.
[[nodiscard]] Duration to_duration(Seconds seconds);
/// Seconds with nine decimals, exact: "12.000000050".
[[nodiscard]] std::string decimal_seconds(Time t);
/// Reads what `decimal_seconds` wrote; false when `text` is no such number.
[[nodiscard]] bool parse_decimal_seconds(std::string_view text, Time& out);
[[nodiscard]] inline Time to_time(Seconds seconds) { return Time{} + to_duration(seconds); }

}  // namespace peloton
