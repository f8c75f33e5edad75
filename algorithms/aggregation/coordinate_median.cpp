#include "algorithms/aggregation/coordinate_median.hpp"

#include <fmt/format.h>

#include <bit>
#include <cstring>
#include <numeric>

namespace peloton {
namespace {

/// Puts the smaller of two numbers at `low`.
struct Comparator {
  std::size_t low = 0;
  std::size_t high = 0;
};

/// Batcher's merge exchange, which sorts n numbers for any n (Knuth, The Art of Computer Programming, vol. 3, 5.2.2, Algorithm M).
std::vector<Comparator> merge_exchange(std::size_t n) {
  std::vector<Comparator> out;
  const std::size_t largest = std::bit_ceil(n) / 2;
  for (std::size_t p = largest; p > 0; p /= 2) {
    std::size_t r = 0;
    std::size_t distance = p;
    for (std::size_t q = largest;; q /= 2) {
      for (std::size_t i = 0; i + distance < n; ++i)
        if ((i & p) == r) out.push_back({.low = i, .high = i + distance});
      if (q == p) break;
      distance = q - p;
      r = p;
    }
  }
  return out;
}

/// What of the sorting network the two middle ones of n depend on.
std::vector<Comparator> middle_network(std::size_t n) {
  std::vector<bool> needed(n, false);
  needed[(n - 1) / 2] = needed[n / 2] = true;
  const std::vector<Comparator> all = merge_exchange(n);
  std::vector<Comparator> out;
  for (auto c = all.rbegin(); c != all.rend(); ++c) {
    if (!needed[c->low] && !needed[c->high]) continue;
    needed[c->low] = needed[c->high] = true;
    out.push_back(*c);
  }
  return {out.rbegin(), out.rend()};
}

/// Coordinates treated together: a constant, so that the compiler vectorises the loops over them.
constexpr std::size_t kBlock = 128;

template <class T>
void compare_exchange(T* low, T* high) {
#pragma GCC ivdep
  for (std::size_t i = 0; i < kBlock; ++i) {
    const T a = low[i];
    const T b = high[i];
    low[i] = b < a ? b : a;
    high[i] = a < b ? b : a;
  }
}

/// out[begin … end) ← the medians of `rows`, whose numbers are finite.
template <class T>
void medians(const std::vector<const T*>& rows, const std::vector<Comparator>& network, std::size_t begin, std::size_t end, T* out) {
  std::vector<T> block(rows.size() * kBlock);
  const T* lower = block.data() + (rows.size() - 1) / 2 * kBlock;
  const T* upper = block.data() + rows.size() / 2 * kBlock;
  for (; begin < end; begin += kBlock) {
    const std::size_t count = std::min(kBlock, end - begin);
    for (std::size_t i = 0; i < rows.size(); ++i) std::memcpy(block.data() + i * kBlock, rows[i] + begin, count * sizeof(T));
    for (const Comparator& c : network) compare_exchange(block.data() + c.low * kBlock, block.data() + c.high * kBlock);
    // Adding 0 turns −0 into +0: which of the two is in the middle depends on the order of the rows.
    for (std::size_t i = 0; i < count; ++i) out[begin + i] = std::midpoint(lower[i], upper[i]) + T{0};
  }
}

template <class T>
Vector median_of(VectorSpace& space, const std::vector<Vector>& contributions) {
  std::vector<const T*> rows;
  for (const Vector& row : contributions) rows.push_back(row.view().as<T>().data());
  const std::vector<Comparator> network = middle_network(rows.size());
  Vector out = space.make();
  T* numbers = out.write().as<T>().data();
  space.for_each_chunk([&](std::size_t begin, std::size_t end) { medians(rows, network, begin, end, numbers); });
  return out;
}

}  // namespace

Vector CoordinateMedian::aggregate(VectorSpace& space, Contributions& contributions) {
  std::vector<Vector> finite;
  contributions.consume([&](std::span<const Vector> some) {
    for (const Vector& values : some)
      if (space.all_finite(values)) finite.push_back(values);
  });
  if (finite.empty())
    throw Failure(
        fmt::format("coordinate_median: all {} contributions have coordinates that are infinite or not numbers", contributions.size()));
  return space.precision() == Precision::float32 ? median_of<float>(space, finite) : median_of<double>(space, finite);
}

}  // namespace peloton
