#pragma once

#include "sim/collectives/collective.hpp"

namespace peloton {

/// A collective among some of the ranks; their order gives its own ranks.
struct CollectivePart {
  CollectiveSpec spec;
  std::vector<std::uint32_t> members;
};

/// Parts that have no rank in common.
using CollectiveLayer = std::vector<CollectivePart>;

/// What an all-reduce that is made of simpler collectives does, one layer after another; empty for the kinds that are simple themselves.
///   tree:                  a tree reduce to rank 0;  a tree broadcast from it
///   two levels:            a tree reduce in each group to its first rank;  an all-reduce of these;  a tree broadcast in each group
///   two levels, scattered: a ring reduce-scatter in each group;  among the ranks of each place in their groups, an all-reduce of
///                          their chunk;  a ring all-gather of the chunks in each group
[[nodiscard]] std::vector<CollectiveLayer> layers_of(const CollectiveSpec& spec);

/// Collectives one after another: a rank joins the next that it is a member of as soon as it is done with the last, whatever other ranks
/// do. A message's step is the step in its part times the number of layers, plus its layer.
class LayeredCollective final : public Collective {
 public:
  LayeredCollective(std::uint32_t ranks, const std::vector<CollectiveLayer>& layers);
  void join(std::uint32_t rank, std::vector<CollectiveMessage>& out) override;
  void receive(const CollectiveMessage& m, std::vector<CollectiveMessage>& out) override;
  [[nodiscard]] bool done(std::uint32_t rank) const override { return entered_[rank] == layers_.size() + 1; }
  [[nodiscard]] std::size_t finished() const override { return finished_; }
  void visit_state(StateVisitor& v) override;

 private:
  static constexpr std::uint32_t kNoPart = 0xffffffff;
  struct Seat {
    std::uint32_t part = kNoPart;
    std::uint32_t rank = 0;
  };
  struct Part {
    std::unique_ptr<Collective> operation;
    std::vector<std::uint32_t> members;
  };
  struct Layer {
    std::vector<Part> parts;
    std::vector<Seat> seats;  ///< by rank
  };

  void proceed(std::uint32_t rank, std::vector<CollectiveMessage>& out);
  /// Translates the messages from `first` on from the ranks and steps of a part.
  void translate(const Part& part, std::size_t layer, std::size_t first, std::vector<CollectiveMessage>& out) const;

  std::vector<Layer> layers_;
  std::vector<std::uint8_t> entered_;  ///< layers by rank; layers_.size() + 1: it is through
  std::uint64_t finished_ = 0;
};

}  // namespace peloton
