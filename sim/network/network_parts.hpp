#pragma once

#include <algorithm>
#include <limits>

#include "sim/network/link_conditions.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {

/// What every network model is made from.
struct NetworkParts {
  const Topology& topology;  ///< must outlive the network
  LinkConditions conditions = {};
  double rate_cap = std::numeric_limits<double>::infinity();  ///< of every message, bit/s

  [[nodiscard]] double cap(double of_message) const { return std::min(rate_cap, of_message); }
};

}  // namespace peloton
