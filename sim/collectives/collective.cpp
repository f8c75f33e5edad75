#include "sim/collectives/collective.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "sim/base/error.hpp"
#include "sim/collectives/bucketed.hpp"
#include "sim/collectives/layers.hpp"
#include "sim/collectives/ring.hpp"
#include "sim/collectives/rounds.hpp"
#include "sim/collectives/tree.hpp"

namespace peloton {

std::unique_ptr<Collective> make_collective(const CollectiveSpec& spec) {
  PELOTON_INVARIANT(spec.ranks >= 1, "a collective has a rank");
  PELOTON_INVARIANT(spec.root < spec.ranks, "the root is one of the ranks");
  if (!spec.buckets.empty()) return std::make_unique<BucketedCollective>(spec);
  switch (spec.kind) {
    case CollectiveKind::ring_all_reduce:
    case CollectiveKind::ring_reduce_scatter:
    case CollectiveKind::ring_chunk_all_gather: return std::make_unique<RingOfChunks>(spec);
    case CollectiveKind::ring_all_gather: return std::make_unique<RingAllGather>(spec);
    case CollectiveKind::bruck_all_gather: return std::make_unique<BruckAllGather>(spec);
    case CollectiveKind::halving_doubling_all_reduce: return std::make_unique<HalvingDoubling>(spec);
    case CollectiveKind::tree_broadcast: return std::make_unique<Broadcast>(spec, TreeShape::binomial);
    case CollectiveKind::flat_broadcast: return std::make_unique<Broadcast>(spec, TreeShape::flat);
    case CollectiveKind::tree_reduce: return std::make_unique<Reduce>(spec, TreeShape::binomial);
    case CollectiveKind::flat_reduce: return std::make_unique<Reduce>(spec, TreeShape::flat);
    case CollectiveKind::tree_all_reduce:
    case CollectiveKind::two_level_all_reduce:
    case CollectiveKind::scattered_two_level_all_reduce: return std::make_unique<LayeredCollective>(spec.ranks, layers_of(spec));
  }
  broken_invariant("spec.kind", "every kind of collective is made here", __FILE__, __LINE__);
}

bool keeps_sizes(CollectiveKind kind) {
  return kind == CollectiveKind::ring_all_gather || kind == CollectiveKind::tree_broadcast || kind == CollectiveKind::flat_broadcast;
}

bool is_all_reduce(CollectiveKind kind) {
  switch (kind) {
    case CollectiveKind::ring_all_reduce:
    case CollectiveKind::halving_doubling_all_reduce:
    case CollectiveKind::tree_all_reduce:
    case CollectiveKind::two_level_all_reduce:
    case CollectiveKind::scattered_two_level_all_reduce: return true;
    default: return false;
  }
}

std::uint64_t message_count(const CollectiveSpec& spec) {
  const std::uint64_t n = spec.ranks;
  switch (spec.kind) {
    case CollectiveKind::ring_all_reduce: return 2 * n * (n - 1);
    case CollectiveKind::ring_reduce_scatter:
    case CollectiveKind::ring_chunk_all_gather:
    case CollectiveKind::ring_all_gather: return n * (n - 1);
    case CollectiveKind::bruck_all_gather: return n * static_cast<std::uint64_t>(std::bit_width(n - 1));
    case CollectiveKind::halving_doubling_all_reduce: {
      const std::uint64_t p = std::bit_floor(n);
      return 2 * p * static_cast<std::uint64_t>(std::bit_width(p) - 1) + 2 * (n - p);
    }
    case CollectiveKind::tree_broadcast:
    case CollectiveKind::flat_broadcast:
    case CollectiveKind::tree_reduce:
    case CollectiveKind::flat_reduce: return n - 1;
    case CollectiveKind::tree_all_reduce:
    case CollectiveKind::two_level_all_reduce:
    case CollectiveKind::scattered_two_level_all_reduce: break;
  }
  std::uint64_t out = 0;
  for (const CollectiveLayer& layer : layers_of(spec))
    for (const CollectivePart& part : layer) out += message_count(part.spec);
  return out;
}

std::uint64_t total_bits(const CollectiveSpec& spec) {
  const std::uint64_t n = spec.ranks;
  const std::uint64_t once = (n - 1) * spec.payload_bits();
  if (is_all_reduce(spec.kind)) return 2 * once;
  const bool gathers = spec.kind == CollectiveKind::ring_all_gather || spec.kind == CollectiveKind::bruck_all_gather;
  return gathers ? n * once : once;
}

std::size_t best_rank(const std::vector<double>& values) {
  const auto orderly = [](double value) { return std::isnan(value) ? std::numeric_limits<double>::infinity() : value; };
  const auto best = std::min_element(values.begin(), values.end(), [&](double a, double b) { return orderly(a) < orderly(b); });
  return static_cast<std::size_t>(best - values.begin());
}

}  // namespace peloton
