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

  void join_at(std::int64_t at, std::uint32_t rank) { add(at, {true, rank, {}, 0}); }
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

  /// The word that a rank contributes to a block. A broadcast counts the root's, an all-gather has one for each rank.
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
    std::uint64_t word = 0;
  };

  [[nodiscard]] bool gathers() const { return spec_.kind == CollectiveKind::ring_all_gather; }
  [[nodiscard]] bool broadcasts() const {
    return spec_.kind == CollectiveKind::tree_broadcast || spec_.kind == CollectiveKind::flat_broadcast;
  }
  [[nodiscard]] bool rings() const { return gathers() || spec_.kind == CollectiveKind::ring_all_reduce; }
  [[nodiscard]] std::size_t blocks() const { return rings() ? spec_.ranks : 1; }
  [[nodiscard]] std::size_t block(const CollectiveMessage& m) const {
    return rings() ? (m.from + 2 * std::size_t{spec_.ranks} - m.step) % spec_.ranks : 0;
  }
  [[nodiscard]] bool adds(const CollectiveMessage& m) const {
    if (spec_.kind == CollectiveKind::ring_all_reduce) return m.step + 1 < spec_.ranks;
    return !gathers() && !broadcasts();
  }

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
      std::uint64_t& word = data_[rank][block(what.message)];
      word = adds(what.message) ? word + what.word : what.word;
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
    add(end, {false, 0, m, data_[m.from][block(m)]});
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
