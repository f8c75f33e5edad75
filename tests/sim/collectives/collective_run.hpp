#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/base/random.hpp"
#include "sim/collectives/collective.hpp"

namespace peloton::test {

/// The α–β network: a message of M bits takes α + M · per_bit units of time. `one_port`: a rank sends one message at a time and
/// receives one at a time; else messages do not see each other. Each message takes up to `jitter` longer, so that messages overtake.
struct AlphaBeta {
  std::int64_t alpha = 0;
  std::int64_t per_bit = 0;
  bool one_port = false;
  std::uint32_t jitter = 0;
};

inline bool is_gather(CollectiveKind kind) { return kind == CollectiveKind::ring_all_gather || kind == CollectiveKind::bruck_all_gather; }

/// What a message carries: a run of coordinates or, in an all-gather, of the payloads of ranks (round the ring), and whether the receiver
/// adds them to its own or takes them over. Written down from the papers, apart from the schedules.
struct Carried {
  std::size_t first = 0;
  std::size_t size = 0;
  bool adds = false;
};

inline Carried carried_by(const CollectiveSpec& spec, const CollectiveMessage& m);

/// Where chunk c of n begins among d coordinates: every chunk has ⌊d/n⌋, the first ones one more.
inline std::size_t chunk_begin(std::size_t d, std::size_t n, std::size_t c) { return c * (d / n) + (c < d % n ? c : d % n); }

inline Carried chunk_carried(std::size_t d, std::size_t n, std::size_t c, bool adds) {
  return {chunk_begin(d, n, c), chunk_begin(d, n, c + 1) - chunk_begin(d, n, c), adds};
}

/// Halving and doubling: folded ranks are even and below 2e. In halving round s both ranks of a pair share a part, of which the low bits
/// of v name the halves from the largest on.
inline Carried halving_doubling_carried(const CollectiveSpec& spec, const CollectiveMessage& m) {
  std::uint32_t k = 0;
  while (2U << k <= spec.ranks) ++k;
  const std::uint32_t p = 1U << k;
  const std::uint32_t e = spec.ranks - p;
  if (m.step == 0 || m.step == 2 * k + 1) return {0, spec.coordinates, m.step == 0};
  const auto number = [&](std::uint32_t rank) { return rank < 2 * e ? rank / 2 : rank - e; };
  const bool halving = m.step <= k;
  const std::uint32_t level = halving ? m.step : 2 * k + 1 - m.step;  // halvings behind the part that is sent
  const std::uint32_t owner = number(halving ? m.to : m.from);
  std::uint32_t lowest = 0;
  for (std::uint32_t bit = 0; bit < level; ++bit)
    if ((owner & 1U << bit) != 0) lowest += p >> (bit + 1);
  const std::size_t begin = chunk_begin(spec.coordinates, p, lowest);
  return {begin, chunk_begin(spec.coordinates, p, lowest + (p >> level)) - begin, halving};
}

/// Two levels: the part that the message is one of, by its layer.
inline Carried two_level_carried(const CollectiveSpec& spec, const CollectiveMessage& m) {
  const bool scattered = spec.kind == CollectiveKind::scattered_two_level_all_reduce;
  const std::uint32_t layer = m.step % 3;
  std::vector<std::vector<std::uint32_t>> groups;
  for (std::uint32_t rank = 0; rank < spec.ranks; ++rank) {
    groups.resize(std::max<std::size_t>(groups.size(), spec.groups[rank] + 1));
    groups[spec.groups[rank]].push_back(rank);
  }
  const auto place = [&](std::uint32_t rank) {
    const std::vector<std::uint32_t>& group = groups[spec.groups[rank]];
    return static_cast<std::uint32_t>(std::find(group.begin(), group.end(), rank) - group.begin());
  };
  if (layer != 1 && !scattered) return {0, spec.coordinates, layer == 0};
  CollectiveSpec inner = spec;
  CollectiveMessage local = m;
  local.step /= 3;
  const std::size_t size = groups.front().size();
  if (layer == 1) {
    inner.kind = spec.between;
    inner.ranks = static_cast<std::uint32_t>(groups.size());
    local.from = spec.groups[m.from];
    local.to = spec.groups[m.to];
    if (!scattered) return carried_by(inner, local);
    const Carried chunk = chunk_carried(spec.coordinates, size, (place(m.from) + 1) % size, true);
    inner.coordinates = chunk.size;
    Carried out = carried_by(inner, local);
    out.first += chunk.first;
    return out;
  }
  inner.kind = layer == 0 ? CollectiveKind::ring_reduce_scatter : CollectiveKind::ring_chunk_all_gather;
  inner.ranks = static_cast<std::uint32_t>(size);
  local.from = place(m.from);
  local.to = place(m.to);
  return carried_by(inner, local);
}

inline Carried carried_by(const CollectiveSpec& spec, const CollectiveMessage& m) {
  const std::size_t n = spec.ranks;
  const std::size_t d = spec.coordinates;
  const auto back = [&](std::size_t steps) { return (m.from + 2 * n - steps) % n; };
  switch (spec.kind) {
    case CollectiveKind::ring_all_reduce: return chunk_carried(d, n, back(m.step), m.step + 1 < n);
    case CollectiveKind::ring_reduce_scatter: return chunk_carried(d, n, back(m.step), true);
    case CollectiveKind::ring_chunk_all_gather: return chunk_carried(d, n, back(m.step + n - 1), false);
    case CollectiveKind::ring_all_gather: return {back(m.step), 1, false};
    case CollectiveKind::bruck_all_gather: {
      const std::size_t distance = std::size_t{1} << m.step;
      return {m.from, std::min(distance, n - distance), false};
    }
    case CollectiveKind::halving_doubling_all_reduce: return halving_doubling_carried(spec, m);
    case CollectiveKind::tree_all_reduce: return {0, d, m.step % 2 == 0};
    case CollectiveKind::two_level_all_reduce:
    case CollectiveKind::scattered_two_level_all_reduce: return two_level_carried(spec, m);
    case CollectiveKind::tree_broadcast:
    case CollectiveKind::flat_broadcast: return {0, d, false};
    case CollectiveKind::tree_reduce:
    case CollectiveKind::flat_reduce: return {0, d, true};
  }
  return {};
}

/// A collective driven over that network, on numbers: each rank contributes random words, and the messages carry what the schedule
/// says they carry, read at the moment of sending.
class CollectiveRun {
 public:
  struct Sent {
    std::int64_t at;
    std::int64_t arrival;
    std::uint32_t from, to, step;
    std::uint64_t bits;
    bool operator==(const Sent&) const = default;
  };

