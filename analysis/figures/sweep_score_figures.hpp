#pragma once

#include <vector>

#include "analysis/figures/sweep_slices.hpp"

namespace peloton {

/// A value of each group over two axes; the reader chooses axes, value, and the levels of the other axes. Needs two varied axes.
[[nodiscard]] Figure score_maps(const SweepAxes& axes);
/// A value along one axis, a curve per level of another, with intervals; bars where the axis has no numbers. Needs a varied axis.
[[nodiscard]] Figure score_profiles(const SweepAxes& axes);
/// Bits against time to the target, with the front.
[[nodiscard]] Figure pareto_figure(const SweepAxes& axes);
/// Speed-up and efficiency along the numbers of workers, with intervals and the ideal.
[[nodiscard]] Figure scaling_figure(const SweepAxes& axes);
/// A row per group.
[[nodiscard]] Figure score_table(const SweepAxes& axes);
/// Differences between levels of the compared axis, in pairs of the same seed. No views: nothing is compared.
[[nodiscard]] Figure comparison_table(const SweepAxes& axes);

}  // namespace peloton
