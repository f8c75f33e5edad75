#pragma once

#include <optional>
#include <vector>

#include "analysis/scores/group_score.hpp"

namespace peloton {

/// Differences b − a over repeats with the same seed, and with it the same random numbers.
///
/// Costs: the difference of a pair in which both arrived is known. Where one did not arrive, its cost is only known to be above what
/// that run had paid at its end, or infinite when it diverged; if that is already at least the other's cost, the pair counts as ±∞, on the
/// side of the one that arrived, else it is undecided. A pair in which neither arrived is undecided. Medians are over decided pairs.
struct PairedDifference {
  std::size_t pairs = 0;  ///< repeats that both have
  std::size_t decided = 0;
  std::size_t lower = 0;             ///< pairs with b < a
  std::size_t higher = 0;            ///< pairs with b > a
  std::optional<double> median;      ///< of the decided differences; ±∞ when the middle pair is censored
  std::optional<Interval> interval;  ///< bootstrap, of the median; needs two decided pairs
};

[[nodiscard]] PairedDifference paired_cost(const std::vector<RunScore>& a, const std::vector<RunScore>& b, Cost cost, Bootstrap& bootstrap);
/// Of a metric at the end; pairs in which a value is undefined are left out of `decided`, not finite values count as the worst.
[[nodiscard]] PairedDifference paired_final(const std::vector<RunScore>& a, const std::vector<RunScore>& b, FinalMetric metric,
                                            Bootstrap& bootstrap);

}  // namespace peloton
