#pragma once

#include "sim/collectives/collective.hpp"

namespace peloton {

/// A collective in buckets, one operation for each, as libraries do that reduce gradients while others are computed (Li et al., PVLDB
/// 2020): a rank joins once for every bucket, in order, when that bucket is ready. It enters a bucket's operation when it has joined for
/// it and is done with the one before, whatever other ranks do.
///
/// A message's step is the step in its operation times the number of buckets, plus its bucket.
class BucketedCollective final : public Collective {
 public:
  /// Of the spec's kind, with its buckets.
  explicit BucketedCollective(const CollectiveSpec& spec);
  void join(std::uint32_t rank, std::vector<CollectiveMessage>& out) override;
  void receive(const CollectiveMessage& m, std::vector<CollectiveMessage>& out) override;
  [[nodiscard]] bool done(std::uint32_t rank) const override { return entered_[rank] == buckets_.size() && buckets_.back()->done(rank); }
  [[nodiscard]] std::size_t finished() const override { return buckets_.back()->finished(); }
  void visit_state(StateVisitor& v) override;

 private:
  void enter(std::uint32_t rank, std::vector<CollectiveMessage>& out);
  /// Numbers the steps of the messages from `first` on, which are of one bucket.
  void number(std::size_t bucket, std::size_t first, std::vector<CollectiveMessage>& out) const;

  std::vector<std::unique_ptr<Collective>> buckets_;
  std::vector<std::uint32_t> joined_;   ///< buckets, by rank
  std::vector<std::uint32_t> entered_;  ///< buckets, by rank
};

}  // namespace peloton
