#pragma once

#include "algorithms/aggregation/aggregator.hpp"

namespace peloton {

/// v_j = median_i g_ij, coordinate by coordinate (Yin et al., ICML 2018); for an even number the mean of the middle two. Zeros are +0.
///
/// Contributions with a coordinate that is infinite or not a number are left out; when all are, there is no median, which is a Failure.
/// The result does not depend on the order of the contributions. O(d n log² n) through a selection network.
class CoordinateMedian final : public Aggregator {
 public:
  [[nodiscard]] Vector aggregate(VectorSpace& space, Contributions& contributions) override;
  [[nodiscard]] bool holds_all() const override { return true; }
};

}  // namespace peloton