  CollectiveRun(const CollectiveSpec& spec, const AlphaBeta& network)
      : spec_(spec), network_(network), operation_(make_collective(spec)), out_free_(spec.ranks), in_free_(spec.ranks) {
    done_at_.assign(spec.ranks, -1);
    result_.resize(spec.ranks);
    data_.assign(spec.ranks, std::vector<std::uint64_t>(blocks()));
  }

  void join_at(std::int64_t at, std::uint32_t rank) { add(at, {true, rank, {}, {}}); }
  void join_all(std::int64_t at = 0) {
    for (std::uint32_t rank = 0; rank < spec_.ranks; ++rank) join_at(at, rank);
  }

  /// Until nothing is left, or for so many events.
  CollectiveRun& run(std::uint64_t most_events = ~0ULL) {
    for (std::uint64_t i = 0; i < most_events && !events_.empty(); ++i) step();
    return *this;
  }

  /// Goes on with a fresh object that has the old one's state.
  void replace_operation() {
    const std::string spec_bytes = save_state(spec_);
    const std::string bytes = save_state(*operation_);
    spec_ = {};
    restore_state(spec_, spec_bytes);
    operation_ = make_collective(spec_);
    restore_state(*operation_, bytes);
  }

  /// When the rank was done; -1: it is not.
  [[nodiscard]] std::int64_t done_at(std::uint32_t rank) const { return done_at_[rank]; }
  /// When the last rank was done; -1 while one is not.
  [[nodiscard]] std::int64_t end() const {
    const auto [first, last] = std::minmax_element(done_at_.begin(), done_at_.end());
    return *first < 0 ? -1 : *last;
  }
  [[nodiscard]] const std::vector<Sent>& sent() const { return sent_; }
  [[nodiscard]] std::uint64_t bits() const {
    std::uint64_t out = 0;
    for (const Sent& m : sent_) out += m.bits;
    return out;
  }
  [[nodiscard]] std::size_t finished() const { return operation_->finished(); }
  /// What the rank had when it was done.
  [[nodiscard]] const std::vector<std::uint64_t>& result(std::uint32_t rank) const { return result_[rank]; }

