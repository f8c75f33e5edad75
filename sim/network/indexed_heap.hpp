#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sim/base/state.hpp"

namespace peloton {

/// Where the entries of heaps stand, by entry id. Heaps that never hold the same id may share one.
using HeapPlaces = std::vector<std::uint32_t>;

/// A 4-ary min-heap in which every entry can be found, changed and removed by its id. `Entry` has `operator<`, a total order, and
/// `id()`, a small number, different for all entries. The places are the caller's, so that thousands of small heaps share one array.
template <class Entry>
class IndexedHeap {
 public:
  [[nodiscard]] bool empty() const { return heap_.empty(); }
  [[nodiscard]] std::size_t size() const { return heap_.size(); }
  [[nodiscard]] const Entry& top() const { return heap_.front(); }
  /// All entries, in the heap's order.
  [[nodiscard]] const std::vector<Entry>& entries() const { return heap_; }

  void push(const Entry& entry, HeapPlaces& places) {
    if (entry.id() >= places.size()) places.resize(entry.id() + 1, kAbsent);
    heap_.push_back(entry);
    sift_up(heap_.size() - 1, places);
  }

  /// Enters it, or changes the entry of that id.
  void set(const Entry& entry, HeapPlaces& places) {
    if (entry.id() >= places.size() || places[entry.id()] == kAbsent) return push(entry, places);
    heap_[places[entry.id()]] = entry;
    resettle(places[entry.id()], places);
  }

  /// `set` for each: O(log n) each, or O(n) together when they are many.
  void set_all(const std::vector<Entry>& entries, HeapPlaces& places) {
    if (4 * entries.size() <= heap_.size()) {
      for (const Entry& entry : entries) set(entry, places);
      return;
    }
    for (const Entry& entry : entries) {
      if (entry.id() >= places.size()) places.resize(entry.id() + 1, kAbsent);
      std::uint32_t& place = places[entry.id()];
      if (place == kAbsent) {
        place = static_cast<std::uint32_t>(heap_.size());
        heap_.emplace_back();
      }
      heap_[place] = entry;
    }
    if (heap_.size() < 2) return;
    for (std::size_t i = (heap_.size() - 2) / kArity + 1; i-- > 0;) sift_down(i, places);
  }

  void pop(HeapPlaces& places) { remove_at(0, places); }

  void remove(std::uint32_t id, HeapPlaces& places) { remove_at(places[id], places); }

  void clear(HeapPlaces& places) {
    for (const Entry& entry : heap_) places[entry.id()] = kAbsent;
    heap_.clear();
  }

  /// The entries alone; after reading, `restore_places` follows.
  void visit_state(StateVisitor& v) { v("heap", heap_); }
  void restore_places(HeapPlaces& places) const {
    for (std::size_t i = 0; i < heap_.size(); ++i) {
      if (heap_[i].id() >= places.size()) places.resize(heap_[i].id() + 1, kAbsent);
      places[heap_[i].id()] = static_cast<std::uint32_t>(i);
    }
  }

 private:
  static constexpr std::size_t kArity = 4;
  static constexpr std::uint32_t kAbsent = 0xffffffffU;

  void put(std::size_t place, const Entry& entry, HeapPlaces& places) {
    heap_[place] = entry;
    places[entry.id()] = static_cast<std::uint32_t>(place);
  }

  void remove_at(std::size_t place, HeapPlaces& places) {
    places[heap_[place].id()] = kAbsent;
    const Entry last = heap_.back();
    heap_.pop_back();
    if (place == heap_.size()) return;
    put(place, last, places);
    resettle(place, places);
  }

  void resettle(std::size_t place, HeapPlaces& places) {
    if (place > 0 && heap_[place] < heap_[(place - 1) / kArity])
      sift_up(place, places);
    else
      sift_down(place, places);
  }

  void sift_up(std::size_t place, HeapPlaces& places) {
    const Entry entry = heap_[place];
    for (; place > 0 && entry < heap_[(place - 1) / kArity]; place = (place - 1) / kArity) put(place, heap_[(place - 1) / kArity], places);
    put(place, entry, places);
  }

  void sift_down(std::size_t place, HeapPlaces& places) {
    const Entry entry = heap_[place];
    while (kArity * place + 1 < heap_.size()) {
      const auto first = heap_.begin() + static_cast<std::ptrdiff_t>(kArity * place + 1);
      const auto least = std::min_element(first, heap_.end() - first > static_cast<std::ptrdiff_t>(kArity) ? first + kArity : heap_.end());
      if (!(*least < entry)) break;
      const auto below = static_cast<std::size_t>(least - heap_.begin());
      put(place, *least, places);
      place = below;
    }
    put(place, entry, places);
  }

  std::vector<Entry> heap_;
};

}  // namespace peloton
