#pragma once

#include "sim/collectives/chunks.hpp"
#include "sim/collectives/collective.hpp"

namespace peloton {

/// Base of the collectives whose ranks go through numbered rounds. In a round a rank sends one message, hears one, both or neither, and
/// leaves it when it has heard. A message goes out when sender and receiver have both entered its round: so a rank hears one message at a
/// time, and one that is ahead does not get in the way of what its partner still hears.
class RoundCollective : public Collective {
 public:
  void join(std::uint32_t rank, std::vector<CollectiveMessage>& out) final;
  void receive(const CollectiveMessage& m, std::vector<CollectiveMessage>& out) final;
  [[nodiscard]] bool done(std::uint32_t rank) const final { return entered_[rank] == rounds_ + 1; }
  [[nodiscard]] std::size_t finished() const final { return finished_; }
  void visit_state(StateVisitor& v) final;

 protected:
  static constexpr std::uint32_t kNobody = 0xffffffff;
  struct Exchange {
    std::uint32_t to = kNobody;
    std::uint32_t from = kNobody;
    std::uint64_t bits = 0;  ///< of what is sent
  };

  RoundCollective(std::uint32_t ranks, std::uint32_t rounds);

  [[nodiscard]] std::uint32_t ranks() const { return static_cast<std::uint32_t>(entered_.size()); }
  [[nodiscard]] std::uint32_t rounds() const { return rounds_; }
  [[nodiscard]] virtual Exchange exchange(std::uint32_t rank, std::uint32_t round) const = 0;

 private:
  void proceed(std::uint32_t rank, std::vector<CollectiveMessage>& out);
  void send(std::uint32_t rank, std::uint32_t round, std::vector<CollectiveMessage>& out) const;

  std::uint32_t rounds_;
  std::vector<std::uint8_t> entered_;  ///< rounds by rank; rounds_ + 1: it is through
  std::uint64_t finished_ = 0;
};

/// Rabenseifner's all-reduce (ICCS 2004; Thakur et al. 2005, section 4.5): a reduce-scatter by recursive vector halving and distance
/// doubling, then an all-gather by vector doubling and distance halving.
///
///   n = p + e ranks, p = 2^k the greatest power of two:  ranks 0, 2, …, 2e − 2 hand their vectors to ranks 1, 3, …, 2e − 1 and rest;
///   the p others are numbered v = 0 … p − 1.
///   round s + 1, s = 0 … k − 1:   v and v ± 2^s hold the same part; each sends the half that the other keeps (bit s of v clear: the first)
///   round 2k − s, s = k − 1 … 0:  each sends what it has
///   round 2k + 1:                 ranks 1, 3, …, 2e − 1 hand the result back
///
/// Parts are runs of p chunks. Near ranks exchange the large parts, which suits clusters whose near ranks stand in one rack.
class HalvingDoubling final : public RoundCollective {
 public:
  explicit HalvingDoubling(const CollectiveSpec& spec);

 private:
  [[nodiscard]] Exchange exchange(std::uint32_t rank, std::uint32_t round) const override;
  [[nodiscard]] Exchange folding(std::uint32_t rank, bool back) const;
  [[nodiscard]] std::uint64_t part_bits(std::uint32_t v, std::uint32_t halvings) const;
  [[nodiscard]] std::uint32_t rank_of(std::uint32_t v) const { return v < extra_ ? 2 * v + 1 : v + extra_; }

  std::uint32_t halvings_;  ///< k
  std::uint32_t extra_;     ///< e
  Chunks chunks_;
  std::uint64_t bits_per_coordinate_;
};

/// All-gather in ⌈log2 n⌉ rounds (Bruck, Ho, Kipnis, Upfal, Weathersby, IEEE TPDS 1997): in round k rank r sends the payloads it has, of
/// the ranks r, r + 1, … mod n, 2^k or what is missing, to r − 2^k. All payloads have one size.
class BruckAllGather final : public RoundCollective {
 public:
  explicit BruckAllGather(const CollectiveSpec& spec);

 private:
  [[nodiscard]] Exchange exchange(std::uint32_t rank, std::uint32_t round) const override;

  std::uint64_t payload_bits_;
};

}  // namespace peloton
