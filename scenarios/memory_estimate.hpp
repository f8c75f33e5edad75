#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace peloton {

/// What a run is expected to hold at its peak, item by item.
struct MemoryEstimate {
  struct Item {
    std::string what;
    double bytes;
  };
  std::vector<Item> items;

  void add(std::string what, double bytes) { items.push_back({std::move(what), bytes}); }
  [[nodiscard]] double total() const;
  /// One line for people: the total and its largest items.
  [[nodiscard]] std::string text() const;
};

/// Memory of this machine, in bytes.
[[nodiscard]] double physical_memory();
/// The memory this process holds now, in bytes.
[[nodiscard]] double resident_memory();
/// The most memory this process has held so far, in bytes.
[[nodiscard]] std::uint64_t peak_memory();

}  // namespace peloton
