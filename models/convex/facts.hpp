#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/evaluation.hpp"
#include "models/objectives/make_objective.hpp"

namespace peloton {

/// `task.optimum`: whether x* and f* are sought.
enum class OptimumChoice : std::uint8_t { automatic, compute, skip };

template <>
struct EnumNames<OptimumChoice> {
  static constexpr std::array names = {std::pair{std::string_view("auto"), OptimumChoice::automatic},
                                       std::pair{std::string_view("compute"), OptimumChoice::compute},
                                       std::pair{std::string_view("skip"), OptimumChoice::skip}};
};

/// What theory asks about a convex task; empty where it is not known. All in float64, on the features as they are in the data set.
struct ConvexFacts {
  std::optional<std::vector<double>> optimum;  ///< x*
  std::optional<double> optimal_value;         ///< f*
  std::string missing;                         ///< why x* and f* are not known; empty when they are
  std::optional<double> smoothness;            ///< L: ∇f is L-Lipschitz
  std::optional<double> strong_convexity;      ///< μ ≥ 0
  std::optional<double> gradient_noise;        ///< σ² at x*: E‖g − ∇f‖² of a stochastic gradient on one row
  std::optional<double> batch_noise;           ///< σ²/b: the same on a batch of b rows drawn independently
  std::optional<double> heterogeneity;         ///< ζ² at x*: (1/M) Σ ‖∇f_m − ∇f‖²

  /// κ = L / μ
  [[nodiscard]] std::optional<double> condition_number() const;
};

/// A task of a run.
struct ConvexTask {
  const ModelSpec& model;
  std::shared_ptr<const DataPair> data;  ///< null for models without data
  const Objective& objective;            ///< made of the model and the data, in any precision
  WorkerFunctions functions;
  std::size_t batch_rows = 0;  ///< b; 0: whole shards, or no rows
  const Kernels& kernels;
};

/// The facts of a convex task; nothing for a model that is not convex (mlp, or a non-convex regulariser) and with `skip`.
///
/// - f*, x*: the objective's closed form, where it has one; else L-BFGS (find_optimum, which knows when there is none). `automatic`
/// iterates for l2 > 0 only, and where
///   300 iterations touch at most 2e9 numbers (a second or two): passes over the data set, for softmax times the classes, and 80 d for
///   the method itself. It gives up after 1000 iterations, `compute` after 20,000.
/// - L: λmax of the Hessian for quadratics and linear; for logistic and softmax the bound c λmax(XᵀX/n) + l2 with c = 1/4 and 1/2 (Böhning,
///   Ann. Inst. Stat. Math. 1992), X with the intercept's column. μ: λmin for quadratics and linear; l2 as the certified bound otherwise,
///   and for linear with more than 1000 dimensions.
/// - σ², ζ² at x*. For models with gradient noise instead of rows σ² is the mean over the workers of the variance of their gradients:
///   σ_additive² d + s² ζ².
///
/// With `automatic`, L of data, μ of linear and the two at x* are left out as well when they need more than 2e9 numbers touched, and L and
/// μ of quadratics above 1e7 dimensions. Everything is the same for every pool.
[[nodiscard]] std::optional<ConvexFacts> convex_facts(const ConvexTask& task, OptimumChoice choice, ThreadPool& pool);

}  // namespace peloton
