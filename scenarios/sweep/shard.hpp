#pragma once

#include <cstddef>
#include <string>

namespace peloton {

/// A part of a sweep for one job of a job array: every count-th point, from the (index − 1)-th on.
struct Shard {
  std::size_t index = 1;  ///< 1 … count
  std::size_t count = 1;

  [[nodiscard]] bool holds(std::size_t point) const { return point % count == index - 1; }
  /// "sweep.2-of-5.sqlite"
  [[nodiscard]] std::string file_name() const;
};

/// "2/5": --shard. Anything else is an InputError.
[[nodiscard]] Shard parse_shard(const std::string& text);

}  // namespace peloton
