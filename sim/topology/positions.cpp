#include "sim/topology/positions.hpp"

#include <cmath>
#include <numbers>

namespace peloton {

std::vector<Position> circle_positions(std::size_t nodes) {
  const auto n = static_cast<double>(nodes);
  const double radius = nodes < 3 ? 0.5 : 0.5 / std::sin(std::numbers::pi / n);
  std::vector<Position> out;
  out.reserve(nodes);
  for (std::size_t i = 0; i < nodes; ++i) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(i) / n;
    out.push_back({radius * std::sin(angle), -radius * std::cos(angle)});
  }
  return out;
}

}  // namespace peloton
