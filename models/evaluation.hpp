#pragma once

#include <optional>
#include <span>
#include <vector>

#include "models/data/partition.hpp"
#include "models/objective.hpp"
#include "sim/base/thread_pool.hpp"

namespace peloton {

/// What is known of a model after a pass over a whole split.
struct Evaluation {
  double loss = 0;                      ///< f(x), the regulariser included
  std::optional<double> accuracy;       ///< share of rows classified correctly, for objectives that classify
  std::optional<double> gradient_norm;  ///< ‖∇f(x)‖, when it was asked for
};

/// Evaluates x on a whole split, spread over the pool. Rows go in chunks of a fixed size whose results are added in order: the result
/// is the same for every pool. Memory: a workspace for each thread and, with the gradient, d numbers for each and d float64 in all.
/// An objective without data has the split `train` only; an objective with data needs a row in the split.
[[nodiscard]] Evaluation evaluate(const Objective& objective, ConstView x, Split split, bool want_gradient, ThreadPool& pool);

/// ∇f(x) over a whole split, regulariser included, noiseless; summed in float64. `value`, when given, gets f(x). Otherwise as above.
[[nodiscard]] std::vector<double> full_gradient(const Objective& objective, ConstView x, Split split, ThreadPool& pool,
                                                double* value = nullptr);

/// The workers' own functions f_m: the mean loss over a worker's shard + the regulariser, or for objectives without data f_m itself.
/// Of a partition that is redealt each epoch, the shards are those of the first epoch.
struct WorkerFunctions {
  std::size_t workers = 1;
  const Partition* partition = nullptr;  ///< null for objectives without data; otherwise must outlive this

  /// Whether all workers have one and the same function, f.
  [[nodiscard]] bool same(const Objective& objective) const;
  /// Rows of a worker's shard.
  [[nodiscard]] std::size_t rows(std::size_t worker) const { return partition == nullptr ? 0 : partition->size(worker); }
  /// What f_worker's rows begin … end − 1 of its shard are taken on; the rows lie in the partition's own memory or in `scratch`.
  [[nodiscard]] Sample sample(std::size_t worker, std::size_t begin, std::size_t end, std::vector<std::uint32_t>& scratch) const;
};

/// f_m(x) and the accuracy on the shard for each worker m: one pass over the shards, spread over the pool. Deterministic as above.
[[nodiscard]] std::vector<Evaluation> evaluate_workers(const Objective& objective, ConstView x, const WorkerFunctions& functions,
                                                       ThreadPool& pool);

/// The mean of one number per worker, and its mean over the worst tenth of the workers (rounded down, at least one).
struct WorkerSpread {
  double mean = 0;
  double worst_tenth = 0;
};
enum class Worst : std::uint8_t { highest, lowest };
/// `values` not empty; not a number is worst.
[[nodiscard]] WorkerSpread worker_spread(std::vector<double> values, Worst worst);

}  // namespace peloton
