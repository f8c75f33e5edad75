#pragma once
/// Vectors for the tests of codecs and aggregators.

#include <array>
#include <cmath>
#include <vector>

#include "models/kernels/kernels.hpp"
#include "models/vector.hpp"

namespace peloton::test {

inline constexpr std::array kPrecisions{Precision::float32, Precision::float64};

/// A vector space with all that it needs.
struct Space {
  ThreadPool pool;
  VectorSpace space;

  Space(Precision precision, std::size_t dimension, std::size_t threads = 1)
      : pool(threads), space(precision, dimension, find_kernels("auto"), pool) {}

  Vector vector(const std::vector<double>& values) {
    Vector out = space.make();
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (space.precision() == Precision::float32)
        out.write().as<float>()[i] = static_cast<float>(values[i]);
      else
        out.write().as<double>()[i] = values[i];
    }
    return out;
  }
};

inline std::vector<double> values_of(const Vector& x) {
  const ConstView view = x.view();
  if (view.precision == Precision::float64) return {view.as<double>().begin(), view.as<double>().end()};
  return {view.as<float>().begin(), view.as<float>().end()};
}

/// Numbers without a pattern, between −1 and 1.
inline std::vector<double> scattered(std::size_t size, double seed) {
  std::vector<double> out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = std::sin(seed + 12.9898 * static_cast<double>(i));
  return out;
}

/// Whole multiples of 1/8 between −8 and 8: sums of a few thousand are exact in both precisions.
inline std::vector<double> on_grid(std::size_t size, double seed) {
  std::vector<double> out = scattered(size, seed);
  for (double& x : out) x = std::round(64 * x) / 8;
  return out;
}

}  // namespace peloton::test
