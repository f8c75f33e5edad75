#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/data/partition_spec.hpp"
#include "models/data/permutation.hpp"

namespace peloton {

/// The shard of a worker in one epoch of a partition that deals rows anew. Computed row by row, about 20 ns each.
class EpochShard {
 public:
  EpochShard(const KeyedPermutation& order, std::uint64_t start) : order_(order), start_(static_cast<std::uint32_t>(start)) {}
  /// Row `i` < size of the shard; the order is random too.
  [[nodiscard]] std::uint32_t operator[](std::uint32_t i) const { return order_(start_ + i); }

 private:
  KeyedPermutation order_;  ///< of all rows
  std::uint32_t start_;
};

/// Which training rows each worker holds.
class Partition {
 public:
  /// Splits the rows with these labels (and devices, where they are known) over `workers` ≥ 1. Every worker gets at least one row; more
  /// shards than rows is an InputError at `place`. Depends on (spec, labels, devices, workers, seed) alone.
  Partition(const PartitionSpec& spec, std::span<const double> labels, std::size_t workers, std::uint64_t seed, const Place& place,
            std::span<const std::uint32_t> devices = {});

  [[nodiscard]] std::size_t workers() const { return workers_; }
  /// Whether every worker holds all rows.
  [[nodiscard]] bool is_shared() const { return starts_.empty(); }
  /// Rows of a worker; the same in all epochs.
  [[nodiscard]] std::size_t size(std::size_t worker) const;
  /// The rows of a worker, ascending. Not for partitions that are redealt.
  [[nodiscard]] std::span<const std::uint32_t> shard(std::size_t worker) const;

  /// Whether rows are dealt anew each epoch: then the shards of one epoch are disjoint and hold all rows, and those of another are
  /// another, independent dealing.
  [[nodiscard]] bool redealt() const { return redealt_; }
  /// The rows of a worker of a redealt partition in an epoch, counted from 0.
  [[nodiscard]] EpochShard shard(std::size_t worker, std::uint64_t epoch) const;

  /// Bytes held.
  [[nodiscard]] std::size_t bytes() const { return order_.size() * sizeof(std::uint32_t) + starts_.size() * sizeof(std::uint64_t); }

 private:
  std::size_t workers_;
  std::uint64_t seed_;
  bool redealt_;
  std::vector<std::uint32_t> order_;   ///< rows, shard after shard; all of them once when shared; none when redealt
  std::vector<std::uint64_t> starts_;  ///< workers + 1 offsets; empty when shared
};

}  // namespace peloton
