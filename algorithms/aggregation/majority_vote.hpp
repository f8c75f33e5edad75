#pragma once

#include "algorithms/aggregation/aggregator.hpp"

namespace peloton {

/// v = sign(Σ_i sign(g_i)), coordinate by coordinate, in {−1, 0, 1} (signSGD with majority vote: Bernstein et al., ICML 2018).
///
/// 0 where the votes are equal. A coordinate that is zero or not a number votes for neither side. For an odd number of contributions
/// without zeros it is the sign of their median. Reads one contribution at a time: memory of one vector, which holds the counts.
class MajorityVote final : public Aggregator {
 public:
  [[nodiscard]] Vector aggregate(VectorSpace& space, Contributions& contributions) override;
};

}  // namespace peloton
