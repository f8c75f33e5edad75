#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/data/partition.hpp"
#include "sim/base/options.hpp"

namespace peloton {

/// Rows per stochastic gradient: a count, or "full" for the worker's whole shard.
struct BatchSize {
  std::optional<Count> rows = 32;  ///< ≥ 1; empty: full
};

template <>
struct OptionType<BatchSize> {
  static BatchSize parse(const Json& json, const Place& place);
  static Json write(const BatchSize& size) { return size.rows ? Json(*size.rows) : Json("full"); }
  static Json schema();
  static std::string type() { return "count | full"; }
};

/// How a worker walks its shard.
enum class BatchOrder : std::uint8_t { with_replacement, epoch };

template <>
struct EnumNames<BatchOrder> {
  static constexpr std::array names = {std::pair{std::string_view("with_replacement"), BatchOrder::with_replacement},
                                       std::pair{std::string_view("epoch"), BatchOrder::epoch}};
};

/// Which rows a worker's stochastic gradients are taken on. A batch is a function of (partition, options, worker, step) alone; nothing
/// is kept from step to step, so steps may be asked for in any order, from several threads.
///
///   full              the shard, every step
///   with_replacement  each row drawn from the shard independently
///   epoch             without replacement: step t takes positions t·b … t·b + b − 1 of the worker's endless sequence of epochs, each
///                     a new pseudo-random order of the shard; a batch runs on across the end of an epoch (several, when b > shard)
///
/// A partition that is redealt each epoch gives a worker other rows in each of its epochs. They are counted as the positions above are, in
/// rows over the size of the shard: with replacement step t draws from the shard of epoch ⌊t·b / shard⌋, and a full batch is an epoch.
class BatchSampler {
 public:
  struct Options {
    BatchSize size;
    BatchOrder order = BatchOrder::with_replacement;
    std::uint64_t seed = 1;
  };

  /// `partition` must outlive the sampler.
  BatchSampler(const Partition& partition, const Options& options);

  /// Rows per batch of a worker.
  [[nodiscard]] std::size_t size(std::size_t worker) const { return batch_ == 0 ? partition_.size(worker) : batch_; }

  /// The rows of a batch: the partition's own memory when full and dealt once, else `scratch`. About 4 ns a row with replacement; 20 ns by
  /// epoch, 60 ns from a shard of at most 64 rows.
  [[nodiscard]] std::span<const std::uint32_t> rows(std::size_t worker, std::uint64_t step, std::vector<std::uint32_t>& scratch) const;

 private:
  void draw_redealt(std::size_t worker, std::uint64_t step, std::span<std::uint32_t> out) const;
  void draw_epochs(std::span<const std::uint32_t> shard, std::size_t worker, std::uint64_t step, std::span<std::uint32_t> out) const;

  const Partition& partition_;
  std::size_t batch_;  ///< 0: full
  BatchOrder order_;
  std::uint64_t seed_;
};

}  // namespace peloton
