#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/base/options.hpp"

namespace peloton {

struct IidPartition {
  static constexpr std::string_view kind = "iid";
  static constexpr std::string_view help = "rows dealt to the workers at random, shard sizes equal to within one";
  static auto fields() { return options(); }
};

struct SortedPartition {
  static constexpr std::string_view kind = "sorted";
  static constexpr std::string_view help = "rows sorted by label (file order among equals), cut into equal consecutive shards";
  static auto fields() { return options(); }
};

struct ShardsPartition {
  static constexpr std::string_view kind = "shards";
  static constexpr std::string_view help =
      "rows sorted by label, cut into workers × classes_per_worker pieces, dealt at random (McMahan et al., AISTATS 2017)";
  Count classes_per_worker = 2;
  static auto fields() {
    return options(field("classes_per_worker", &ShardsPartition::classes_per_worker, at_least(1), "pieces a worker gets"));
  }
};

struct DirichletPartition {
  static constexpr std::string_view kind = "dirichlet";
  static constexpr std::string_view help =
      "each class is split over the workers in proportions drawn from Dirichlet(alpha) (Yurochkin et al., ICML 2019)";
  double alpha = 0.5;
  static auto fields() {
    return options(field("alpha", &DirichletPartition::alpha, kPositive, "concentration: small is skewed, large is even"));
  }
};

struct SharedPartition {
  static constexpr std::string_view kind = "shared";
  static constexpr std::string_view help = "every worker samples the whole training set";
  static auto fields() { return options(); }
};

using PartitionSpec = OneOf<"kind", IidPartition, SortedPartition, ShardsPartition, DirichletPartition, SharedPartition>;

/// Which training rows each worker holds.
class Partition {
 public:
  /// Splits the rows with these labels over `workers` ≥ 1. Every worker gets at least one row; more shards than rows is an InputError
  /// at `place`. Depends on (spec, labels, workers, seed) alone.
  Partition(const PartitionSpec& spec, std::span<const double> labels, std::size_t workers, std::uint64_t seed, const Place& place);

  [[nodiscard]] std::size_t workers() const { return workers_; }
  /// The rows of a worker.
  [[nodiscard]] std::span<const std::uint32_t> shard(std::size_t worker) const;
  /// Bytes held.
  [[nodiscard]] std::size_t bytes() const { return order_.size() * sizeof(std::uint32_t) + starts_.size() * sizeof(std::uint64_t); }

 private:
  std::size_t workers_;
  std::vector<std::uint32_t> order_;   ///< rows, shard after shard; all of them once when shared
  std::vector<std::uint64_t> starts_;  ///< workers + 1 offsets; empty when shared
};

}  // namespace peloton
