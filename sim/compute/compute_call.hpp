#pragma once

#include <cstddef>
#include <cstdint>

#include "sim/node.hpp"
#include "sim/time.hpp"

namespace peloton {

/// Which computation a duration is drawn for.
struct ComputeCall {
  std::uint64_t seed = 1;
  NodeId worker = 0;
  std::uint64_t number = 0;  ///< of the worker's computations, from 0
  Time start = {};           ///< for laws that depend on the time
  std::size_t samples = 1;   ///< of its mini-batch, for laws that depend on the work
};

}  // namespace peloton
