#pragma once

#include "algorithms/collectives/all_gather.hpp"
#include "algorithms/collectives/all_reduce.hpp"

/// The collective operations that a scenario can ask for by name. M is the size of a rank's vector or, in an all-gather, of its part.
namespace peloton {

struct RingAllReduceOperation {
  static constexpr std::string_view kind = "ring_all_reduce";
  static constexpr std::string_view help = "the sum for everybody, by a reduce-scatter and an all-gather round a ring";
  static auto fields() { return options(); }
};

struct HalvingDoublingOperation {
  static constexpr std::string_view kind = "halving_doubling_all_reduce";
  static constexpr std::string_view help = "the sum for everybody, by recursive halving and doubling";
  static auto fields() { return options(); }
};

struct TreeAllReduceOperation {
  static constexpr std::string_view kind = "tree_all_reduce";
  static constexpr std::string_view help = "the sum for everybody, up and down a binomial tree";
  static auto fields() { return options(); }
};

using TwoLevelOperation = TwoLevel<"two_level_all_reduce">;

struct RingReduceScatterOperation {
  static constexpr std::string_view kind = "ring_reduce_scatter";
  static constexpr std::string_view help = "a part of the sum for each rank";
  static auto fields() { return options(); }
};

struct RingAllGatherOperation {
  static constexpr std::string_view kind = "ring_all_gather";
  static constexpr std::string_view help = "every rank's part for everybody, round a ring";
  static auto fields() { return options(); }
};

struct BruckAllGatherOperation {
  static constexpr std::string_view kind = "bruck_all_gather";
  static constexpr std::string_view help = "every rank's part for everybody, by Bruck's algorithm";
  static auto fields() { return options(); }
};

struct TreeBroadcastOperation {
  static constexpr std::string_view kind = "tree_broadcast";
  static constexpr std::string_view help = "the root's vector for everybody, down a binomial tree";
  Count root = 0;
  static auto fields() { return options(field("root", &TreeBroadcastOperation::root, kNonNegative, "worker that has the vector")); }
};

struct FlatBroadcastOperation {
  static constexpr std::string_view kind = "flat_broadcast";
  static constexpr std::string_view help = "the root's vector for everybody, from the root itself";
  Count root = 0;
  static auto fields() { return options(field("root", &FlatBroadcastOperation::root, kNonNegative, "worker that has the vector")); }
};

struct TreeReduceOperation {
  static constexpr std::string_view kind = "tree_reduce";
  static constexpr std::string_view help = "the sum for the root, up a binomial tree";
  Count root = 0;
  static auto fields() { return options(field("root", &TreeReduceOperation::root, kNonNegative, "worker that gets the sum")); }
};

struct FlatReduceOperation {
  static constexpr std::string_view kind = "flat_reduce";
  static constexpr std::string_view help = "the sum for the root, to which all send";
  Count root = 0;
  static auto fields() { return options(field("root", &FlatReduceOperation::root, kNonNegative, "worker that gets the sum")); }
};

/// An all-gather of one number of 32 bits from each rank; then the rank of the least broadcasts its vector down a binomial tree.
struct ElectedBroadcastOperation {
  static constexpr std::string_view kind = "elected_broadcast";
  static constexpr std::string_view help = "the vector of the rank with the least number, which is drawn at random, for everybody";
  AllGather gather = AllGather::bruck;
  static auto fields() { return options(field("gather", &ElectedBroadcastOperation::gather, "how all ranks get to know the numbers")); }
};

using CollectiveOperation = OneOf<"name", RingAllReduceOperation, HalvingDoublingOperation, TreeAllReduceOperation, TwoLevelOperation,
                                  RingReduceScatterOperation, RingAllGatherOperation, BruckAllGatherOperation, TreeBroadcastOperation,
                                  FlatBroadcastOperation, TreeReduceOperation, FlatReduceOperation, ElectedBroadcastOperation>;

}  // namespace peloton
