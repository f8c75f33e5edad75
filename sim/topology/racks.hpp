#pragma once

#include <cstdint>
#include <vector>

#include "sim/topology/topology.hpp"

namespace peloton {

/// The rack of each worker, numbered from 0 in the order of their first workers: those whose hosts' first links lead to the same switch
/// are together. Empty when some worker's host hangs on no switch. O(links).
[[nodiscard]] std::vector<std::uint32_t> racks_of_workers(const Topology& topology);

}  // namespace peloton
