#include "models/data/partition.hpp"

#include <fmt/format.h>

#include <limits>
#include <numeric>

#include "models/data/row_assignment.hpp"
#include "sim/base/random.hpp"

namespace peloton {
namespace {

/// The entity of the streams that deal the rows of an epoch, which is their step; no class and none of row_assignment.cpp's.
constexpr std::uint32_t kEpochDealing = 0xfffffffdU;

}  // namespace

Partition::Partition(const PartitionSpec& spec, std::span<const double> labels, std::size_t workers, std::uint64_t seed, const Place& place,
                     std::span<const std::uint32_t> devices)
    : workers_(workers), seed_(seed), redealt_(spec.reshuffle == Reshuffle::epoch) {
  PELOTON_INVARIANT(workers >= 1, "a partition has workers");
  PELOTON_INVARIANT(!labels.empty() && labels.size() <= std::numeric_limits<std::uint32_t>::max(), "rows are numbered by 32 bits");
  spec.validate(place);
  if (spec.scheme.is<SharedPartition>()) {
    order_.resize(labels.size());
    std::iota(order_.begin(), order_.end(), 0U);
    return;
  }
  if (workers > labels.size())
    throw InputError(place,
                     fmt::format("must give each worker at least one row: {} workers, but only {} training rows", workers, labels.size()));
  const std::vector<std::uint32_t> owners = assign_rows(spec.scheme, {labels, devices}, workers, seed, place);
  starts_ = shard_offsets(owners, workers);
  if (!redealt_) order_ = rows_by_shard(owners, starts_);
}

std::size_t Partition::size(std::size_t worker) const {
  PELOTON_INVARIANT(worker < workers_, "only workers have shards");
  return starts_.empty() ? order_.size() : starts_[worker + 1] - starts_[worker];
}

std::span<const std::uint32_t> Partition::shard(std::size_t worker) const {
  PELOTON_INVARIANT(!redealt_, "the shards of a redealt partition belong to an epoch");
  const std::size_t rows = size(worker);
  return std::span(order_).subspan(starts_.empty() ? 0 : starts_[worker], rows);
}

EpochShard Partition::shard(std::size_t worker, std::uint64_t epoch) const {
  PELOTON_INVARIANT(redealt_ && worker < workers_, "only workers of a redealt partition have a shard per epoch");
  const auto rows = static_cast<std::uint32_t>(starts_.back());
  return {KeyedPermutation(rows, RandomStream(seed_, Purpose::partition, kEpochDealing, epoch)), starts_[worker]};
}

}  // namespace peloton
