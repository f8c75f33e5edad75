#include "models/data/permutation.hpp"

#include <algorithm>
#include <vector>

#include "tests/test.hpp"

using namespace peloton;

namespace {

std::vector<std::uint32_t> permuted(std::uint32_t n, std::uint64_t key) {
  const KeyedPermutation permutation(n, RandomStream(1, Purpose::test, 0, key));
  std::vector<std::uint32_t> images(n);
  for (std::uint32_t i = 0; i < n; ++i) images[i] = permutation(i);
  return images;
}

/// Σ (observed − expected)² / expected for equal expectations.
double chi_squared(const std::vector<double>& observed, double total) {
  const double expected = total / static_cast<double>(observed.size());
  double sum = 0;
  for (const double count : observed) sum += (count - expected) * (count - expected) / expected;
  return sum;
}

}  // namespace

TEST_CASE("a keyed permutation is one, for every size", "[models][data][permutation]") {
  // Invariant: the sorted images are 0 … n − 1.
  std::vector<std::uint32_t> sizes(300);
  for (std::uint32_t n = 1; n <= 300; ++n) sizes[n - 1] = n;
  sizes.insert(sizes.end(), {65535, 65536, 65537, 100000});
  for (const std::uint32_t n : sizes) {
    std::vector<std::uint32_t> images = permuted(n, n);
    std::sort(images.begin(), images.end());
    bool all = true;
    for (std::uint32_t i = 0; i < n; ++i) all = all && images[i] == i;
    CHECK(all);
  }
  const KeyedPermutation largest(0xffffffffU, RandomStream(1, Purpose::test, 0, 0));
  CHECK(largest(0) != largest(0xfffffffeU));
}

TEST_CASE("all orders of five are equally likely", "[models][data][permutation]") {
  // χ² with 119 degrees of freedom over the 5! orders, 120 000 keys: beyond 210 with probability 5·10⁻⁷.
  std::vector<double> counts(120);
  for (std::uint64_t key = 0; key < 120000; ++key) {
    const std::vector<std::uint32_t> images = permuted(5, key);
    std::size_t rank = 0;
    for (std::size_t i = 0; i < 5; ++i)
      rank = rank * (5 - i) + static_cast<std::size_t>(std::count_if(images.begin() + static_cast<std::ptrdiff_t>(i), images.end(),
                                                                     [&](std::uint32_t later) { return later < images[i]; }));
    ++counts[rank];
  }
  CHECK(chi_squared(counts, 120000) < 210);
}

TEST_CASE("every row comes to every position, and every row after every other, equally often", "[models][data][permutation]") {
  // Positions: with n = 100 and 20 000 keys, (n − 1) / n times the sum over the n² cells is χ² with (n − 1)² = 9801 degrees of freedom:
  // mean 9801, deviation 140. Neighbours: n (n − 1) ordered pairs (p(i), p(i + 1)) at i = 40: χ² with 9899 degrees of freedom. Both within
  // 6 deviations: error probability 10⁻⁸.
  constexpr std::size_t n = 100;
  constexpr double keys = 20000;
  std::vector<double> positions(n * n);
  std::vector<double> pairs(n * (n - 1));
  for (std::uint64_t key = 0; key < 20000; ++key) {
    const std::vector<std::uint32_t> images = permuted(n, key);
    for (std::size_t i = 0; i < n; ++i) ++positions[i * n + images[i]];
    const std::size_t a = images[40];
    const std::size_t b = images[41];
    ++pairs[a * (n - 1) + (b < a ? b : b - 1)];
  }
  CHECK(chi_squared(positions, keys * n) * (n - 1) / n == Approx(9801).margin(6 * 140));
  CHECK(chi_squared(pairs, keys) == Approx(9899).margin(6 * 141));
}
