#include "analysis/figures/thinning.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace peloton {
namespace {

/// Appends where `column` is lowest and highest in [begin, end).
void add_extremes(const std::vector<double>& column, std::size_t begin, std::size_t end, std::vector<std::size_t>& out) {
  std::size_t low = end;
  std::size_t high = end;
  for (std::size_t i = begin; i < end; ++i) {
    if (std::isnan(column[i])) continue;
    if (low == end || column[i] < column[low]) low = i;
    if (high == end || column[i] > column[high]) high = i;
  }
  if (low != end) out.insert(out.end(), {low, high});
}

}  // namespace

std::vector<std::size_t> kept_points(std::span<const std::vector<double>> columns, std::size_t limit) {
  const std::size_t count = columns.empty() ? 0 : columns.front().size();
  std::vector<std::size_t> out;
  if (count <= limit) {
    out.resize(count);
    std::iota(out.begin(), out.end(), std::size_t{0});
    return out;
  }
  const std::size_t stretches = std::max<std::size_t>(1, limit / (2 * columns.size() + 2));
  for (std::size_t s = 0; s < stretches; ++s) {
    const std::size_t begin = s * count / stretches;
    const std::size_t end = (s + 1) * count / stretches;
    std::vector<std::size_t> kept = {begin, end - 1};
    for (const std::vector<double>& column : columns) add_extremes(column, begin, end, kept);
    std::sort(kept.begin(), kept.end());
    out.insert(out.end(), kept.begin(), std::unique(kept.begin(), kept.end()));
  }
  return out;
}

}  // namespace peloton
