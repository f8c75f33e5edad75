#include "sim/base/random.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <vector>

#include "tests/test.hpp"

using namespace peloton;

namespace {

using Block = std::array<std::uint32_t, 4>;

Block first_block(RandomStream random) {
  Block out{};
  for (std::uint32_t& word : out) word = random();
  return out;
}

/// Pearson's statistic of counts that should be equal.
double chi_squared(const std::vector<double>& counts) {
  const double expected = std::accumulate(counts.begin(), counts.end(), 0.0) / static_cast<double>(counts.size());
  double out = 0;
  for (const double count : counts) out += (count - expected) * (count - expected) / expected;
  return out;
}

}  // namespace

TEST_CASE("Philox4x32-10 gives the published numbers", "[sim][base][random]") {
  // Random123's file kat_vectors: counter, key, result.
  const auto philox = [](Block counter, std::array<std::uint32_t, 2> key) {
    const auto out = r123::Philox4x32()({{counter[0], counter[1], counter[2], counter[3]}}, {{key[0], key[1]}});
    return Block{out[0], out[1], out[2], out[3]};
  };
  CHECK(philox({0, 0, 0, 0}, {0, 0}) == Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
        Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});

  // The key is a finaliser of seed + purpose · 0x9e3779b97f4a7c15 that keeps zero: this seed gives the key 0 to the purpose `test`.
  const std::uint64_t seed = -(0x9e3779b97f4a7c15U * static_cast<std::uint64_t>(Purpose::test));
  CHECK(first_block(RandomStream(seed, Purpose::test, 0, 0)) == Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
}

TEST_CASE("a stream is a pure function of its address", "[sim][base][random]") {
  RandomStream a(1, Purpose::test, 2, 3);
  RandomStream b(1, Purpose::test, 2, 3);
  for (int i = 0; i < 7; ++i) REQUIRE(a() == b());
  RandomStream copy = a;  // in the middle of a block
  for (int i = 0; i < 7; ++i) REQUIRE(a() == copy());
}

TEST_CASE("every part of the address chooses another stream", "[sim][base][random]") {
  // Invariant: all blocks differ. 2^12 addresses; two of 128 bits coincide by chance with probability 2^-105.
  std::set<Block> blocks;
  for (std::uint64_t seed = 0; seed < 8; ++seed)
    for (std::uint32_t purpose = 1; purpose <= 8; ++purpose)
      for (std::uint32_t entity = 0; entity < 8; ++entity)
        for (std::uint64_t step = 0; step < 8; ++step)
          blocks.insert(first_block(RandomStream(seed, static_cast<Purpose>(purpose), entity, step << 31)));
  CHECK(blocks.size() == 4096);
}

TEST_CASE("neighbouring streams are uncorrelated", "[sim][base][random]") {
  // Equal bits of two independent streams are binomial(320000, 1/2): mean 160000, standard deviation 283. The bound of 6 standard
  // deviations fails for one of four pairs of good streams with probability 8e-9.
  const RandomStream base(10, Purpose::compute_time, 20, 30);
  const std::map<std::string, RandomStream> neighbours{{"seed", RandomStream(11, Purpose::compute_time, 20, 30)},
                                                       {"purpose", RandomStream(10, Purpose::straggler_choice, 20, 30)},
                                                       {"entity", RandomStream(10, Purpose::compute_time, 21, 30)},
                                                       {"step", RandomStream(10, Purpose::compute_time, 20, 31)}};
  for (const auto& [what, neighbour] : neighbours) {
    CAPTURE(what);
    RandomStream a = base;
    RandomStream b = neighbour;
    int equal = 0;
    for (int i = 0; i < 10000; ++i) equal += 32 - std::popcount(a() ^ b());
    CHECK(std::abs(equal - 160000) < 6 * 283);
  }
}

TEST_CASE("uniform numbers have 53 random bits in [0, 1)", "[sim][base][random]") {
  // Closed form: mean 1/2, variance 1/12; the lowest bit is set half of the time. 5.5 standard errors each: 1e-7 in all.
  constexpr int n = 100000;
  RandomStream random(1, Purpose::test, 0, 0);
  double sum = 0;
  double sum_of_squares = 0;
  double least = 1;
  double largest = 0;
  int odd = 0;
  for (int i = 0; i < n; ++i) {
    const double x = random.uniform();
    least = std::min(least, x);
    largest = std::max(largest, x);
    sum += x;
    sum_of_squares += (x - 0.5) * (x - 0.5);
    odd += static_cast<int>(static_cast<std::uint64_t>(x * 0x1p53) & 1U);
  }
  CHECK(least >= 0);
  CHECK(largest < 1);
  CHECK(std::abs(sum / n - 0.5) < 5.5 * std::sqrt(1.0 / 12 / n));
  CHECK(std::abs(sum_of_squares / n - 1.0 / 12) < 5.5 * std::sqrt(1.0 / 180 / n));
  CHECK(std::abs(odd - n / 2) < 5.5 * std::sqrt(n / 4.0));
}

TEST_CASE("whole numbers below n are equally likely", "[sim][base][random]") {
  RandomStream random(1, Purpose::test, 1, 0);
  CHECK(random.below(1) == 0);

  SECTION("a small n") {
    // chi², 6 degrees of freedom: P(> 45) = e^-22.5 (1 + 22.5 + 22.5²/2) = 5e-8
    std::vector<double> counts(7);
    for (int i = 0; i < 700000; ++i) ++counts.at(random.below(7));
    CHECK(chi_squared(counts) < 45);
  }
  SECTION("a large n, where multiplying without rejection is biased") {
    // n = 3 · 2^30: the plain product would give the residues modulo 3 with probabilities 1/2, 1/4, 1/4.
    // chi², 2 degrees of freedom: P(> 34) = e^-17 = 4e-8
    std::vector<double> counts(3);
    std::uint32_t largest = 0;
    for (int i = 0; i < 30000; ++i) {
      const std::uint32_t x = random.below(3U << 30U);
      largest = std::max(largest, x);
      ++counts.at(x % 3);
    }
    CHECK(largest < 3U << 30U);
    CHECK(chi_squared(counts) < 34);
  }
}

TEST_CASE("shuffling gives every order with the same probability", "[sim][base][random]") {
  // 4! = 24 orders. chi², 23 degrees of freedom: P(> 95) = 1e-10.
  RandomStream random(1, Purpose::test, 2, 0);
  std::map<std::vector<int>, double> orders;
  for (int i = 0; i < 120000; ++i) {
    std::vector<int> values{0, 1, 2, 3};
    shuffle(values, random);
    ++orders[values];
  }
  std::vector<double> counts;
  for (const auto& [order, count] : orders) {
    REQUIRE(std::is_permutation(order.begin(), order.end(), std::vector<int>{0, 1, 2, 3}.begin()));
    counts.push_back(count);
  }
  CHECK(counts.size() == 24);
  CHECK(chi_squared(counts) < 95);

  std::vector<int> none;
  shuffle(none, random);
  CHECK(none.empty());
}
