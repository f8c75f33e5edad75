#include "sim/base/units.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <span>
#include <vector>

#include "sim/base/error.hpp"

namespace peloton {
namespace {

/// value in base units = number * multiply / divide: dividing by 1000 rounds once, multiplying by 0.001 twice.
struct Unit {
  std::string_view name;
  double multiply;
  double divide;
};

constexpr double kKi = 1024.0;
constexpr std::array kTimeUnits = {Unit{"ns", 1, 1e9}, Unit{"us", 1, 1e6}, Unit{"ms", 1, 1e3}, Unit{"s", 1, 1},
                                   Unit{"min", 60, 1}, Unit{"h", 3600, 1}, Unit{"d", 86400, 1}};
constexpr std::array kBandwidthUnits = {Unit{"bps", 1, 1}, Unit{"kbps", 1e3, 1}, Unit{"Mbps", 1e6, 1}, Unit{"Gbps", 1e9, 1},
                                        Unit{"Tbps", 1e12, 1}};
constexpr std::array kByteUnits = {Unit{"B", 1, 1},     Unit{"kB", 1e3, 1},  Unit{"MB", 1e6, 1},       Unit{"GB", 1e9, 1},
                                   Unit{"TB", 1e12, 1}, Unit{"KiB", kKi, 1}, Unit{"MiB", kKi* kKi, 1}, Unit{"GiB", kKi* kKi* kKi, 1},
                                   Unit{"bit", 1, 8}};
constexpr std::array kFractionUnits = {Unit{"%", 1, 100}};

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
  while (!s.empty() && s.back() == ' ') s.remove_suffix(1);
  return s;
}

double parse(std::string_view text, std::span<const Unit> units, std::string_view expected) {
  const std::string_view s = trimmed(text);
  double number = 0;
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), number);
  if (error != std::errc() || !std::isfinite(number)) throw InputError(fmt::format("must be {}, got \"{}\"", expected, text));
  const std::string_view unit = trimmed(s.substr(static_cast<std::size_t>(end - s.data())));
  std::vector<std::string> names;
  for (const Unit& u : units) {
    names.emplace_back(u.name);
    if (u.name != unit) continue;
    const double value = number * u.multiply / u.divide;
    if (!std::isfinite(value)) throw InputError(fmt::format("must be {}, got \"{}\", too large for a number", expected, text));
    return value;
  }
  if (unit.empty()) throw InputError(fmt::format("must be {}, got \"{}\" without a unit", expected, text));
  throw InputError(fmt::format("must be {}, got \"{}\" with the unknown unit \"{}\"{}", expected, text, unit, did_you_mean(unit, names)));
}

std::string show_amount(double amount, std::string_view unit) {
  if (amount < 1e3) return fmt::format("{:.0f} {}", amount, unit);
  if (amount < 1e6) return fmt::format("{:.4g} k{}", amount / 1e3, unit);
  if (amount < 1e9) return fmt::format("{:.4g} M{}", amount / 1e6, unit);
  if (amount < 1e12) return fmt::format("{:.4g} G{}", amount / 1e9, unit);
  return fmt::format("{:.4g} T{}", amount / 1e12, unit);
}

}  // namespace

Seconds parse_seconds(std::string_view text) { return {parse(text, kTimeUnits, "a time such as \"10 ms\" (ns us ms s min h d)")}; }

BitsPerSecond parse_bits_per_second(std::string_view text) {
  if (trimmed(text) == "inf") return {};
  return {parse(text, kBandwidthUnits, "a bandwidth such as \"1 Gbps\" (bps kbps Mbps Gbps) or \"inf\"")};
}

Bytes parse_bytes(std::string_view text) {
  return {parse(text, kByteUnits, "an amount of data such as \"64 KiB\" (B kB MB GB, KiB MiB GiB, bit)")};
}

Fraction parse_fraction(std::string_view text) { return {parse(text, kFractionUnits, "a share such as 0.2 or \"20%\"")}; }

std::string show_seconds(double seconds) {
  const double magnitude = std::abs(seconds);
  if (magnitude == 0) return "0 s";
  if (magnitude < 1e-6) return fmt::format("{:.4g} ns", seconds * 1e9);
  if (magnitude < 1e-3) return fmt::format("{:.4g} us", seconds * 1e6);
  if (magnitude < 1) return fmt::format("{:.4g} ms", seconds * 1e3);
  if (magnitude < 1e4) return fmt::format("{:.4g} s", seconds);
  return fmt::format("{:.4g} h", seconds / 3600);
}

std::string show_bytes(double bytes) { return show_amount(bytes, "B"); }

std::string show_bits(double bits) { return show_amount(bits, "bit"); }

std::string show_count(double count) {
  if (count < 1e4) return fmt::format("{:.4g}", count);
  if (count < 1e6) return fmt::format("{:.4g} k", count / 1e3);
  if (count < 1e9) return fmt::format("{:.4g} M", count / 1e6);
  return fmt::format("{:.4g} G", count / 1e9);
}

}  // namespace peloton
