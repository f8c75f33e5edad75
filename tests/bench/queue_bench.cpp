/// The hold model (Jones, CACM 1986): with n events pending, pop the earliest and push one that lies some time ahead. The alternatives
/// carry the same payload and keep the same order (time, sequence) as EventQueue, without cancellation.

#include "tests/bench/queue_bench.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <boost/align/aligned_allocator.hpp>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <limits>
#include <queue>
#include <tuple>
#include <vector>

#include "sim/event_queue.hpp"

namespace peloton {
namespace {

/// std::priority_queue of whole events: 32 bytes each.
class BinaryHeap {
 public:
  static constexpr const char* name = "std::priority_queue";

  void push(Time at, const Event& event) { heap_.push({at, next_sequence_++, event}); }
  EventQueue::Popped pop() {
    const Item top = heap_.top();
    heap_.pop();
    return {top.time, top.event};
  }

 private:
  struct Item {
    Time time;
    std::uint64_t sequence;
    Event event;
    bool operator>(const Item& other) const { return std::tie(time, sequence) > std::tie(other.time, other.sequence); }
  };
  std::priority_queue<Item, std::vector<Item>, std::greater<>> heap_;
  std::uint64_t next_sequence_ = 0;
};

/// Pending events outside the queue's order: what a key's number refers to.
class Slab {
 public:
  std::uint32_t put(const Event& event) {
    if (free_.empty()) {
      events_.push_back(event);
      return static_cast<std::uint32_t>(events_.size() - 1);
    }
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    events_[slot] = event;
    return slot;
  }
  Event take(std::uint32_t slot) {
    free_.push_back(slot);
    return events_[slot];
  }

 private:
  std::vector<Event> events_;
  std::vector<std::uint32_t> free_;
};

/// A d-ary heap of 16-byte keys, children aligned to their size, with or without prefetching the grandchildren.
template <std::size_t Arity, bool Prefetch>
class KeyHeap {
 public:
  static constexpr const char* name = Arity == 2   ? "2-ary heap of keys"
                                      : Arity == 8 ? (Prefetch ? "8-ary heap of keys, prefetch" : "8-ary heap of keys")
                                                   : (Prefetch ? "4-ary heap of keys, prefetch" : "4-ary heap of keys");

  void push(Time at, const Event& event) {
    const Key key = Key{at.ns} << 64 | (next_sequence_++ << 24 | slab_.put(event));
    std::size_t i = heap_.size();
    heap_.push_back(key);
    for (std::size_t parent = parent_of(i); i > kRoot && key < heap_[parent]; parent = parent_of(i)) {
      heap_[i] = heap_[parent];
      i = parent;
    }
    heap_[i] = key;
  }

  EventQueue::Popped pop() {
    const Key top = heap_[kRoot];
    const Event event = slab_.take(static_cast<std::uint32_t>(static_cast<std::uint64_t>(top) & 0xffffffU));
    const Key last = heap_.back();
    heap_.pop_back();
    if (heap_.size() > kRoot) sift_down(last);
    return {{static_cast<std::int64_t>(top >> 64)}, event};
  }

 private:
  __extension__ using Key = __int128;
  static constexpr std::size_t kRoot = Arity - 1;
  static std::size_t parent_of(std::size_t i) { return i / Arity + Arity - 2; }
  static std::size_t first_child_of(std::size_t i) { return Arity * (i - (Arity - 2)); }

  /// The least of `Count` adjacent keys, by comparisons in pairs.
  template <std::size_t Count>
  static std::size_t least_of(const Key* keys, std::size_t first) {
    if constexpr (Count == 2) {
      return first + (keys[first + 1] < keys[first]);
    } else {
      const std::size_t a = least_of<Count / 2>(keys, first);
      const std::size_t b = least_of<Count / 2>(keys, first + Count / 2);
      return keys[b] < keys[a] ? b : a;
    }
  }

