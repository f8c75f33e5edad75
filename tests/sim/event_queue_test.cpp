#include "sim/event_queue.hpp"

#include <map>
#include <set>
#include <utility>

#include "sim/base/error.hpp"
#include "sim/base/random.hpp"
#include "tests/test.hpp"

using namespace peloton;

namespace {

Event numbered(std::uint64_t number) { return {EventKind::timer, static_cast<NodeId>(number % 7), number}; }

/// The order in which the queue's events happen, by their numbers.
std::vector<std::uint64_t> drain(EventQueue queue) {
  std::vector<std::uint64_t> out;
  while (!queue.empty()) out.push_back(queue.pop().event.data);
  return out;
}

/// The reference: a sorted map from (time, number of the push) to the event's handle.
struct Reference {
  std::map<std::pair<std::int64_t, std::uint64_t>, EventHandle> pending;

  /// What must hold between any two operations.
  void require_equal(const EventQueue& queue) const {
    REQUIRE(queue.size() == pending.size());
    REQUIRE(queue.empty() == pending.empty());
    if (!pending.empty()) REQUIRE(queue.next_time().ns == pending.begin()->first.first);
  }
};

/// Random operations on a queue and the reference; `spread` is the range of times, `cancels` of 16 operations cancel.
void compare_with_reference(std::uint32_t spread, std::uint32_t cancels, std::uint64_t seed) {
  CAPTURE(spread, cancels, seed);
  RandomStream random(seed, Purpose::test, spread, cancels);
  EventQueue queue;
  Reference reference;
  std::vector<EventHandle> gone;
  for (std::uint64_t number = 0; number < 4000; ++number) {
    const std::uint32_t what = random.below(16);
    if (what < cancels && !reference.pending.empty()) {
      auto victim = reference.pending.lower_bound({random.below(spread), 0});
      if (victim == reference.pending.end()) victim = reference.pending.begin();
      REQUIRE(queue.cancel(victim->second));
      gone.push_back(victim->second);
      reference.pending.erase(victim);
    } else if (what == 15 && !gone.empty()) {
      REQUIRE_FALSE(queue.cancel(gone[random.below(static_cast<std::uint32_t>(gone.size()))]));
    } else if (what >= 12 && !reference.pending.empty()) {
      const auto first = reference.pending.begin();
      const EventQueue::Popped popped = queue.pop();
      REQUIRE(popped.time.ns == first->first.first);
      REQUIRE(popped.event.data == first->first.second);
      REQUIRE(popped.event.node == first->first.second % 7);
      gone.push_back(first->second);
      reference.pending.erase(first);
    } else {
      const std::int64_t at = random.below(spread);
      reference.pending[{at, number}] = queue.push({at}, numbered(number));
    }
    reference.require_equal(queue);
  }
  std::vector<std::uint64_t> rest;
  for (const auto& [key, handle] : reference.pending) rest.push_back(key.second);
  CHECK(drain(queue) == rest);
}

}  // namespace

TEST_CASE("events happen in the order of their times", "[sim][event_queue]") {
  EventQueue queue;
  for (const std::int64_t at : {50, 10, 40, 20, 30}) queue.push({at}, numbered(static_cast<std::uint64_t>(at)));
  CHECK(queue.size() == 5);
  CHECK(queue.next_time() == Time{10});
  CHECK(drain(queue) == std::vector<std::uint64_t>{10, 20, 30, 40, 50});
}

TEST_CASE("simultaneous events happen in the order of their scheduling", "[sim][event_queue]") {
  // 1000 events at two times, scheduled alternately: first the even numbers, then the odd ones.
  EventQueue queue;
  std::vector<std::uint64_t> expected;
  for (std::uint64_t i = 0; i < 1000; ++i) queue.push({i % 2 == 0 ? 5 : 6}, numbered(i));
  for (std::uint64_t i = 0; i < 1000; i += 2) expected.push_back(i);
  for (std::uint64_t i = 1; i < 1000; i += 2) expected.push_back(i);
  CHECK(drain(queue) == expected);
}

TEST_CASE("reused slots do not decide ties", "[sim][event_queue]") {
  // Slots are handed out last in, first out: after three pops, the next pushes get slots in the opposite order.
  EventQueue queue;
  for (std::uint64_t i = 0; i < 3; ++i) queue.push({1}, numbered(i));
  for (int i = 0; i < 3; ++i) queue.pop();
  for (std::uint64_t i = 3; i < 6; ++i) queue.push({2}, numbered(i));
  CHECK(drain(queue) == std::vector<std::uint64_t>{3, 4, 5});
}

