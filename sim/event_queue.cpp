#include "sim/event_queue.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/error.hpp"

namespace peloton {

void EventQueue::too_many(const char* what) { throw Failure(fmt::format("the engine's limit is reached: too many {}", what)); }

void EventQueue::reserve(std::size_t events) {
  heap_.reserve(events + kRoot);
  slab_.reserve(events);
  free_.reserve(events);
}

bool EventQueue::cancel(EventHandle handle) {
  if (handle.slot >= slab_.size()) return false;
  Entry& entry = slab_[handle.slot];
  if (entry.generation != handle.generation || entry.dead != 0) return false;
  entry.dead = 1;
  ++dead_;
  --live_;
  // Timers that are always cancelled would pile up otherwise; a few dead are not worth a sweep.
  constexpr std::size_t kTolerated = 1024;
  if (dead_ > live_ + kTolerated)
    drop_all_dead();
  else
    drop_dead();
  return true;
}

void EventQueue::drop_all_dead() {
  const auto end = std::remove_if(heap_.begin() + kRoot, heap_.end(), [&](Key key) {
    const bool dead = slab_[slot_of(key)].dead != 0;
    if (dead) bury(slot_of(key));
    return dead;
  });
  heap_.erase(end, heap_.end());
  std::sort(heap_.begin() + kRoot, heap_.end());  // a sorted array is a heap
}

void EventQueue::visit_state(StateVisitor& v) {
  std::uint64_t keys = heap_.size();
  v("keys", keys);
  if (v.reading()) heap_.resize(keys);
  v.bytes("heap", heap_.data(), keys * sizeof(Key));
  v("slab", slab_);
  v("free", free_);
  v("live", live_);
  v("dead", dead_);
  v("next_sequence", next_sequence_);
}

}  // namespace peloton
