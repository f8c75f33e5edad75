#pragma once

#include <vector>

#include "analysis/figures/run_figures.hpp"

namespace peloton {

/// What workers and links did when, from events.csv: a Gantt chart of the first workers and the first activities, the share of time that
/// each worker computed and the load of each link over the whole recording. Runs without events: how to record them.
[[nodiscard]] std::vector<Figure> activity_figures(const std::vector<NamedRun>& runs);

}  // namespace peloton
