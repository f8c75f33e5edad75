#pragma once

#include <cstdint>

#include "sim/node.hpp"

namespace peloton {

/// Which computation a duration is drawn for.
struct ComputeCall {
  std::uint64_t seed = 1;
  NodeId worker = 0;
  std::uint64_t number = 0;  ///< of the worker's computations, from 0
};

}  // namespace peloton
