#pragma once

#include <cstddef>
#include <utility>

namespace peloton {

/// A numbering of the n (n − 1) / 2 pairs of n things, with O(1) ways there and back: by the distance s ≤ n / 2 round a circle, then by
/// the thing from which the other lies s ahead.
struct AllPairs {
  std::size_t things = 0;

  struct Place {
    std::size_t pair = 0;
    bool forward = true;  ///< the thing asked for first is the pair's first
  };

  [[nodiscard]] std::size_t count() const { return things * (things - (things > 0 ? 1 : 0)) / 2; }

  [[nodiscard]] std::pair<std::size_t, std::size_t> at(std::size_t pair) const {
    const std::size_t first = pair % things;
    return {first, (first + pair / things + 1) % things};
  }

  /// Of two different things.
  [[nodiscard]] Place find(std::size_t from, std::size_t to) const {
    const std::size_t ahead = (to + things - from) % things;
    // Half-way round an even circle both see the other at the same distance: the lower one is the first.
    const bool forward = 2 * ahead < things || (2 * ahead == things && from < to);
    return forward ? Place{(ahead - 1) * things + from, true} : Place{(things - ahead - 1) * things + to, false};
  }
};

}  // namespace peloton
