#pragma once

#include <compare>
#include <limits>
#include <string>
#include <string_view>

namespace peloton {

/// A duration in seconds as a scenario gives it; becomes integer nanoseconds once, at the border of the engine.
struct Seconds {
  double value = 0;
  auto operator<=>(const Seconds&) const = default;
};

/// A bandwidth in bits per second; infinity is allowed.
struct BitsPerSecond {
  double value = std::numeric_limits<double>::infinity();
  auto operator<=>(const BitsPerSecond&) const = default;
};

/// An amount of data in bytes (a whole number of bits).
struct Bytes {
  double value = 0;
  auto operator<=>(const Bytes&) const = default;
};

/// A share of a whole, 0.2 or "20%".
struct Fraction {
  double value = 0;
  auto operator<=>(const Fraction&) const = default;
};

/// Parse "10 ms", "1.5 Gbps", "64 KiB", "20%". A text without a unit, with a unit of another kind or with a number that is not
/// finite is an InputError whose message says what was expected (the caller adds the place). Bandwidths accept "inf".
[[nodiscard]] Seconds parse_seconds(std::string_view text);
[[nodiscard]] BitsPerSecond parse_bits_per_second(std::string_view text);
[[nodiscard]] Bytes parse_bytes(std::string_view text);
[[nodiscard]] Fraction parse_fraction(std::string_view text);

/// For people: "12.5 ms", "1.5 GB", "67.2 kbit", "14.3 k".
[[nodiscard]] std::string show_seconds(double seconds);
[[nodiscard]] std::string show_bytes(double bytes);
[[nodiscard]] std::string show_bits(double bits);
[[nodiscard]] std::string show_count(double count);

}  // namespace peloton
