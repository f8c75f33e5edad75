#pragma once

#include <algorithm>
#include <cstdint>

namespace peloton {

/// d coordinates cut into n chunks: the first d mod n hold ⌈d/n⌉, the others ⌊d/n⌋.
struct Chunks {
  std::uint64_t coordinates = 0;  ///< d
  std::uint64_t count = 1;        ///< n

  /// Where chunk c begins; chunk n is where the last ends.
  [[nodiscard]] std::uint64_t begin(std::uint64_t c) const { return c * (coordinates / count) + std::min(c, coordinates % count); }
  /// Coordinates of the `number` chunks from chunk c on.
  [[nodiscard]] std::uint64_t size(std::uint64_t c, std::uint64_t number = 1) const { return begin(c + number) - begin(c); }
};

}  // namespace peloton
