#include "models/convex/facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/convex/dispersion.hpp"
#include "models/convex/eigenvalues.hpp"
#include "models/convex/optimum.hpp"

namespace peloton {
namespace {

/// Numbers that may be touched for one fact unless it is asked for.
constexpr double kBudget = 2e9;
constexpr double kExpectedIterations = 300;
constexpr double kExpectedLanczosSteps = 20;
constexpr double kNumbersPerIteration = 80;  ///< per dimension: two passes over 20 pairs
constexpr std::size_t kIterations = 1000;
constexpr std::size_t kIterationsWhenAsked = 20000;
constexpr std::size_t kMostDenseHessian = 1000;
constexpr std::size_t kMostDiagonal = 10'000'000;

/// Numbers that a pass over the training set touches.
double stored_numbers(const Dataset& data) {
  if (const auto* sparse = std::get_if<SparseRows>(&data.x)) return static_cast<double>(sparse->columns.size());
  return static_cast<double>(data.rows) * static_cast<double>(data.features);
}

/// What the second derivatives of a model of data are made of: c XᵀX/n at most (exactly for linear) + l2.
struct Curvature {
  double bound;  ///< c
  bool exact;
  double l2;
  bool intercept;
};

std::optional<Curvature> curvature_of(const ModelSpec& model) {
  const auto of = [](const auto& o, double bound, bool exact) -> std::optional<Curvature> {
    if (o.nonconvex > 0) return std::nullopt;
    return Curvature{bound, exact, o.l2, o.intercept};
  };
  if (const auto* o = std::get_if<LinearOptions>(&model.value)) return of(*o, 1, true);
  if (const auto* o = std::get_if<LogisticOptions>(&model.value)) return of(*o, 0.25, false);
  if (const auto* o = std::get_if<SoftmaxOptions>(&model.value)) return of(*o, 0.5, false);
  return std::nullopt;
}

std::unique_ptr<Objective> in_float64(const ModelSpec& model, const ConvexTask& task) {
  return make_objective(model, task.data, Precision::float64, task.kernels, {});
}

// ---- models without data ------------------------------------------------------------------------------------------------------------

/// The model without its gradient noise.
QuadraticOptions noiseless(QuadraticOptions o) {
  o.noise = 0;
  o.multiplicative_noise = 0;
  return o;
}

/// L and μ: the eigenvalues are the same in every form, and the diagonal one with x* = 0 has them as its gradient at (1, …, 1).
EigenvalueRange eigenvalues_of(const QuadraticOptions& options, const ConvexTask& task, ThreadPool& pool) {
  QuadraticOptions plain = options;
  plain.form = QuadraticForm::diagonal;
  plain.centres.reset();
  plain.optimum.reset();
  const auto objective = in_float64(plain, task);
  const std::vector<double> ones(objective->dimension(), 1.0);
  const std::vector<double> diagonal = full_gradient(*objective, {Precision::float64, ones.data(), ones.size()}, Split::train, pool);
  const auto [low, high] = std::ranges::minmax(diagonal);
  return {low, high};
}

void add_facts_of(const QuadraticOptions& options, const ConvexTask& task, OptimumChoice choice, ThreadPool& pool, ConvexFacts& facts) {
  if (choice == OptimumChoice::compute || task.objective.dimension() <= kMostDiagonal) {
    const EigenvalueRange range = eigenvalues_of(options, task, pool);
    facts.smoothness = range.largest;
    facts.strong_convexity = range.smallest;
  }
  facts.heterogeneity = 0;
  if (options.centres) facts.heterogeneity = heterogeneity(*in_float64(noiseless(options), task), *facts.optimum, task.functions, pool);
  facts.gradient_noise = options.noise * options.noise * static_cast<double>(task.objective.dimension()) +
                         options.multiplicative_noise * options.multiplicative_noise * *facts.heterogeneity;
}

void add_facts_of(const KinkedQuadraticOptions& options, const ConvexTask& task, ConvexFacts& facts) {
  facts.smoothness = std::max(options.left, options.right);
  facts.strong_convexity = std::min(options.left, options.right);
  facts.heterogeneity = 0;
  facts.gradient_noise = options.noise * options.noise * static_cast<double>(task.objective.dimension());
}

// ---- models of data ----------------------------------------------------------------------------------------------------------------

/// The facts of one model of data, found one after another.
class DataFacts {
 public:
  DataFacts(const ConvexTask& task, const Curvature& curvature, OptimumChoice choice, ThreadPool& pool)
      : task_(task),
        curvature_(curvature),
        asked_(choice == OptimumChoice::compute),
        pool_(pool),
        objective_(in_float64(task.model, task)),
        numbers_(stored_numbers(task.data->train)) {}

