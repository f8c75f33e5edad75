#pragma once

#include <cstddef>
#include <cstdint>
#include <ctime>

namespace peloton {

/// Asynchronous workers and their server: the answer to each message is a message back, of a size that differs between workers.
struct PingPong {
  std::size_t workers = 1;
  std::uint64_t deliveries = 1;  ///< after which it ends
  double compute = 0;            ///< mean seconds that a worker computes before each message up; 0: not at all

  /// 1 MB and up to an eighth more.
  [[nodiscard]] static std::uint64_t bytes(std::uint64_t worker) { return 1'000'000 + worker * 991 % 125'000; }
  /// Seconds; the first computations are spread, instead of ending all at once.
  [[nodiscard]] double think(std::uint64_t worker, std::uint64_t round) const {
    if (compute == 0) return 0;
    if (round == 0) return compute * (static_cast<double>(worker) + 0.5) / static_cast<double>(workers);
    constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15ULL;
    return compute * (0.5 + static_cast<double>((worker * 7919 + round * kOdd) >> 33U & 1023U) / 1024);
  }
};

struct PingPongResult {
  double microseconds = 0;     ///< of processor time per message, everything included
  double virtual_seconds = 0;  ///< when the last delivery happened
};

/// Seconds of processor time that `work`, on one thread, takes: a busy machine does not lengthen it much.
template <class Work>
double seconds_of(Work&& work) {
  const std::clock_t start = std::clock();
  work();
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

}  // namespace peloton
