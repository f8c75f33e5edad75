#pragma once

#include <vector>

#include "analysis/figures/figure.hpp"
#include "analysis/scores/sweep_score.hpp"
#include "analysis/sweep_result.hpp"

namespace peloton {

/// Everything that can be drawn of a sweep: scores over two axes and along one, bits against time with the Pareto front, speed-up and
/// efficiency against workers, learning curves with bands over the seeds, and tables. `score` must be that of the sweep.
[[nodiscard]] std::vector<Figure> sweep_figures(const SweepResult& sweep, const SweepScore& score);

}  // namespace peloton
