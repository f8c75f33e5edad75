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
  std::vector<double> factors;
  executor.consume(std::move(values), [&](std::span<const Vector> some) {
    factors.clear();
    for (std::size_t i = 0; i < some.size(); ++i) factors.push_back(factor(samples[i]));
    for (const double f : factors) total += f;
    samples = samples.subspan(some.size());
    std::size_t done = 0;
    if (!sum) {
      sum = space.copy(some[0]);
      if (factors[0] != 1.0) space.scale(sum, factors[0]);
      done = 1;
    }
    space.add_all(sum, std::span(factors).subspan(done), some.subspan(done));
  });
  space.scale(sum, 1.0 / total);
  return sum;
}

}  // namespace peloton
