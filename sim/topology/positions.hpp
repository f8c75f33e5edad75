#pragma once

#include <cstddef>
#include <vector>

#include "sim/topology/topology.hpp"

namespace peloton {

/// `nodes` points round a circle, the first at the top, about one unit from each other.
[[nodiscard]] std::vector<Position> circle_positions(std::size_t nodes);

}  // namespace peloton
