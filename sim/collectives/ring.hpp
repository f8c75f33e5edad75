#pragma once

#include <map>

#include "sim/collectives/chunks.hpp"
#include "sim/collectives/collective.hpp"

namespace peloton {

/// What the ring collectives share: rank r hears from r − 1 and sends to r + 1, one message for each step, and is done when it has
/// joined and heard every step.
class RingCollective : public Collective {
 public:
  [[nodiscard]] bool done(std::uint32_t rank) const override { return joined_[rank] != 0 && received_[rank] == steps_; }
  [[nodiscard]] std::size_t finished() const override { return finished_; }
  void visit_state(StateVisitor& v) override;

 protected:
  RingCollective(const CollectiveSpec& spec, std::uint32_t steps);

  void note_join(std::uint32_t rank);
  void note_message(const CollectiveMessage& m);
  [[nodiscard]] bool joined(std::uint32_t rank) const { return joined_[rank] != 0; }
  [[nodiscard]] std::uint32_t ranks() const { return ranks_; }
  [[nodiscard]] std::uint32_t steps() const { return steps_; }
  [[nodiscard]] std::uint32_t next(std::uint32_t rank) const { return rank + 1 == ranks_ ? 0 : rank + 1; }

 private:
  std::uint32_t ranks_;
  std::uint32_t steps_;
  std::vector<std::uint8_t> joined_;     ///< by rank
  std::vector<std::uint32_t> received_;  ///< messages by rank
  std::uint64_t finished_ = 0;
};

/// Ring all-reduce (Patarasuk, Yuan, JPDC 2009): reduce-scatter in steps 0 … n−2, all-gather in steps n−1 … 2n−3. Or one of its
/// halves alone, whose steps count from 0.
///
///   rank r, step s:  sends chunk (r − s) mod n to r + 1; the first when it has joined, the others when it has also received step s − 1
///
/// Up to step n−2 the receiver adds the chunk to its own, from then on it takes it over. An empty chunk still is a message, of 0 bits.
class RingOfChunks final : public RingCollective {
 public:
  explicit RingOfChunks(const CollectiveSpec& spec);
  void join(std::uint32_t rank, std::vector<CollectiveMessage>& out) override;
  void receive(const CollectiveMessage& m, std::vector<CollectiveMessage>& out) override;
  void visit_state(StateVisitor& v) override;

 private:
  void send(std::uint32_t rank, std::uint32_t step, std::vector<CollectiveMessage>& out) const;

  std::uint32_t first_step_;  ///< of the whole all-reduce
  Chunks chunks_;
  std::uint64_t bits_per_coordinate_;
  /// The steps that ranks have heard before they joined: at most n in all, since every one of them crossed joined ranks only.
  std::map<std::uint32_t, std::vector<std::uint32_t>> early_;
};

/// Ring all-gather: at step s = 0 … n−2 rank r sends the payload of rank (r − s) mod n to r + 1, its own when it has joined, the
/// others when they arrive.
class RingAllGather final : public RingCollective {
 public:
  explicit RingAllGather(const CollectiveSpec& spec);
  void join(std::uint32_t rank, std::vector<CollectiveMessage>& out) override;
  void receive(const CollectiveMessage& m, std::vector<CollectiveMessage>& out) override;

 private:
  std::uint64_t payload_bits_;
};

}  // namespace peloton
