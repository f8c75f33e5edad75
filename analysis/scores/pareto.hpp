#pragma once

#include <span>
#include <vector>

namespace peloton {

struct BitsAndTime {
  double bits = 0;
  double time = 0;
};

/// Indices of the points that no other one beats: none has fewer or equal bits and time with one of them smaller. Exact ties stay
/// together. Points that are not finite are left out. Ordered by bits, then time, then index. O(n log n).
[[nodiscard]] std::vector<std::size_t> pareto_front(std::span<const BitsAndTime> points);

}  // namespace peloton
