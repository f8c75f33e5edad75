#pragma once

#include <Random123/philox.h>

#include <cstdint>
#include <utility>

namespace peloton {

/// What a random number is for. Each purpose has streams of its own, so that a draw added to one model shifts no other.
/// Values are part of the meaning of a seed: append, never renumber.
enum class Purpose : std::uint32_t {
  compute_time = 1,
  straggler_choice = 2,
  batch = 3,
  gradient_noise = 4,
  initial_point = 5,
  partition = 6,
  data = 7,
  network = 8,
  test = 9,
  worker_noise = 10,
  codec = 11,
  surrogate = 12,
  graph = 13,
  trace_start = 14,
  bootstrap = 15,
  twin = 16,
  placement = 17,
  fault = 20,
  markov_phase = 24,
  slowdown_phase = 25,
  device = 26,
  processing = 27,
  arrival = 28,
  device_speed = 29,
};

/// A stream of random bits addressed by (seed, purpose, entity, step): Philox4x32-10 (Salmon et al., SC 2011) in counter mode.
/// A UniformRandomBitGenerator for Boost.Random's distributions. Copying it copies the position; constructing it costs nothing.
class RandomStream {
 public:
  using result_type = std::uint32_t;

  RandomStream(std::uint64_t seed, Purpose purpose, std::uint32_t entity, std::uint64_t step) {
    const std::uint64_t key = mixed(seed + 0x9e3779b97f4a7c15U * static_cast<std::uint64_t>(purpose));
    key_ = {{static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)}};
    counter_ = {{0, entity, static_cast<std::uint32_t>(step), static_cast<std::uint32_t>(step >> 32)}};
  }

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return 0xffffffffU; }

  result_type operator()() {
    if (used_ == 4) {
      block_ = r123::Philox4x32()(counter_, key_);
      ++counter_[0];
      used_ = 0;
    }
    return block_[used_++];
  }

  /// A double in [0, 1) with 53 random bits.
  double uniform() {
    const std::uint64_t high = (*this)();
    const std::uint64_t bits = (high << 32 | (*this)()) >> 11;
    return static_cast<double>(bits) * 0x1p-53;
  }

  /// An integer in [0, n), n ≥ 1, without bias (Lemire, ACM TOMACS 2019).
  std::uint32_t below(std::uint32_t n) {
    std::uint64_t product = static_cast<std::uint64_t>((*this)()) * n;
    if (static_cast<std::uint32_t>(product) < n) {
      const std::uint32_t threshold = static_cast<std::uint32_t>(-n) % n;
      while (static_cast<std::uint32_t>(product) < threshold) product = static_cast<std::uint64_t>((*this)()) * n;
    }
    return static_cast<std::uint32_t>(product >> 32);
  }

 private:
  /// splitmix64's finaliser: neighbouring seeds get unrelated keys.
  static constexpr std::uint64_t mixed(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }

  r123::Philox4x32::ctr_type counter_;
  r123::Philox4x32::key_type key_;
  r123::Philox4x32::ctr_type block_{};
  unsigned used_ = 4;
};

/// A uniformly random permutation in place (Fisher–Yates).
template <class Range>
void shuffle(Range& values, RandomStream& random) {
  for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[random.below(static_cast<std::uint32_t>(i))]);
}

}  // namespace peloton
