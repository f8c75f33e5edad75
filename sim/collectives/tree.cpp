#include "sim/collectives/tree.hpp"

#include <bit>

#include "sim/base/error.hpp"

namespace peloton {

std::uint32_t RankTree::parent(std::uint32_t rank) const {
  const std::uint32_t v = position(rank);
  return shape_ == TreeShape::flat ? root_ : rank_at(v & (v - 1));
}

std::uint32_t RankTree::children(std::uint32_t rank) const {
  std::uint32_t out = 0;
  for_each_child(rank, [&](std::uint32_t) { ++out; });
  return out;
}

std::uint64_t RankTree::top_bit(std::uint32_t position) const {
  const std::uint64_t below = position == 0 ? std::bit_ceil(std::uint64_t{ranks_}) : position & -position;
  return below / 2;
}

void Broadcast::join(std::uint32_t rank, std::vector<CollectiveMessage>& out) {
  PELOTON_INVARIANT(rank < tree_.ranks(), "a rank of the collective joins it");
  if (rank != tree_.root()) return;
  take(rank);
  pass_on(rank, rank, payload_bits_, out);
}

void Broadcast::receive(const CollectiveMessage& m, std::vector<CollectiveMessage>& out) {
  PELOTON_INVARIANT(m.to < tree_.ranks() && m.to != tree_.root() && m.from == tree_.parent(m.to), "the message belongs to the tree");
  take(m.to);
  if (tree_.shape() == TreeShape::flat) return;
  pass_on(m.to, m.to, m.bits, out);
  pass_on(m.from, m.to, m.bits, out);
}

void Broadcast::take(std::uint32_t rank) {
  PELOTON_INVARIANT(has_[rank] == 0, "a rank gets the payload of a broadcast once");
  has_[rank] = 1;
  ++finished_;
}

void Broadcast::pass_on(std::uint32_t rank, std::uint32_t last, std::uint64_t bits, std::vector<CollectiveMessage>& out) const {
  bool due = last == rank;
  tree_.for_each_child(rank, [&](std::uint32_t child) {
    if (due) out.push_back({.from = rank, .to = child, .bits = bits, .step = 0});
    due = tree_.shape() == TreeShape::flat || child == last;
  });
}

void Broadcast::visit_state(StateVisitor& v) {
  v("has", has_);
  v("finished", finished_);
}

Reduce::Reduce(const CollectiveSpec& spec, TreeShape shape)
    : tree_(spec.ranks, spec.root, shape), payload_bits_(spec.payload_bits()), joined_(spec.ranks), missing_(spec.ranks) {
  for (std::uint32_t rank = 0; rank < spec.ranks; ++rank) missing_[rank] = tree_.children(rank);
}

void Reduce::join(std::uint32_t rank, std::vector<CollectiveMessage>& out) {
  PELOTON_INVARIANT(rank < tree_.ranks(), "a rank of the collective joins it");
  PELOTON_INVARIANT(joined_[rank] == 0, "a rank joins a collective once");
  joined_[rank] = 1;
  send_when_complete(rank, out);
}

void Reduce::receive(const CollectiveMessage& m, std::vector<CollectiveMessage>& out) {
  PELOTON_INVARIANT(m.from < tree_.ranks() && m.from != tree_.root() && m.to == tree_.parent(m.from), "the message belongs to the tree");
  PELOTON_INVARIANT(missing_[m.to] > 0, "a rank of a reduce hears each child once");
  --missing_[m.to];
  send_when_complete(m.to, out);
}

void Reduce::send_when_complete(std::uint32_t rank, std::vector<CollectiveMessage>& out) {
  if (!done(rank)) return;
  ++finished_;
  if (rank != tree_.root()) out.push_back({.from = rank, .to = tree_.parent(rank), .bits = payload_bits_, .step = 0});
}

void Reduce::visit_state(StateVisitor& v) {
  v("joined", joined_);
  v("missing", missing_);
  v("finished", finished_);
}

}  // namespace peloton
