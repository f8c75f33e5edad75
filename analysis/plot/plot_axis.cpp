#include "analysis/plot/plot_axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <string_view>

namespace peloton {
namespace {

struct Prefixed {
  double factor;
  std::string_view text;
  double enough = 1;  ///< taken when the value holds this many of it: 300 s rather than 5 min
};

std::span<const Prefixed> prefixes(std::string_view unit) {
  static constexpr Prefixed kSeconds[] = {{1e-9, "ns"},    {1e-6, "µs"},   {1e-3, "ms"},   {1, "s"},
                                          {60, "min", 10}, {3600, "h", 3}, {86400, "d", 3}};
  static constexpr Prefixed kBits[] = {{1, "bit"}, {1e3, "kbit"}, {1e6, "Mbit"}, {1e9, "Gbit"}, {1e12, "Tbit"}, {1e15, "Pbit"}};
  static constexpr Prefixed kBytes[] = {{1, "B"}, {1e3, "kB"}, {1e6, "MB"}, {1e9, "GB"}, {1e12, "TB"}};
  static constexpr Prefixed kShare[] = {{0.01, "%"}};
  static constexpr Prefixed kCounts[] = {{1, ""}, {1e3, "thousands", 100}, {1e6, "millions", 10}, {1e9, "billions", 10}};
  if (unit == "s") return kSeconds;
  if (unit == "bit") return kBits;
  if (unit == "B") return kBytes;
  if (unit == "%") return kShare;
  if (unit.empty()) return kCounts;
  return {};
}

}  // namespace

double PlotAxis::drawn(double value) const { return log && !(value > 0) ? kUndefined : value / factor; }

PlotAxis plot_axis(const Axis& axis, double largest) {
  PlotAxis out{.factor = 1, .label = axis.label, .log = axis.log};
  std::string_view unit = axis.unit;
  const std::span<const Prefixed> all = prefixes(axis.unit);
  if (!all.empty()) {
    const Prefixed* best = &all.front();
    for (const Prefixed& p : all)
      if (largest >= p.factor * p.enough * (1 - 1e-7)) best = &p;
    out.factor = best->factor;
    unit = best->text;
  }
  if (!unit.empty()) out.label += fmt::format("{}({})", out.label.empty() ? "" : " ", unit);
  return out;
}

void PlotRange::add(double value, bool only_positive) {
  if (!std::isfinite(value) || (only_positive && value <= 0)) return;
  low = empty ? value : std::min(low, value);
  high = empty ? value : std::max(high, value);
  empty = false;
}

std::string short_number(double value) { return fmt::format("{:.3g}", value); }

std::vector<std::pair<double, std::string>> log_ticks(double low, double high) {
  constexpr double kManyDecades = 3;
  constexpr double kSomeDecades = 1.6;
  constexpr double kFewDecades = 0.8;
  constexpr int kMostLabels = 7;
  const double decades = std::log10(high / low);
  const std::vector<double> steps = decades > kManyDecades   ? std::vector{1.0}
                                    : decades > kSomeDecades ? std::vector{1.0, 3.0}
                                    : decades > kFewDecades  ? std::vector{1.0, 2.0, 5.0}
                                                             : std::vector{1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0};
  const int first = static_cast<int>(std::floor(std::log10(low)));
  const int last = static_cast<int>(std::ceil(std::log10(high)));
  const int every = std::max(1, static_cast<int>(std::ceil(decades / kMostLabels)));
  std::vector<std::pair<double, std::string>> out;
  for (int e = first; e <= last; ++e) {
    if (e % every != 0 && decades > kManyDecades) continue;
    for (const double step : steps) {
      const double at = step * std::pow(10, e);
      if (at < low * (1 - 1e-9) || at > high * (1 + 1e-9)) continue;
      constexpr int kSmallest = -3;
      constexpr int kLargest = 3;
      const bool plain = e >= kSmallest && e <= kLargest;
      out.emplace_back(at, plain       ? fmt::format("{:g}", at)
                           : step == 1 ? fmt::format("10^{{{}}}", e)
                                       : fmt::format("{:g}·10^{{{}}}", step, e));
    }
  }
  return out;
}

}  // namespace peloton
