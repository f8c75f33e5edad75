#pragma once

#include <vector>

#include "analysis/figures/run_figures.hpp"

namespace peloton {

/// The figures that are drawn of metrics.csv alone: one per quantity that these runs measured, over time, bits, updates and samples.
[[nodiscard]] std::vector<Figure> curve_figures(const std::vector<NamedRun>& runs);

}  // namespace peloton
