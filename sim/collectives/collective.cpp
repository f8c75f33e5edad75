#include "sim/collectives/collective.hpp"

#include "sim/base/error.hpp"
#include "sim/collectives/bucketed.hpp"
#include "sim/collectives/ring.hpp"
#include "sim/collectives/tree.hpp"

namespace peloton {

std::unique_ptr<Collective> make_collective(const CollectiveSpec& spec) {
  PELOTON_INVARIANT(spec.ranks >= 1, "a collective has a rank");
  PELOTON_INVARIANT(spec.root < spec.ranks, "the root is one of the ranks");
  if (!spec.buckets.empty()) return std::make_unique<BucketedCollective>(spec);
  switch (spec.kind) {
    case CollectiveKind::ring_all_reduce: return std::make_unique<RingAllReduce>(spec);
    case CollectiveKind::ring_all_gather: return std::make_unique<RingAllGather>(spec);
    case CollectiveKind::tree_broadcast: return std::make_unique<Broadcast>(spec, TreeShape::binomial);
    case CollectiveKind::flat_broadcast: return std::make_unique<Broadcast>(spec, TreeShape::flat);
    case CollectiveKind::tree_reduce: return std::make_unique<Reduce>(spec, TreeShape::binomial);
    case CollectiveKind::flat_reduce: return std::make_unique<Reduce>(spec, TreeShape::flat);
  }
  broken_invariant("spec.kind", "every kind of collective is made here", __FILE__, __LINE__);
}

bool is_all_reduce(CollectiveKind kind) { return kind == CollectiveKind::ring_all_reduce; }

}  // namespace peloton