  /// The word that a rank contributes to a block: a coordinate, or a rank's payload in an all-gather. A broadcast counts the root's. Words
  /// are random, so that a sum is right when each contribution is in it once, and not otherwise.
  [[nodiscard]] std::uint64_t contribution(std::uint32_t rank, std::size_t block) const {
    if (gathers() && block != rank) return 0;
    if (broadcasts() && rank != spec_.root) return 0;
    RandomStream random(7, Purpose::test, rank, block);
    const std::uint64_t high = random();
    return high << 32 | random();
  }
  [[nodiscard]] std::vector<std::uint64_t> everything() const {
    std::vector<std::uint64_t> out(blocks());
    for (std::uint32_t rank = 0; rank < spec_.ranks; ++rank)
      for (std::size_t block = 0; block < out.size(); ++block) out[block] += contribution(rank, block);
    return out;
  }

 private:
  struct Step {
    bool joins = false;
    std::uint32_t rank = 0;
    CollectiveMessage message;
    std::vector<std::uint64_t> words;
  };

  [[nodiscard]] bool gathers() const { return is_gather(spec_.kind); }
  [[nodiscard]] bool broadcasts() const {
    return spec_.kind == CollectiveKind::tree_broadcast || spec_.kind == CollectiveKind::flat_broadcast;
  }
  [[nodiscard]] std::size_t blocks() const { return gathers() ? spec_.ranks : spec_.coordinates; }

  void add(std::int64_t at, const Step& what) { events_.emplace(std::pair(at, sequence_++), what); }

  void step() {
    const auto [when, what] = *events_.begin();
    events_.erase(events_.begin());
    std::vector<CollectiveMessage> out;
    const std::uint32_t rank = what.joins ? what.rank : what.message.to;
    const bool was_done = operation_->done(rank);
    if (what.joins) {
      for (std::size_t b = 0; b < blocks(); ++b) data_[rank][b] += contribution(rank, b);
      operation_->join(rank, out);
    } else {
      const Carried carried = carried_by(spec_, what.message);
      for (std::size_t i = 0; i < carried.size; ++i) {
        std::uint64_t& word = data_[rank][(carried.first + i) % blocks()];
        word = carried.adds ? word + what.words[i] : what.words[i];
      }
      operation_->receive(what.message, out);
    }
    if (!was_done && operation_->done(rank)) {
      done_at_[rank] = when.first;
      result_[rank] = data_[rank];
    }
    for (const CollectiveMessage& m : out) send(when.first, m);
  }

  void send(std::int64_t now, const CollectiveMessage& m) {
    std::int64_t start = now;
    if (network_.one_port) start = std::max({now, out_free_[m.from], in_free_[m.to]});
    std::int64_t end = start + network_.alpha + static_cast<std::int64_t>(m.bits) * network_.per_bit;
    if (network_.jitter > 0) end += RandomStream(7, Purpose::test, m.from, 1000 + sent_.size()).below(network_.jitter);
    out_free_[m.from] = in_free_[m.to] = end;
    sent_.push_back({now, end, m.from, m.to, m.step, m.bits});
    const Carried carried = carried_by(spec_, m);
    std::vector<std::uint64_t> words;
    for (std::size_t i = 0; i < carried.size; ++i) words.push_back(data_[m.from][(carried.first + i) % blocks()]);
    add(end, {false, 0, m, std::move(words)});
  }

  CollectiveSpec spec_;
  AlphaBeta network_;
  std::unique_ptr<Collective> operation_;
  std::map<std::pair<std::int64_t, std::uint64_t>, Step> events_;
  std::uint64_t sequence_ = 0;
  std::vector<std::int64_t> out_free_, in_free_;
  std::vector<std::int64_t> done_at_;
  std::vector<std::vector<std::uint64_t>> data_, result_;
  std::vector<Sent> sent_;
};

}  // namespace peloton::test
