#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/metrics.hpp"
#include "analysis/scores/target.hpp"

namespace peloton {

/// What a run pays on its way to a target.
enum class Cost : std::uint8_t { time, bits, updates, gradients, samples, epochs };
inline constexpr std::array kCosts = {Cost::time, Cost::bits, Cost::updates, Cost::gradients, Cost::samples, Cost::epochs};
template <>
struct EnumNames<Cost> {
  static constexpr std::array names = {
      std::pair{std::string_view("time"), Cost::time},       std::pair{std::string_view("bits"), Cost::bits},
      std::pair{std::string_view("updates"), Cost::updates}, std::pair{std::string_view("gradients"), Cost::gradients},
      std::pair{std::string_view("samples"), Cost::samples}, std::pair{std::string_view("epochs"), Cost::epochs}};
};
[[nodiscard]] std::string cost_name(Cost cost);
/// For people: "1.2 s", "3.4 Mbit", "1200"; "–" for NaN.
[[nodiscard]] std::string show_cost(Cost cost, double value);

inline constexpr double kNotReached = std::numeric_limits<double>::infinity();

/// A value per cost: seconds, bits of all traffic, counts. NaN where it is undefined (epochs without a data set).
using Costs = std::array<double, kCosts.size()>;
[[nodiscard]] inline double cost_of(const Costs& costs, Cost cost) { return costs[static_cast<std::size_t>(cost)]; }

/// What had been paid at a measurement.
[[nodiscard]] Costs costs_at(const MetricsRow& row);

/// The measurement at which a run is at its target.
struct Arrival {
  std::size_t row = 0;
  Costs costs{};       ///< at this row
  Costs resolution{};  ///< how far the measurement before lies back: the target was met somewhere in between; 0 at the first row
};

/// The first of `target.in_a_row` measurements in a row that hold the target; nothing when there is none. Rows in order of time.
[[nodiscard]] std::optional<Arrival> find_arrival(const std::vector<MetricsRow>& rows, const Target& target);

}  // namespace peloton
