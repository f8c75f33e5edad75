#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "sim/base/huge_pages.hpp"
#include "sim/base/state.hpp"
#include "sim/node.hpp"
#include "sim/time.hpp"

namespace peloton {

/// Who handles an event. The numbers are part of the timing fingerprint: append, never renumber.
enum class EventKind : std::uint32_t {
  compute_done = 1,
  message_delivered = 2,
  timer = 3,
  network = 4,
  node_down = 5,
  node_up = 6,
  message_processed = 8,
};

/// A small record: what happens, where, and one word for the handler (an index into its own storage).
struct Event {
  EventKind kind = EventKind::timer;
  NodeId node = kNoNode;
  std::uint64_t data = 0;
};

/// Names a scheduled event for cancellation; outlives the event safely.
struct EventHandle {
  std::uint32_t slot = 0xffffffffU;
  std::uint32_t generation = 0;
};

/// The pending events in the order (time, sequence number of scheduling), the one comparison of the engine.
///
/// A 4-ary min-heap of 16-byte keys whose four children fill one cache line; payloads wait in a slab and never move. At most
/// 2^24 − 1 pending events and 2^40 events a run: reaching either limit is a Failure. Cancelled events are dropped when they surface
/// or when they outnumber the living. tests/bench/queue_bench.cpp compares it with the alternatives.
class EventQueue {
 public:
  [[nodiscard]] bool empty() const { return live_ == 0; }
  [[nodiscard]] std::size_t size() const { return live_; }

  /// Room for `events` pending events without reallocation.
  void reserve(std::size_t events);

  EventHandle push(Time at, const Event& event) {
    if (next_sequence_ >= kMostSequences) too_many("events in a run (2^40)");
    const std::uint32_t slot = take_slot();
    slab_[slot].event = event;
    heap_.emplace_back();
    sift_up(heap_.size() - 1, Key{at.ns} << 64 | (next_sequence_++ << kSlotBits | slot));
    ++live_;
    return {slot, slab_[slot].generation};
  }

  /// The time of the earliest event; the queue must not be empty.
  [[nodiscard]] Time next_time() const { return time_of(heap_[kRoot]); }

  struct Popped {
    Time time;
    Event event;
  };

  /// Removes the earliest event; the queue must not be empty.
  Popped pop() {
    const Key top = heap_[kRoot];
    const std::uint32_t slot = slot_of(top);
    const Popped out{time_of(top), slab_[slot].event};
    release(slot);
    --live_;
    remove_top();
    drop_dead();
    return out;
  }

  /// Removes a scheduled event; false when it has happened or was cancelled before.
  bool cancel(EventHandle handle);

  /// Saves and restores the pending events; the order of the heap is kept as it is.
  void visit_state(StateVisitor& v);

 private:
  /// 64 bits of time, 40 of sequence, 24 of slot. Sequences are unique, so the slot never decides. One wide integer, because it
  /// compares without branches.
  __extension__ using Key = __int128;

  static constexpr std::uint64_t kSlotBits = 24;
  static constexpr std::uint64_t kSlotMask = (1U << kSlotBits) - 1;
  static constexpr std::uint64_t kMostSequences = 1ULL << (64 - kSlotBits);
  static constexpr std::size_t kArity = 4;
  /// The root's index: those before stay unused, so that every group of children starts at a multiple of kArity.
  static constexpr std::size_t kRoot = kArity - 1;

  struct Entry {
    Event event;
    std::uint32_t generation = 0;
    std::uint32_t dead = 0;
  };

  static std::uint32_t slot_of(Key key) { return static_cast<std::uint32_t>(static_cast<std::uint64_t>(key) & kSlotMask); }
  static Time time_of(Key key) { return {static_cast<std::int64_t>(key >> 64)}; }
  static std::size_t parent_of(std::size_t i) { return i / kArity + kArity - 2; }
  static std::size_t first_child_of(std::size_t i) { return kArity * (i - (kArity - 2)); }
  [[noreturn]] static void too_many(const char* what);

  std::uint32_t take_slot() {
    if (!free_.empty()) {
      const std::uint32_t slot = free_.back();
      free_.pop_back();
      return slot;
    }
    if (slab_.size() >= kSlotMask) too_many("pending events (2^24)");
    slab_.emplace_back();
    return static_cast<std::uint32_t>(slab_.size() - 1);
  }

  void release(std::uint32_t slot) {
    ++slab_[slot].generation;
    free_.push_back(slot);
  }

  /// Puts `key` at the vacant place i or above it.
  void sift_up(std::size_t i, Key key) {
    Key* const keys = heap_.data();
    while (i > kRoot) {
      const std::size_t parent = parent_of(i);
      if (!(key < keys[parent])) break;
      keys[i] = keys[parent];
      i = parent;
    }
    keys[i] = key;
  }

  /// Puts `key` at the vacant root or below it.
  void sift_down(Key key) {
    Key* const keys = heap_.data();
    const std::size_t n = heap_.size();
    std::size_t i = kRoot;
    std::size_t first = first_child_of(i);
    for (; first + kArity <= n; first = first_child_of(i)) {
      // The grandchildren are 256 adjacent bytes: fetched while this level is compared.
      const std::size_t grandchildren = first_child_of(first);
      if (grandchildren < n)
        for (std::size_t c = 0; c < kArity; ++c) __builtin_prefetch(keys + grandchildren + c * kArity);
      // Sums of comparisons, not choices: the compiler makes no branch of them, and no predictor could guess it.
      const std::size_t a = first + (keys[first + 1] < keys[first]);
      const std::size_t b = first + 2 + (keys[first + 3] < keys[first + 2]);
      const std::size_t least = keys[b] < keys[a] ? b : a;
      const Key up = keys[least];
      if (!(up < key)) break;
      keys[i] = up;
      i = least;
    }
    if (first < n && first + kArity > n) {  // the last group is not full
      const Key* const least = std::min_element(keys + first, keys + n);
      if (*least < key) {
        keys[i] = *least;
        i = static_cast<std::size_t>(least - keys);
      }
    }
    keys[i] = key;
  }

  void remove_top() {
    const Key last = heap_.back();
    heap_.pop_back();
    if (heap_.size() == kRoot) return;
    sift_down(last);
    __builtin_prefetch(&slab_[slot_of(heap_[kRoot])]);
  }

  /// Keeps the top alive, so that next_time() is always a real event's.
  void drop_dead() {
    while (dead_ > 0 && slab_[slot_of(heap_[kRoot])].dead != 0) {
      bury(slot_of(heap_[kRoot]));
      remove_top();
    }
  }

  /// Frees the slot of a cancelled event.
  void bury(std::uint32_t slot) {
    slab_[slot].dead = 0;
    release(slot);
    --dead_;
  }
  void drop_all_dead();

  LargeVector<Key> heap_ = LargeVector<Key>(kRoot);  // starts at a cache line
  LargeVector<Entry> slab_;
  LargeVector<std::uint32_t> free_;
  std::size_t live_ = 0;
  std::size_t dead_ = 0;
  std::uint64_t next_sequence_ = 0;
};

}  // namespace peloton
