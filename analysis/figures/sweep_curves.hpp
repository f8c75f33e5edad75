#pragma once

#include "analysis/figures/sweep_slices.hpp"
#include "analysis/sweep_result.hpp"

namespace peloton {

/// Metrics over time, bits and updates: a curve per group, the median over its seeds with a band around it; the reader chooses the metric,
/// the abscissa, the axis that tells the curves apart, and the levels of the other axes.
[[nodiscard]] Figure sweep_curves(const SweepResult& sweep, const SweepAxes& axes);

}  // namespace peloton