TEST_CASE("the whole range of times is ordered", "[sim][event_queue]") {
  EventQueue queue;
  queue.push(kNever, numbered(4));
  queue.push({0}, numbered(2));
  queue.push({-1}, numbered(1));
  queue.push({1}, numbered(3));
  queue.push({std::numeric_limits<std::int64_t>::min()}, numbered(0));
  CHECK(queue.next_time().ns == std::numeric_limits<std::int64_t>::min());
  CHECK(drain(queue) == std::vector<std::uint64_t>{0, 1, 2, 3, 4});
}

TEST_CASE("random operations agree with a sorted map", "[sim][event_queue]") {
  // Reference implementation: std::map. Few distinct times give many ties.
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    compare_with_reference(1, 2, seed);
    compare_with_reference(20, 0, seed);
    compare_with_reference(20, 4, seed);
    compare_with_reference(1'000'000, 2, seed);
    compare_with_reference(1'000'000'000, 4, seed);
  }
}

TEST_CASE("every size of heap is drained in order", "[sim][event_queue]") {
  // Sizes 0 … 90 pass through every shape of the last group of children on three levels.
  RandomStream random(1, Purpose::test, 0, 0);
  for (std::uint64_t size = 0; size <= 90; ++size) {
    CAPTURE(size);
    EventQueue queue;
    std::multimap<std::int64_t, std::uint64_t> expected;  // keeps the order of insertion among equals
    for (std::uint64_t i = 0; i < size; ++i) {
      const std::int64_t at = random.below(60);
      expected.emplace(at, i);
      queue.push({at}, numbered(i));
    }
    std::vector<std::uint64_t> numbers;
    for (const auto& [at, number] : expected) numbers.push_back(number);
    CHECK(drain(queue) == numbers);
  }
}

TEST_CASE("a cancelled event does not happen", "[sim][event_queue]") {
  EventQueue queue;
  const EventHandle a = queue.push({10}, numbered(1));
  const EventHandle b = queue.push({20}, numbered(2));
  const EventHandle c = queue.push({30}, numbered(3));

  SECTION("the next one") {
    CHECK(queue.cancel(a));
    CHECK(queue.next_time() == Time{20});
    CHECK(drain(queue) == std::vector<std::uint64_t>{2, 3});
  }
  SECTION("a later one") {
    CHECK(queue.cancel(b));
    CHECK(queue.size() == 2);
    CHECK(drain(queue) == std::vector<std::uint64_t>{1, 3});
  }
  SECTION("all of them") {
    CHECK(queue.cancel(b));
    CHECK(queue.cancel(a));
    CHECK(queue.cancel(c));
    CHECK(queue.empty());
    queue.push({5}, numbered(4));
    CHECK(drain(queue) == std::vector<std::uint64_t>{4});
  }
}

TEST_CASE("a handle names one event, once", "[sim][event_queue]") {
  EventQueue queue;
  CHECK_FALSE(queue.cancel({}));

  const EventHandle popped = queue.push({1}, numbered(1));
  queue.pop();
  CHECK_FALSE(queue.cancel(popped));

  const EventHandle successor = queue.push({2}, numbered(2));  // in the same slot
  CHECK(successor.slot == popped.slot);
  CHECK_FALSE(queue.cancel(popped));
  CHECK(queue.size() == 1);

  CHECK(queue.cancel(successor));
  CHECK_FALSE(queue.cancel(successor));
  CHECK(queue.empty());

  queue.push({5}, numbered(3));
  const EventHandle buried = queue.push({9}, numbered(4));
  CHECK(queue.cancel(buried));
  CHECK_FALSE(queue.cancel(buried));  // dead, but not yet surfaced
  CHECK(queue.size() == 1);
}

