#include "algorithms/aggregation/mean.hpp"

namespace peloton {

std::vector<double> Mean::weights(std::span<const double> samples) const {
  double total = 0;
  for (const double s : samples) total += factor(s);
  std::vector<double> out;
  out.reserve(samples.size());
  for (const double s : samples) out.push_back(factor(s) / total);
  return out;
}

Vector Mean::aggregate(VectorSpace& space, Contributions& contributions) {
  std::vector<double> factors;
  double total = 0;
  for (const double s : contributions.samples()) total += factors.emplace_back(factor(s));
  Vector sum;
  std::span<const double> left = factors;
  contributions.consume([&](std::span<const Vector> some) {
    std::size_t done = 0;
    if (!sum) {
      sum = space.copy(some[0]);
      if (left[0] != 1.0) space.scale(sum, left[0]);
      done = 1;
    }
    space.add_all(sum, left.first(some.size()).subspan(done), some.subspan(done));
    left = left.subspan(some.size());
  });
  space.scale(sum, 1.0 / total);
  return sum;
}

}  // namespace peloton