  void sift_down(Key key) {
    Key* const keys = heap_.data();
    const std::size_t n = heap_.size();
    std::size_t i = kRoot;
    std::size_t first = first_child_of(i);
    for (; first + Arity <= n; first = first_child_of(i)) {
      const std::size_t grandchildren = first_child_of(first);
      if (Prefetch && grandchildren < n)
        for (std::size_t c = 0; c < Arity * Arity; c += 4) __builtin_prefetch(keys + grandchildren + c);
      const std::size_t least = least_of<Arity>(keys, first);
      const Key up = keys[least];
      if (!(up < key)) break;
      keys[i] = up;
      i = least;
    }
    if (first < n && first + Arity > n) {
      const Key* const least = std::min_element(keys + first, keys + n);
      if (*least < key) {
        keys[i] = *least;
        i = static_cast<std::size_t>(least - keys);
      }
    }
    keys[i] = key;
  }

  using Keys = std::vector<Key, boost::alignment::aligned_allocator<Key, Arity * sizeof(Key)>>;
  Keys heap_ = Keys(kRoot);
  Slab slab_;
  std::uint64_t next_sequence_ = 0;
};

/// A calendar queue (Brown, CACM 1988): one sorted list per day of the year. The number of days follows the number of events, their
/// length the spacing of the earlier half of the events.
class CalendarQueue {
 public:
  static constexpr const char* name = "calendar queue";

  void push(Time at, const Event& event) {
    if (size_ + 1 > 2 * days_.size()) rebuild();
    std::uint32_t number = free_;
    if (number == kNone) {
      number = static_cast<std::uint32_t>(nodes_.size());
      nodes_.emplace_back();
    } else {
      free_ = nodes_[number].next;
    }
    nodes_[number] = {at.ns, next_sequence_++, event, kNone};
    insert(number);
    ++size_;
  }

  EventQueue::Popped pop() {
    std::uint32_t* day = &days_[day_of(today_)];
    for (std::size_t looked = 0; *day == kNone || nodes_[*day].time >= today_ + length_; ++looked) {
      if (looked > days_.size()) {  // a year without an event
        today_ = earliest() / length_ * length_;
        looked = 0;
      } else {
        today_ += length_;
      }
      day = &days_[day_of(today_)];
    }
    const std::uint32_t number = *day;
    Node& node = nodes_[number];
    *day = node.next;
    node.next = free_;
    free_ = number;
    --size_;
    return {{node.time}, node.event};
  }

 private:
  struct Node {
    std::int64_t time = 0;
    std::uint64_t sequence = 0;
    Event event;
    std::uint32_t next = 0;
  };
  static constexpr std::uint32_t kNone = 0xffffffffU;

  [[nodiscard]] std::size_t day_of(std::int64_t time) const { return static_cast<std::size_t>(time / length_) & (days_.size() - 1); }

  void insert(std::uint32_t number) {
    Node& node = nodes_[number];
    std::uint32_t* link = &days_[day_of(node.time)];
    while (*link != kNone && nodes_[*link].time <= node.time) link = &nodes_[*link].next;
    node.next = *link;
    *link = number;
  }

  [[nodiscard]] std::int64_t earliest() const {
    std::int64_t out = std::numeric_limits<std::int64_t>::max();
    for (const std::uint32_t first : days_)
      if (first != kNone) out = std::min(out, nodes_[first].time);
    return out;
  }

  void rebuild() {
    std::vector<std::uint32_t> numbers;
    for (std::uint32_t number : days_)
      for (; number != kNone; number = nodes_[number].next) numbers.push_back(number);
    const auto earlier = [&](std::uint32_t a, std::uint32_t b) {
      return std::tie(nodes_[a].time, nodes_[a].sequence) < std::tie(nodes_[b].time, nodes_[b].sequence);
    };
    std::sort(numbers.begin(), numbers.end(), earlier);
    const std::size_t half = numbers.size() / 2;
    if (half > 0) {
      const std::int64_t first = nodes_[numbers.front()].time;
      length_ = std::max<std::int64_t>(1, 2 * (nodes_[numbers[half]].time - first) / static_cast<std::int64_t>(half));
      today_ = first / length_ * length_;
    }
    days_.assign(2 * days_.size(), kNone);
    for (const std::uint32_t number : numbers) insert(number);
  }

