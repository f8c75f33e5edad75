#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/data/dataset.hpp"
#include "sim/base/options.hpp"
#include "sim/base/random.hpp"

namespace peloton {

/// What a random stream of a generated data set makes. The values are the stream's step: part of the meaning of a seed.
enum class Generated : std::uint64_t { training_row = 0, test_row = 1, hidden = 2, split = 3, sizes = 4 };

/// The stream of one training row, test row or hidden vector (a class centre, the planted solution, a device's laws), or of what is
/// drawn once for the set: the rows that a split moves, the sizes of devices.
[[nodiscard]] inline RandomStream data_stream(std::uint64_t seed, Generated what, std::size_t index) {
  return {seed, Purpose::data, static_cast<std::uint32_t>(index), static_cast<std::uint64_t>(what)};
}

/// The most numbers that a generated data set may hold: 8 GiB of float64.
inline constexpr double kMaxGeneratedNumbers = 1U << 30U;

/// Refuses more than kMaxGeneratedNumbers at `place`.
void check_generated_numbers(double numbers, const Place& place);
/// The same for a set of these options, at `place` / "samples".
void check_generated_size(Count samples, Count test_samples, Count features, const Place& place);

/// `rows` rows, each from a stream of its own, so that a row does not depend on how many there are:
/// label = make(row, random, x) fills the row's features x.
template <class Make>
[[nodiscard]] Dataset generate(Generated what, Count rows, Count features, std::uint64_t seed, const Make& make) {
  Dataset out;
  if (rows == 0) return out;
  out.rows = static_cast<std::size_t>(rows);
  out.features = static_cast<std::size_t>(features);
  out.labels.resize(out.rows);
  DenseReals x;
  x.values.resize(out.rows * out.features);
  for (std::size_t row = 0; row < out.rows; ++row) {
    RandomStream random = data_stream(seed, what, row);
    out.labels[row] = make(row, random, std::span(x.values).subspan(row * out.features, out.features));
  }
  out.x = std::move(x);
  return out;
}

}  // namespace peloton
