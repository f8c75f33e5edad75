#pragma once

#include "sim/collectives/collective.hpp"

namespace peloton {

/// binomial: position v > 0 hangs below v with its lowest set bit cleared; flat: every position hangs below 0.
enum class TreeShape { binomial, flat };

/// A tree over n ranks. The root has position 0, and rank r the position (r − root) mod n.
class RankTree {
 public:
  RankTree(std::uint32_t ranks, std::uint32_t root, TreeShape shape) : ranks_(ranks), root_(root), shape_(shape) {}

  [[nodiscard]] std::uint32_t ranks() const { return ranks_; }
  [[nodiscard]] std::uint32_t root() const { return root_; }
  [[nodiscard]] TreeShape shape() const { return shape_; }
  /// Of any rank but the root.
  [[nodiscard]] std::uint32_t parent(std::uint32_t rank) const;
  [[nodiscard]] std::uint32_t children(std::uint32_t rank) const;
  /// Calls visit(child) in the order of sending: the largest subtree of a binomial tree first, so that with one port per rank all
  /// have the message after ⌈log2 n⌉ rounds; in a flat tree by position.
  template <class Visit>
  void for_each_child(std::uint32_t rank, Visit visit) const {
    const std::uint32_t v = position(rank);
    if (shape_ == TreeShape::flat) {
      for (std::uint32_t child = 1; v == 0 && child < ranks_; ++child) visit(rank_at(child));
    } else {
      for (std::uint64_t bit = top_bit(v); bit > 0; bit /= 2)
        if (v + bit < ranks_) visit(rank_at(static_cast<std::uint32_t>(v + bit)));
    }
  }

 private:
  [[nodiscard]] std::uint32_t position(std::uint32_t rank) const { return rank >= root_ ? rank - root_ : rank + (ranks_ - root_); }
  [[nodiscard]] std::uint32_t rank_at(std::uint32_t position) const {
    return position < ranks_ - root_ ? position + root_ : position - (ranks_ - root_);
  }
  /// The largest distance of a position to a child that a binomial tree of any size may have.
  [[nodiscard]] std::uint64_t top_bit(std::uint32_t position) const;

  std::uint32_t ranks_;
  std::uint32_t root_;
  TreeShape shape_;
};

/// The root's payload goes down the tree. A rank has it and sends it to its children: in a binomial tree to one at a time, the next when
/// the last has it, as otherwise messages that share the sender's link would all come late; in a flat tree to all at once.
class Broadcast final : public Collective {
 public:
  Broadcast(const CollectiveSpec& spec, TreeShape shape)
      : tree_(spec.ranks, spec.root, shape), payload_bits_(spec.payload_bits()), has_(spec.ranks) {}
  void join(std::uint32_t rank, std::vector<CollectiveMessage>& out) override;
  void receive(const CollectiveMessage& m, std::vector<CollectiveMessage>& out) override;
  [[nodiscard]] bool done(std::uint32_t rank) const override { return has_[rank] != 0; }
  [[nodiscard]] std::size_t finished() const override { return finished_; }
  void visit_state(StateVisitor& v) override;

 private:
  /// To its child after `last`, to the first where `last` is the rank itself; in a flat tree to all.
  void pass_on(std::uint32_t rank, std::uint32_t last, std::uint64_t bits, std::vector<CollectiveMessage>& out) const;
  void take(std::uint32_t rank);

  RankTree tree_;
  std::uint64_t payload_bits_;
  std::vector<std::uint8_t> has_;  ///< the payload, by rank
  std::uint64_t finished_ = 0;
};

/// The sum goes up the tree: a rank sends to its parent when it has joined and heard all its children.
class Reduce final : public Collective {
 public:
  Reduce(const CollectiveSpec& spec, TreeShape shape);
  void join(std::uint32_t rank, std::vector<CollectiveMessage>& out) override;
  void receive(const CollectiveMessage& m, std::vector<CollectiveMessage>& out) override;
  [[nodiscard]] bool done(std::uint32_t rank) const override { return joined_[rank] != 0 && missing_[rank] == 0; }
  [[nodiscard]] std::size_t finished() const override { return finished_; }
  void visit_state(StateVisitor& v) override;

 private:
  void send_when_complete(std::uint32_t rank, std::vector<CollectiveMessage>& out);

  RankTree tree_;
  std::uint64_t payload_bits_;
  std::vector<std::uint8_t> joined_;    ///< by rank
  std::vector<std::uint32_t> missing_;  ///< children not heard yet, by rank
  std::uint64_t finished_ = 0;
};

}  // namespace peloton
