#include "analysis/scores/pareto.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <tuple>

namespace peloton {

std::vector<std::size_t> pareto_front(std::span<const BitsAndTime> points) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < points.size(); ++i)
    if (std::isfinite(points[i].bits) && std::isfinite(points[i].time)) order.push_back(i);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::tuple(points[a].bits, points[a].time, a) < std::tuple(points[b].bits, points[b].time, b);
  });
  // By rising bits, a point is on the front when it is faster than all before it, or the twin of the last on the front.
  std::vector<std::size_t> front;
  for (const std::size_t i : order) {
    const BitsAndTime last = front.empty() ? BitsAndTime{-1, std::numeric_limits<double>::infinity()} : points[front.back()];
    if (points[i].time < last.time || (points[i].time == last.time && points[i].bits == last.bits)) front.push_back(i);
  }
  return front;
}

}  // namespace peloton
