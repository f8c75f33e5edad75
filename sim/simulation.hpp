#pragma once

#include <cstdint>
#include <utility>

#include "sim/base/error.hpp"
#include "sim/base/hash.hpp"
#include "sim/base/state.hpp"
#include "sim/event_queue.hpp"
#include "sim/time.hpp"

namespace peloton {

/// The discrete-event world of one run: a clock, the pending events and the fingerprint of those that happened.
///
/// A value: copies are independent, nothing is global. It knows no workers and no learning; whoever steps it gives the handler.
/// Simultaneous events happen in the order in which they were scheduled.
class Simulation {
 public:
  [[nodiscard]] Time now() const { return now_; }
  /// Events that happened so far.
  [[nodiscard]] std::uint64_t events() const { return events_; }
  [[nodiscard]] bool idle() const { return queue_.empty(); }
  /// The time of the next event, kNever when none is pending.
  [[nodiscard]] Time next_time() const { return queue_.empty() ? kNever : queue_.next_time(); }
  [[nodiscard]] std::size_t pending() const { return queue_.size(); }

  void reserve(std::size_t events) { queue_.reserve(events); }

  /// `at` must not lie in the past.
  EventHandle schedule(Time at, const Event& event) {
    PELOTON_INVARIANT(at >= now_, "an event was scheduled in the past");
    return queue_.push(at, event);
  }
  EventHandle schedule_in(Duration delay, const Event& event) { return schedule(now_ + delay, event); }
  /// False when the event has happened or was cancelled before.
  bool cancel(EventHandle handle) { return queue_.cancel(handle); }

  /// Advances the clock to the next event and gives it to `handler(const Event&)`; there must be one.
  template <class Handler>
  void step(Handler&& handler) {
    const EventQueue::Popped next = queue_.pop();
    now_ = next.time;
    ++events_;
    fingerprint_.add(static_cast<std::uint64_t>(next.time.ns));
    fingerprint_.add(static_cast<std::uint64_t>(next.event.kind) << 32 | next.event.node);
    std::forward<Handler>(handler)(next.event);
  }

  /// Moves the clock forward without an event, never beyond the next one.
  void advance_to(Time t) {
    PELOTON_INVARIANT(t >= now_ && t <= next_time(), "the clock can only move forward to the next event");
    now_ = t;
  }

  /// The fingerprint of the event stream: times, kinds and nodes in order.
  [[nodiscard]] const Fingerprint& fingerprint() const { return fingerprint_; }

  void visit_state(StateVisitor& v);

 private:
  Time now_;
  std::uint64_t events_ = 0;
  Fingerprint fingerprint_;
  EventQueue queue_;
};

}  // namespace peloton