  std::vector<std::uint32_t> days_ = std::vector<std::uint32_t>(16, kNone);
  std::vector<Node> nodes_;
  std::uint32_t free_ = kNone;
  std::size_t size_ = 0;
  std::int64_t length_ = 1'000'000;  ///< of a day, ns
  std::int64_t today_ = 0;
  std::uint64_t next_sequence_ = 0;
};

/// How far ahead events are scheduled.
enum class Spacing {
  exponential,  ///< asynchronous workers
  equal,        ///< a synchronous round: all pending events are simultaneous
};

/// Exponential increments come from a table, so that a draw costs about 1 ns.
class Increments {
 public:
  explicit Increments(Spacing spacing) {
    const auto size = static_cast<double>(table_.size());
    for (std::size_t i = 0; i < table_.size(); ++i) {
      const double quantile = (static_cast<double>(i) + 0.5) / size;
      table_[i] = spacing == Spacing::equal ? 1'000'000'000 : std::llround(-1e9 * std::log(quantile));
    }
    jitter_ = spacing == Spacing::equal ? 0 : 0xfffffU;
  }
  Duration operator()() {  // xorshift64: Marsaglia, Journal of Statistical Software 2003
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return {table_[state_ >> 54] + static_cast<std::int64_t>(state_ & jitter_)};
  }

 private:
  std::array<std::int64_t, 1024> table_;
  std::uint64_t jitter_;
  std::uint64_t state_ = 88172645463325252ULL;
};

/// The least time of one hold in nanoseconds, over short blocks, so that other programs on the machine disturb little.
template <class Queue>
double hold_time(std::size_t pending, Spacing spacing) {
  using Clock = std::chrono::steady_clock;
  constexpr std::size_t kBlocks = 50;
  constexpr std::size_t kHolds = 20000;
  Queue queue;
  Increments increment(spacing);
  for (std::size_t i = 0; i < pending; ++i) queue.push(Time{} + increment(), {EventKind::timer, static_cast<NodeId>(i), i});
  const auto hold = [&](std::size_t times) {
    for (std::size_t i = 0; i < times; ++i) {
      const EventQueue::Popped next = queue.pop();
      queue.push(next.time + increment(), next.event);
    }
  };
  hold(2 * pending);  // to the steady state
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t block = 0; block < kBlocks; ++block) {
    const Clock::time_point start = Clock::now();
    hold(kHolds);
    least = std::min(least, std::chrono::duration<double, std::nano>(Clock::now() - start).count() / kHolds);
  }
  return least;
}

struct EngineQueue : EventQueue {
  static constexpr const char* name = "EventQueue (the engine's)";
};

template <class Queue>
void print_row() {
  fmt::print("{:<32}", Queue::name);
  for (const std::size_t pending : {1'000, 100'000, 1'000'000}) {
    fmt::print("{:>10.1f}", hold_time<Queue>(pending, Spacing::exponential));
    std::fflush(stdout);
  }
  fmt::print("{:>18.1f}\n", hold_time<Queue>(1000, Spacing::equal));
}

}  // namespace

void bench_queue() {
  fmt::print("{:<32}{:>10}{:>10}{:>10}{:>18}\n", "ns per hold, events pending:", "10^3", "10^5", "10^6", "10^3 simultaneous");
  print_row<EngineQueue>();
  print_row<KeyHeap<2, false>>();
  print_row<KeyHeap<4, false>>();
  print_row<KeyHeap<4, true>>();
  print_row<KeyHeap<8, false>>();
  print_row<KeyHeap<8, true>>();
  print_row<BinaryHeap>();
  print_row<CalendarQueue>();
}

}  // namespace peloton
