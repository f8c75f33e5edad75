#include "analysis/scores/arrival.hpp"

#include <fmt/format.h>

#include <cmath>

#include "sim/base/options.hpp"

namespace peloton {

std::string cost_name(Cost cost) { return OptionType<Cost>::write(cost).get<std::string>(); }

std::string show_cost(Cost cost, double value) {
  if (std::isnan(value)) return "–";
  if (std::isinf(value)) return value > 0 ? "∞" : "-∞";
  switch (cost) {
    case Cost::time: return show_seconds(value);
    case Cost::bits: return value < 0 ? fmt::format("-{}", show_bits(-value)) : show_bits(value);
    case Cost::updates:
    case Cost::gradients:
    case Cost::samples: return value == std::floor(value) && std::abs(value) < 1e6 ? fmt::format("{:.0f}", value) : show_count(value);
    case Cost::epochs: return fmt::format("{:.4g}", value);
  }
  return {};
}

Costs costs_at(const MetricsRow& row) {
  return {row.time.seconds(),
          static_cast<double>(row.total_bits()),
          static_cast<double>(row.updates),
          static_cast<double>(row.gradients),
          static_cast<double>(row.samples),
          row.epochs.value_or(std::numeric_limits<double>::quiet_NaN())};
}

std::optional<Arrival> find_arrival(const std::vector<MetricsRow>& rows, const Target& target) {
  std::int64_t held = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    held = target.holds(rows[i]) ? held + 1 : 0;
    if (held < target.in_a_row) continue;
    Arrival out;
    out.row = i + 1 - static_cast<std::size_t>(target.in_a_row);
    out.costs = costs_at(rows[out.row]);
    const MetricsRow& before = rows[out.row == 0 ? 0 : out.row - 1];
    const Costs paid = costs_at(before);
    for (std::size_t c = 0; c < paid.size(); ++c) out.resolution[c] = out.costs[c] - paid[c];
    out.resolution[static_cast<std::size_t>(Cost::time)] = (rows[out.row].time - before.time).seconds();  // exact
    return out;
  }
  return std::nullopt;
}

}  // namespace peloton
