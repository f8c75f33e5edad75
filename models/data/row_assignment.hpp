#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/data/partition_spec.hpp"

namespace peloton {

/// What a partition may look at: the label of each row and, where the source has devices, the device of each.
struct RowOrigins {
  std::span<const double> labels;
  std::span<const std::uint32_t> devices;  ///< empty or as many as labels
};

/// The worker of each row by a scheme other than `shared`; every worker gets a row. 1 ≤ workers ≤ rows. What the scheme cannot do with
/// these rows is an InputError at `place`. Depends on (scheme, rows, workers, seed) alone.
[[nodiscard]] std::vector<std::uint32_t> assign_rows(const PartitionScheme& scheme, const RowOrigins& rows, std::size_t workers,
                                                     std::uint64_t seed, const Place& place);

/// The offsets of shards of these rows: workers + 1 values.
[[nodiscard]] std::vector<std::uint64_t> shard_offsets(std::span<const std::uint32_t> owners, std::size_t workers);

/// The rows, shard after shard, ascending within each.
[[nodiscard]] std::vector<std::uint32_t> rows_by_shard(std::span<const std::uint32_t> owners, const std::vector<std::uint64_t>& starts);

}  // namespace peloton
