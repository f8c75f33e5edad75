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

Vector Mean::aggregate(GradientExecutor& executor, VectorSpace& space, std::vector<LazyGradient> values, std::span<const double> samples) {
  Vector sum;
  double total = 0;
  std::size_t i = 0;
  executor.consume(std::move(values), [&](const Vector& value) {
    const double weight = factor(samples[i++]);
    total += weight;
    if (sum) {
      space.add_scaled(sum, weight, value);
    } else {
      sum = space.copy(value);
      if (weight != 1.0) space.scale(sum, weight);
    }
  });
  space.scale(sum, 1.0 / total);
  return sum;
}

}  // namespace peloton
