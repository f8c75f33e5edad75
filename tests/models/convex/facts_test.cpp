#include "models/convex/facts.hpp"

#include <Eigen/Dense>
#include <cmath>

#include "models/kernels/kernels.hpp"
#include "tests/models/objectives/small_data.hpp"
#include "tests/test.hpp"

namespace peloton {
namespace {

using Data = std::shared_ptr<const DataPair>;

/// The facts of a model on a partition of its data.
std::optional<ConvexFacts> facts_of(const ModelSpec& model, const Data& data, std::size_t workers, const PartitionSpec& spec = {},
                                    OptimumChoice choice = OptimumChoice::automatic, Precision precision = Precision::float64,
                                    std::size_t threads = 2) {
  ThreadPool pool(threads);
  const Kernels& kernels = find_kernels("auto");
  const auto objective = make_objective(model, data, precision, kernels, {});
  std::optional<Partition> partition;
  if (data) partition.emplace(spec, data->train.labels, workers, 1, Place{});
  return convex_facts({.model = model,
                       .data = data,
                       .objective = *objective,
                       .functions = {workers, partition ? &*partition : nullptr},
                       .batch_rows = data ? 4U : 0U,
                       .kernels = kernels},
                      choice, pool);
}

/// XᵀX/n of dense reals, with a column of ones at the end when there is an intercept.
Eigen::MatrixXd gram(const Dataset& set, bool intercept) {
  const auto& values = std::get<DenseReals>(set.x).values;
  const auto n = static_cast<Eigen::Index>(set.rows);
  const auto d = static_cast<Eigen::Index>(set.features);
  Eigen::MatrixXd x = Eigen::MatrixXd::Ones(n, d + (intercept ? 1 : 0));
  for (Eigen::Index i = 0; i < n; ++i) {
    for (Eigen::Index j = 0; j < d; ++j) x(i, j) = values[static_cast<std::size_t>(i * d + j)];
  }
  return x.transpose() * x / static_cast<double>(n);
}

Eigen::VectorXd eigenvalues_of(const Eigen::MatrixXd& matrix) {
  return Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(matrix, Eigen::EigenvaluesOnly).eigenvalues();
}

}  // namespace

TEST_CASE("facts of a quadratic with centres by hand", "[models][convex]") {
  // λ = (1, 4), centres (0, 0), (2, 2), (4, 1): x* = (2, 1), ∇f_m(x*) = A (x* − a_m) = (2, 4), (0, −4), (−2, 0): ζ² = (20 + 16 + 4)/3.
  // f* = 1/6 Σ (a − x*)ᵀA(a − x*) = (8 + 4 + 4)/6. Noise: σ² d + s² ζ² = 0.09 · 2 + 0.25 · 40/3.
  QuadraticOptions options;
  options.eigenvalues = std::vector<double>{1, 4};
  options.centres = std::vector<Coordinates>{std::vector<double>{0, 0}, std::vector<double>{2, 2}, std::vector<double>{4, 1}};
  options.noise = 0.3;
  options.multiplicative_noise = 0.5;
  for (const Precision precision : {Precision::float32, Precision::float64}) {
    const auto facts = facts_of(options, nullptr, 3, {}, OptimumChoice::automatic, precision);
    REQUIRE(facts.has_value());
    CHECK(facts->optimum == std::vector<double>{2, 1});
    CHECK(facts->optimal_value.value() == Approx(16.0 / 6).epsilon(1e-7));
    CHECK(facts->missing.empty());
    CHECK(facts->smoothness == 4.0);
    CHECK(facts->strong_convexity == 1.0);
    CHECK(facts->condition_number() == 4.0);
    CHECK(facts->heterogeneity.value() == Approx(40.0 / 3).epsilon(1e-14));
    CHECK(facts->gradient_noise.value() == Approx(0.18 + 0.25 * 40 / 3).epsilon(1e-14));
    CHECK_FALSE(facts->batch_noise.has_value());
  }
}

TEST_CASE("a rotated quadratic has the eigenvalues it was given", "[models][convex]") {
  // Closed form, for each law of the eigenvalues; random ones must be those of the objective itself: its gradient at unit vectors.
  QuadraticOptions options;
  options.dimension = 12;
  options.spectrum = SpectrumSpec(UniformSpectrum{.low = 0.5, .high = 2});
  options.form = QuadraticForm::dense;
  options.optimum = PointSpec(GaussianPoint{});
  const auto facts = facts_of(options, nullptr, 4);
  REQUIRE(facts.has_value());
  const auto objective = make_objective(options, nullptr, Precision::float64, find_kernels("auto"), {});
  const std::vector<double> best = objective->optimal_point().value();
  Eigen::MatrixXd matrix(12, 12);
  for (std::size_t j = 0; j < 12; ++j) {
    std::vector<double> x = best;
    x[j] += 1;
    const std::vector<double> column = test::Probe(*objective).gradient(x, Sample{});
    matrix.col(static_cast<Eigen::Index>(j)) = Eigen::Map<const Eigen::VectorXd>(column.data(), 12);
  }
  CHECK(facts->smoothness.value() == Approx(eigenvalues_of(matrix)[11]).epsilon(1e-12));
  CHECK(facts->strong_convexity.value() == Approx(eigenvalues_of(matrix)[0]).epsilon(1e-12));
  CHECK(facts->heterogeneity == 0.0);
  CHECK(facts->gradient_noise == 0.0);
}

TEST_CASE("facts of a kinked quadratic", "[models][convex]") {
  // Closed form: its curvatures; the noise is σ² d.
  const auto facts = facts_of(KinkedQuadraticOptions{.dimension = 3, .right = 2, .left = 5, .noise = 0.1}, nullptr, 2);
  REQUIRE(facts.has_value());
  CHECK(facts->optimal_value == 0.0);
  CHECK(facts->smoothness == 5.0);
  CHECK(facts->strong_convexity == 2.0);
  CHECK(facts->gradient_noise.value() == Approx(0.03));
}

TEST_CASE("facts of least squares are those of the normal equations", "[models][convex]") {
  // Oracle: XᵀX/n from the data, its eigenvalues by a dense solver, x* = (XᵀX/n + l2)⁻¹ Xᵀy/n.
  const Data data = test::small_data(test::Storage::reals, 200, 6, 3);
  for (const bool intercept : {false, true}) {
    const auto facts = facts_of(LinearOptions{.l2 = 0.1, .intercept = intercept}, data, 5);
    REQUIRE(facts.has_value());
    const Eigen::MatrixXd hessian = gram(data->train, intercept);
    const Eigen::Index d = hessian.rows();
    CHECK(facts->smoothness.value() == Approx(eigenvalues_of(hessian)[d - 1] + 0.1).epsilon(1e-12));
    CHECK(facts->strong_convexity.value() == Approx(eigenvalues_of(hessian)[0] + 0.1).epsilon(1e-12));
    Eigen::VectorXd moment = Eigen::VectorXd::Zero(d);
    const auto& values = std::get<DenseReals>(data->train.x).values;
    for (std::size_t i = 0; i < 200; ++i) {
      for (std::size_t j = 0; j < 6; ++j) moment[static_cast<Eigen::Index>(j)] += values[6 * i + j] * data->train.labels[i] / 200;
      if (intercept) moment[6] += data->train.labels[i] / 200;
    }
    const Eigen::VectorXd best = (hessian + 0.1 * Eigen::MatrixXd::Identity(d, d)).ldlt().solve(moment);
    for (Eigen::Index j = 0; j < d; ++j) CHECK((*facts->optimum)[static_cast<std::size_t>(j)] == Approx(best[j]).epsilon(1e-10));
    CHECK(facts->gradient_noise.value() > 0.1);
    CHECK(facts->batch_noise.value() == Approx(*facts->gradient_noise / 4));
    CHECK(facts->heterogeneity.value() > 0);
  }
}

TEST_CASE("least squares without full rank are not strongly convex", "[models][convex]") {
  // Hand computation: the second feature is twice the first: XᵀX/n has eigenvalues 0 and (1 + 4)(1 + 4 + 9)/3 = 70/3.
  const auto facts = facts_of(LinearOptions{}, test::hand_data(2, {1, 2, 2, 4, 3, 6}, {1, 2, 4}), 1);
  REQUIRE(facts.has_value());
  CHECK(facts->strong_convexity == 0.0);
  CHECK(facts->smoothness.value() == Approx(70.0 / 3).epsilon(1e-13));
  CHECK_FALSE(facts->condition_number().has_value());
}

TEST_CASE("logistic and softmax regression: bounds on the curvature, gradients zero at the optimum", "[models][convex]") {
  // Oracles: λmax of XᵀX/n by a dense solver; ∇f(x*) = 0 and f(x* ± εe_j) ≥ f*. ζ² is 0 with a shared partition and not with a sorted one.
  const Data data = test::small_data(test::Storage::reals, 300, 5, 2);
  const double largest = eigenvalues_of(gram(data->train, true))[5];
  struct Case {
    ModelSpec model;
    double factor;
  };
  for (const auto& [model, factor] : {Case{LogisticOptions{.l2 = 0.01, .intercept = true}, 0.25}, Case{SoftmaxOptions{.l2 = 0.01}, 0.5}}) {
    INFO(model.kind());
    const auto facts = facts_of(model, data, 6, SortedPartition{});
    REQUIRE(facts.has_value());
    CHECK(facts->smoothness.value() == Approx(factor * largest + 0.01).epsilon(1e-6));
    CHECK(facts->strong_convexity == 0.01);
    CHECK(facts->heterogeneity.value() > 0.01);
    CHECK(facts_of(model, data, 6, SharedPartition{})->heterogeneity == 0.0);
    const auto objective = make_objective(model, data, Precision::float64, find_kernels("auto"), {});
    ThreadPool pool(1);
    std::vector<double> x = facts->optimum.value();
    const auto value = [&] { return evaluate(*objective, {Precision::float64, x.data(), x.size()}, Split::train, false, pool).loss; };
    CHECK(value() == Approx(*facts->optimal_value).epsilon(1e-14));
    for (double& coordinate : x) {
      const double before = coordinate;
      for (const double step : {-1e-3, 1e-3}) {
        coordinate = before + step;
        CHECK(value() > *facts->optimal_value + 0.9 * 0.01 / 2 * 1e-6);  // strong convexity
        CHECK(value() < *facts->optimal_value + 1.1 * *facts->smoothness / 2 * 1e-6);
      }
      coordinate = before;
    }
  }
}

TEST_CASE("what is not convex has no facts, and what is dear is not sought unasked", "[models][convex]") {
  const Data data = test::small_data(test::Storage::reals, 60, 4, 2);
  MlpOptions mlp;
  mlp.hidden = {3};
  CHECK_FALSE(facts_of(mlp, data, 3).has_value());
  CHECK_FALSE(facts_of(LogisticOptions{.l2 = 0.1, .nonconvex = 0.1}, data, 3).has_value());
  CHECK_FALSE(facts_of(LogisticOptions{.l2 = 0.1}, data, 3, {}, OptimumChoice::skip).has_value());

  const auto unasked = facts_of(LogisticOptions{}, data, 3);
  CHECK_FALSE(unasked->optimal_value.has_value());
  CHECK_FALSE(unasked->gradient_noise.has_value());
  CHECK(unasked->smoothness.has_value());
  CHECK(unasked->strong_convexity == 0.0);
  CHECK_THAT(unasked->missing, Catch::Matchers::ContainsSubstring("not sought without l2"));
  const auto asked = facts_of(LogisticOptions{}, data, 3, {}, OptimumChoice::compute);
  CHECK(asked->optimal_value.has_value());
  CHECK(asked->missing.empty());

  // 4000 · 30 numbers times 100 classes times 300 iterations are 3.6e9.
  const auto dear = facts_of(SoftmaxOptions{.l2 = 0.1}, test::small_data(test::Storage::bytes, 4000, 30, 100), 3);
  CHECK_FALSE(dear->optimal_value.has_value());
  CHECK(dear->smoothness.has_value());
  CHECK_THAT(dear->missing, Catch::Matchers::ContainsSubstring("about 4e+09 operations"));
}

TEST_CASE("facts are the same for any number of threads and in any precision of the run", "[models][convex]") {
  // Invariant: the same bits; the features are multiples of 1/8, exact in float32 too.
  const Data data = test::small_data(test::Storage::sparse, 2500, 7, 2);
  const LogisticOptions model{.l2 = 0.01};
  const auto expected = facts_of(model, data, 10, SortedPartition{}, OptimumChoice::automatic, Precision::float64, 1);
  for (const std::size_t threads : {2U, 3U}) {
    const auto got = facts_of(model, data, 10, SortedPartition{}, OptimumChoice::automatic, Precision::float32, threads);
    CHECK(got->optimum == expected->optimum);
    CHECK(got->optimal_value == expected->optimal_value);
    CHECK(got->smoothness == expected->smoothness);
    CHECK(got->gradient_noise == expected->gradient_noise);
    CHECK(got->heterogeneity == expected->heterogeneity);
  }
}

}  // namespace peloton