TEST_CASE("timers that are always cancelled do not pile up", "[sim][event_queue]") {
  // A million timers far ahead, each cancelled before the next is set, beside one event that stays the next one. The number of slots
  // ever used, at most one more than the largest slot seen, must stay near the number of living events (2) plus the tolerated dead.
  EventQueue queue;
  queue.push({0}, numbered(0));
  std::uint32_t largest_slot = 0;
  for (std::int64_t i = 1; i <= 1'000'000; ++i) {
    const EventHandle timer = queue.push({1'000'000'000 - i}, numbered(static_cast<std::uint64_t>(i)));
    largest_slot = std::max(largest_slot, timer.slot);
    queue.cancel(timer);
  }
  CHECK(largest_slot < 2000);
  CHECK(drain(queue) == std::vector<std::uint64_t>{0});
}

TEST_CASE("a sweep of the dead keeps order, handles and slots of the living", "[sim][event_queue]") {
  // 5000 events at descending times; all but every tenth are cancelled, the last events first.
  EventQueue queue;
  std::vector<EventHandle> handles;
  for (std::int64_t i = 0; i < 5000; ++i) handles.push_back(queue.push({10'000 - i}, numbered(static_cast<std::uint64_t>(i))));
  std::vector<std::uint64_t> expected;
  for (std::size_t i = 5000; i-- > 0;) {
    if (i % 10 == 0)
      expected.push_back(i);
    else
      REQUIRE(queue.cancel(handles[i]));
  }
  for (std::size_t i = 0; i < 5000; i += 500) {
    EventQueue copy = queue;
    REQUIRE(copy.cancel(handles[i]));
    REQUIRE(copy.size() == 499);
  }
  for (std::size_t i = 1; i < 5000; i += 10) REQUIRE_FALSE(queue.cancel(handles[i]));
  CHECK(drain(queue) == expected);
}

TEST_CASE("a copy of a queue is independent", "[sim][event_queue]") {
  EventQueue queue;
  for (std::uint64_t i = 0; i < 20; ++i) queue.push({static_cast<std::int64_t>(i * 37 % 20)}, numbered(i));
  EventQueue copy = queue;
  const std::vector<std::uint64_t> before = drain(queue);
  copy.pop();
  copy.push({0}, numbered(99));
  CHECK(drain(queue) == before);
  CHECK(queue.size() == 20);
}

TEST_CASE("a queue is saved and restored with its handles", "[sim][event_queue]") {
  // Invariant: after a restore, the same operations have the same results, those on old handles included.
  RandomStream random(3, Purpose::test, 0, 0);
  EventQueue queue;
  std::vector<EventHandle> handles;
  for (std::uint64_t i = 0; i < 500; ++i) {
    handles.push_back(queue.push({random.below(50)}, numbered(i)));
    if (i % 3 == 0) queue.cancel(handles[random.below(static_cast<std::uint32_t>(handles.size()))]);
    if (i % 4 == 0 && !queue.empty()) queue.pop();
  }
  for (int i = 0; i < 5; ++i) queue.pop();  // so that there are free slots
  EventQueue restored;
  restored.push({1}, numbered(1));
  restore_state(restored, save_state(queue));
  CHECK(save_state(restored) == save_state(queue));
  for (const EventHandle& handle : handles)
    if (random.below(2) == 0) CHECK(restored.cancel(handle) == queue.cancel(handle));
  for (std::uint64_t i = 0; i < 50; ++i) {
    const std::int64_t at = random.below(50);
    const EventHandle a = queue.push({at}, numbered(1000 + i));
    const EventHandle b = restored.push({at}, numbered(1000 + i));
    CHECK(a.slot == b.slot);
    CHECK(a.generation == b.generation);
  }
  CHECK(drain(restored) == drain(queue));

  EventQueue empty;
  EventQueue from_empty;
  from_empty.push({1}, numbered(1));
  restore_state(from_empty, save_state(empty));
  CHECK(from_empty.empty());
  from_empty.push({1}, numbered(2));
  CHECK(drain(from_empty) == std::vector<std::uint64_t>{2});
}

TEST_CASE("the number of events in a run is limited", "[sim][event_queue]") {
  // The last word of a saved queue is the next sequence number. At 2^40 − 1 one more event fits.
  EventQueue queue;
  std::string state = save_state(queue);
  const std::uint64_t last = (1ULL << 40U) - 1;
  state.replace(state.size() - sizeof last, sizeof last, reinterpret_cast<const char*>(&last), sizeof last);
  restore_state(queue, state);
  queue.push({7}, numbered(1));
  CHECK(queue.next_time() == Time{7});
  CHECK_THROWS_AS(queue.push({7}, numbered(2)), Failure);
  CHECK_THROWS_WITH(queue.push({7}, numbered(2)), "the engine's limit is reached: too many events in a run (2^40)");
  CHECK(drain(queue) == std::vector<std::uint64_t>{1});
}
