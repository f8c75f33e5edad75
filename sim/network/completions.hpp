#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/state.hpp"
#include "sim/time.hpp"

namespace peloton {

/// When each of the flows under way will end: a heap in which every flow's entry can change. Earliest first, then in order of starting.
class Completions {
 public:
  struct Entry {
    Time at;
    std::uint64_t start_order = 0;  ///< different for all flows
    std::uint64_t flow = 0;         ///< a slot in the caller's array
    friend bool operator<(const Entry& a, const Entry& b) { return a.at != b.at ? a.at < b.at : a.start_order < b.start_order; }
  };

  [[nodiscard]] bool empty() const { return heap_.empty(); }
  [[nodiscard]] const Entry& earliest() const { return heap_.front(); }
  void pop();

  /// Enters flows or changes their entries: O(log n) each, or O(n) together when they are many.
  void set(const std::vector<Entry>& entries);

  void visit_state(StateVisitor& v);

 private:
  static constexpr std::size_t kArity = 4;
  static constexpr std::uint32_t kAbsent = 0xffffffffU;

  void put(std::size_t place, const Entry& entry);
  void sift_up(std::size_t place);
  void sift_down(std::size_t place);

  std::vector<Entry> heap_;
  std::vector<std::uint32_t> place_of_flow_;
};

}  // namespace peloton
