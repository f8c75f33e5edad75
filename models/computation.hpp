#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/data/batch.hpp"
#include "models/kernels/kernels.hpp"
#include "models/objective.hpp"
#include "models/vector.hpp"
#include "sim/base/huge_pages.hpp"

namespace peloton {

/// What a task of a worker is given, beside the mathematics that it runs.
struct TaskAddress {
  std::uint32_t worker = 0;
  std::uint64_t call = 0;        ///< number of the worker's first mini-batch in this task
  std::uint64_t steps = 1;       ///< mini-batches the task draws: call … call + steps − 1
  std::uint64_t first_step = 0;  ///< what the algorithm counts (a local step, a round), for step sizes that depend on it
};

/// Scratch memory of one thread, as large as what was asked of it so far.
class TaskScratch {
 public:
  /// `count` vectors of `size` numbers of type `precision`, contents undefined; valid until the next call.
  [[nodiscard]] std::span<const MutableView> vectors(Precision precision, std::size_t size, std::size_t count);

 private:
  LargeVector<std::byte> memory_;
  std::vector<MutableView> views_;
};

/// A task of a worker while it runs: its address, its inputs, and mini-batch gradients on demand.
class TaskRun {
 public:
  TaskRun(const Objective& objective, const BatchSampler* sampler, const Kernels& kernels, std::uint64_t seed, Workspace& workspace,
          std::vector<std::uint32_t>& rows, TaskScratch& scratch)
      : objective_(objective), sampler_(sampler), kernels_(kernels), seed_(seed), workspace_(workspace), rows_(rows), scratch_(scratch) {}

  TaskAddress address;
  ConstView model;
  std::span<const ConstView> inputs;  ///< further vectors that the algorithm gave to the task

  [[nodiscard]] const Objective& objective() const { return objective_; }
  [[nodiscard]] const Kernels& kernels() const { return kernels_; }
  [[nodiscard]] std::uint64_t seed() const { return seed_; }
  /// `count` vectors of the run's dimension and precision for intermediate results.
  [[nodiscard]] std::span<const MutableView> scratch(std::size_t count) { return scratch_.vectors(model.precision, model.size, count); }

  /// out ← the stochastic gradient at x on the task's mini-batch h = 0, 1, …; `loss`: null, or gets the batch's mean loss.
  void gradient(std::uint64_t h, ConstView x, MutableView out, double* loss = nullptr);

 private:
  const Objective& objective_;
  const BatchSampler* sampler_;
  const Kernels& kernels_;
  std::uint64_t seed_;
  Workspace& workspace_;
  std::vector<std::uint32_t>& rows_;
  TaskScratch& scratch_;
};

/// What a worker computes at a model, when that is more than one gradient: a chain of local steps, a gradient with noise, gradients at
/// two models on the same samples. Immutable and a pure function of the task: it runs on any thread, at any time, at most once.
class Computation {
 public:
  virtual ~Computation() = default;
  /// Vectors and numbers that a task results in.
  [[nodiscard]] virtual std::size_t results() const { return 1; }
  [[nodiscard]] virtual std::size_t scalars() const { return 0; }
  /// Gradients evaluated for each mini-batch: what the task costs in time, relative to plain gradients.
  [[nodiscard]] virtual std::uint64_t gradients_per_step() const { return 1; }
  /// A worker's memory: so many first inputs of a task are the results 1, 2, … of the worker's task before, zero in its first.
  [[nodiscard]] virtual std::size_t carried() const { return 0; }
  /// True when the first result is where the model has moved to; false when it is a direction or a change.
  [[nodiscard]] virtual bool ends_at_model() const { return false; }
  /// False: no number of the first result is known before all of the last mini-batch's gradient is.
  [[nodiscard]] virtual bool by_coordinate() const { return true; }
  /// Overwrites the results.
  virtual void run(TaskRun& task, std::span<const MutableView> results, std::span<double> scalars) const = 0;
};

}  // namespace peloton
