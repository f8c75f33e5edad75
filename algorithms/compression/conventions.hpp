#pragma once

#include <cstdint>

#include "algorithms/compression/bits.hpp"

namespace peloton {

/// The bits of one sparse message as papers count them.
struct Conventions {
  std::uint64_t values_only = 0;  ///< k w: positions are free
  std::uint64_t int32_index = 0;  ///< k (w + 32)
  std::uint64_t log2_index = 0;   ///< k (w + ⌈log2 d⌉)
  std::uint64_t bitmap = 0;       ///< k w + d
};

/// For k `values` of `wire_bits` = w bits each out of a vector of `dimension` = d ≥ 1 coordinates.
[[nodiscard]] constexpr Conventions count_by_conventions(std::uint64_t values, std::uint64_t dimension, std::uint64_t wire_bits) {
  return {.values_only = values * wire_bits,
          .int32_index = values * (wire_bits + 32),
          .log2_index = values * (wire_bits + index_bits(dimension)),
          .bitmap = values * wire_bits + dimension};
}

}  // namespace peloton
