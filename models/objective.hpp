#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/vector.hpp"

namespace peloton {

/// What a stochastic gradient is taken on: rows of the training set and the address of its noise stream.
struct Sample {
  std::span<const std::uint32_t> rows;  ///< training rows, repetitions allowed; empty for objectives without data
  std::uint64_t seed = 0;
  std::uint32_t worker = 0;
  std::uint64_t step = 0;
};

enum class Split : std::uint8_t { train, test };

/// Scratch memory of one thread; an objective makes its own kind. Results never depend on what a workspace was used for before.
struct Workspace {
  virtual ~Workspace() = default;
};

/// A sum over rows of one split.
struct Score {
  double loss = 0;            ///< Σ loss, without the regulariser
  std::uint64_t correct = 0;  ///< rows classified correctly; 0 where the objective does not classify
};

/// f(x) = (1/n) Σ_i loss(x; row i) + regulariser(x): a function to be minimised, with gradients.
///
/// Implementations are immutable after construction and shared by threads, each with its own workspace. A result is bit-identical
/// whatever else is evaluated before, after or beside it (batch invariance).
class Objective {
 public:
  virtual ~Objective() = default;

  [[nodiscard]] virtual std::string name() const = 0;
  [[nodiscard]] virtual std::size_t dimension() const = 0;
  [[nodiscard]] virtual Precision precision() const = 0;
  /// Numbers in each parameter tensor, in the order in which they lie in x; they add up to the dimension.
  [[nodiscard]] virtual std::vector<std::size_t> tensors() const { return {dimension()}; }
  /// Floating-point operations of the forward pass over one sample that each of the tensors takes part in; a multiplication and an addition
  /// are two. By default 2 for each number.
  [[nodiscard]] virtual std::vector<double> forward_flops() const;
  /// Floating-point operations of one sample's stochastic gradient, forward and backward: those of the matrix products, without what is of
  /// lower order (biases, activations, losses, noise). By default three times those of the forward pass: a backward pass multiplies every
  /// weight twice. Objectives without data: of one evaluation.
  [[nodiscard]] virtual double flops_per_sample() const;
  /// How many functions f_i there are, one per worker, of which f is the mean; 0: all workers share one function. A sample's worker
  /// must then be less than this.
  [[nodiscard]] virtual std::size_t worker_functions() const { return 0; }
  /// Training and test rows; 0 training rows: an objective without data.
  [[nodiscard]] virtual std::size_t rows(Split split) const = 0;
  [[nodiscard]] virtual bool classifies() const = 0;
  [[nodiscard]] virtual std::unique_ptr<Workspace> workspace() const = 0;

  /// out ← mean over sample.rows of ∇loss(x; row) + ∇regulariser(x), noise included where the objective has some. x and out: d numbers.
  /// `loss`, when given, gets the mean loss of the same rows at x + regulariser(x), without noise: the function whose gradient this is.
  /// Objectives without data: f(x), or f_i(x) of sample.worker. The bits of `out` are the same with and without `loss`.
  virtual void gradient(ConstView x, const Sample& sample, MutableView out, Workspace& workspace, double* loss = nullptr) const = 0;

  /// Sums over rows begin … end − 1 of a split; adds Σ ∇loss to `gradient_sum` (d) when it is given. Objectives without data are
  /// asked for one row, 0 … 1, which stands for the whole noiseless function.
  virtual Score score(ConstView x, Split split, std::size_t begin, std::size_t end, const MutableView* gradient_sum,
                      Workspace& workspace) const = 0;

  /// Sums over the training rows of a sample, without noise. Objectives without data: f(x), or f_i(x) of sample.worker.
  virtual Score sample_score(ConstView x, const Sample& sample, Workspace& workspace) const = 0;

  /// The regulariser's value; adds its gradient to `gradient` (d) when it is given.
  virtual double regulariser(ConstView x, const MutableView* gradient) const = 0;

  /// The starting point for a seed.
  virtual void initial_point(std::uint64_t seed, MutableView out) const = 0;

  /// inf f and a minimiser, where they are known.
  [[nodiscard]] virtual std::optional<double> optimal_value() const { return std::nullopt; }
  [[nodiscard]] virtual std::optional<std::vector<double>> optimal_point() const { return std::nullopt; }
};

}  // namespace peloton
