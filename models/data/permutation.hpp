#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "sim/base/random.hpp"

namespace peloton {

/// A pseudo-random permutation of 0 … n − 1 whose values are computed one at a time, without storing the others. A Feistel network
/// permutes the smallest power of two ≥ n, and values ≥ n are sent through it again until one below n comes out (cycle walking; Black,
/// Rogaway, CT-RSA 2002), on average less than twice. Small networks need more rounds to mix: with 8, the orders of five values are far
/// from equally likely, with 24 they are as far as 10⁵ draws tell. Good enough to sample with, not for adversaries. About 20 ns a value,
/// and 60 ns when n ≤ 64.
class KeyedPermutation {
 public:
  /// n ≥ 1; the keys are drawn from `random`.
  KeyedPermutation(std::uint32_t n, RandomStream random) : n_(n), rounds_(n <= 64 ? kMostRounds : 8) {
    const int bits = std::bit_width(n - 1);
    right_bits_ = bits / 2;
    left_mask_ = (1U << (bits - right_bits_)) - 1;
    right_mask_ = (1U << right_bits_) - 1;
    for (std::size_t round = 0; round < rounds_; ++round) {
      keys_[round] = static_cast<std::uint64_t>(random()) << 32U;
      keys_[round] |= random();
    }
  }

  /// The image of i < n.
  [[nodiscard]] std::uint32_t operator()(std::uint32_t i) const {
    do i = scrambled(i);
    while (i >= n_);
    return i;
  }

 private:
  static constexpr std::size_t kMostRounds = 24;

  [[nodiscard]] std::uint32_t scrambled(std::uint32_t i) const {
    std::uint32_t left = i >> right_bits_;
    std::uint32_t right = i & right_mask_;
    for (std::size_t round = 0; round < rounds_; round += 2) {
      left ^= mixed(keys_[round] + right) & left_mask_;
      right ^= mixed(keys_[round + 1] + left) & right_mask_;
    }
    return left << right_bits_ | right;
  }

  /// The upper 16 bits of splitmix64's finaliser, its last step left out.
  static std::uint32_t mixed(std::uint64_t z) {
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return static_cast<std::uint32_t>(z >> 48U);
  }

  std::uint32_t n_;
  std::size_t rounds_;
  int right_bits_;
  std::uint32_t left_mask_;
  std::uint32_t right_mask_;
  std::array<std::uint64_t, kMostRounds> keys_;
};

}  // namespace peloton