  void add_curvature(ConvexFacts& facts) const {
    facts.strong_convexity = curvature_.l2;
    const auto linear = in_float64(LinearOptions{.intercept = curvature_.intercept}, task_);
    const std::size_t d = linear->dimension();
    // ∇ of least squares is (XᵀX x − Xᵀy)/n.
    const auto gradient = [&](const std::vector<double>& x) {
      return full_gradient(*linear, {Precision::float64, x.data(), d}, Split::train, pool_);
    };
    const std::vector<double> at_zero = gradient(std::vector<double>(d, 0.0));
    const SymmetricMap gram = [&](const std::vector<double>& v) {
      std::vector<double> out = gradient(v);
      for (std::size_t j = 0; j < d; ++j) out[j] -= at_zero[j];
      return out;
    };
    const auto size = static_cast<double>(d);
    if (curvature_.exact && d <= kMostDenseHessian && affordable(numbers_ * size + size * size * size)) {
      const EigenvalueRange range = eigenvalue_range(gram, d);
      const bool singular = range.smallest <= size * std::numeric_limits<double>::epsilon() * range.largest;
      facts.smoothness = range.largest + curvature_.l2;
      facts.strong_convexity = (singular ? 0 : range.smallest) + curvature_.l2;
    } else if (affordable(kExpectedLanczosSteps * (numbers_ + size))) {
      if (const auto largest = largest_eigenvalue(gram, d)) facts.smoothness = curvature_.bound * *largest + curvature_.l2;
    }
  }

  void add_optimum(ConvexFacts& facts) const {
    if (facts.optimum) return;
    const double d = dimension();
    const double outputs = d / static_cast<double>(task_.data->train.features + (curvature_.intercept ? 1 : 0));
    const double cost = kExpectedIterations * (numbers_ * outputs + kNumbersPerIteration * d);
    if (!asked_ && curvature_.l2 == 0) {
      facts.missing = "not sought without l2 (\"optimum\": \"compute\" tries)";
    } else if (!affordable(cost)) {
      facts.missing = fmt::format("not sought, it would take about {:.0e} operations (\"optimum\": \"compute\" does it)", cost);
    } else {
      Optimum found = find_optimum(*objective_,
                                   {.mu = facts.strong_convexity.value_or(0),
                                    .is_attained = curvature_.exact,  // least squares have a minimiser
                                    .iterations = asked_ ? kIterationsWhenAsked : kIterations},
                                   pool_);
      facts.missing = found.missing;
      if (found.x) facts.optimal_value = found.value;
      facts.optimum = std::move(found.x);
    }
  }

  void add_dispersion(ConvexFacts& facts) const {
    if (!facts.optimum) return;
    if (affordable(static_cast<double>(task_.data->train.rows) * dimension()))
      facts.gradient_noise = gradient_noise(*objective_, *facts.optimum, pool_);
    if (facts.gradient_noise && task_.batch_rows > 0) facts.batch_noise = *facts.gradient_noise / static_cast<double>(task_.batch_rows);
    if (affordable(numbers_ + static_cast<double>(task_.functions.workers) * dimension()))
      facts.heterogeneity = heterogeneity(*objective_, *facts.optimum, task_.functions, pool_);
  }

 private:
  [[nodiscard]] bool affordable(double numbers) const { return asked_ || numbers <= kBudget; }
  [[nodiscard]] double dimension() const { return static_cast<double>(objective_->dimension()); }

  const ConvexTask& task_;
  Curvature curvature_;
  bool asked_;
  ThreadPool& pool_;
  std::unique_ptr<Objective> objective_;
  double numbers_;
};

}  // namespace

std::optional<double> ConvexFacts::condition_number() const {
  if (!smoothness || !strong_convexity || *strong_convexity <= 0) return std::nullopt;
  return *smoothness / *strong_convexity;
}

std::optional<ConvexFacts> convex_facts(const ConvexTask& task, OptimumChoice choice, ThreadPool& pool) {
  const std::optional<Curvature> curvature = curvature_of(task.model);
  const auto* quadratic = std::get_if<QuadraticOptions>(&task.model.value);
  const auto* kinked = std::get_if<KinkedQuadraticOptions>(&task.model.value);
  if (choice == OptimumChoice::skip || (!curvature && quadratic == nullptr && kinked == nullptr)) return std::nullopt;
  ConvexFacts facts;
  facts.optimum = task.objective.optimal_point();
  facts.optimal_value = task.objective.optimal_value();
  if (quadratic != nullptr) add_facts_of(*quadratic, task, choice, pool, facts);
  if (kinked != nullptr) add_facts_of(*kinked, task, facts);
  if (curvature) {
    const DataFacts data(task, *curvature, choice, pool);
    data.add_curvature(facts);
    data.add_optimum(facts);
    data.add_dispersion(facts);
  }
  return facts;
}

}  // namespace peloton
