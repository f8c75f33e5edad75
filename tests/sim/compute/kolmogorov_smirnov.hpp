#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

namespace peloton::test {

/// √n times the largest distance between the empirical and the exact distribution function. For independent draws from a continuous
/// law P(statistic > c) → 2 exp(−2 c²): 3e-8 at c = 3.
inline double kolmogorov_smirnov(std::vector<double> x, const std::function<double(double)>& distribution) {
  std::sort(x.begin(), x.end());
  const auto n = static_cast<double>(x.size());
  double out = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double f = distribution(x[i]);
    out = std::max({out, f - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - f});
  }
  return out * std::sqrt(n);
}

/// The distribution function of an exponential law.
inline std::function<double(double)> exponential(double mean) {
  return [mean](double t) { return 1 - std::exp(-t / mean); };
}

}  // namespace peloton::test
