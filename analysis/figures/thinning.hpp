#pragma once

#include <span>
#include <vector>

#include "analysis/figures/figure.hpp"

namespace peloton {

/// Which points of long curves to keep, at most about `limit` of them, so that the drawn curves look the same: the points are cut into
/// equal stretches, and of each the first, the last and every column's lowest and highest are kept. Ascending; all when there are few.
/// Columns have one length; undefined values are passed over.
[[nodiscard]] std::vector<std::size_t> kept_points(std::span<const std::vector<double>> columns, std::size_t limit);

}  // namespace peloton
