#include "models/objective.hpp"

#include <numeric>

namespace peloton {

std::vector<double> Objective::forward_flops() const {
  const std::vector<std::size_t> sizes = tensors();
  std::vector<double> out(sizes.size());
  for (std::size_t i = 0; i < sizes.size(); ++i) out[i] = 2 * static_cast<double>(sizes[i]);
  return out;
}

double Objective::flops_per_sample() const {
  const std::vector<double> forward = forward_flops();
  return 3 * std::accumulate(forward.begin(), forward.end(), 0.0);
}

}  // namespace peloton
