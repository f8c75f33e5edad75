#include "models/evaluation.hpp"

#include <cmath>
#include <numeric>

#include "models/kernels/kernels.hpp"
#include "models/objectives/make_objective.hpp"
#include "tests/models/objectives/small_data.hpp"
#include "tests/test.hpp"

namespace peloton {
namespace {

ConstView view(const std::vector<double>& x) { return {Precision::float64, x.data(), x.size()}; }

}  // namespace

TEST_CASE("a whole split, by hand", "[models][evaluation]") {
  // Logistic regression on rows a = (1), (−2), labels 0 and 1, at x = 1: margins −1 and −2, both wrong.
  // f = ½ (log(1 + e) + log(1 + e²)) + 0.05, ∇f = ½ (σ(1) + 2 σ(2)) + 0.1.
  const auto objective =
      make_objective(LogisticOptions{.l2 = 0.1}, test::hand_data(1, {1, -2}, {0, 1}), Precision::float64, find_kernels("auto"), {});
  ThreadPool pool(1);
  const std::vector<double> x{1};
  const Evaluation with = evaluate(*objective, view(x), Split::train, true, pool);
  const double gradient = (1 / (1 + std::exp(-1.0)) + 2 / (1 + std::exp(-2.0))) / 2 + 0.1;
  CHECK(with.loss == Approx((std::log1p(std::exp(1.0)) + std::log1p(std::exp(2.0))) / 2 + 0.05).epsilon(1e-14));
  CHECK(with.accuracy == 0.0);
  REQUIRE(with.gradient_norm.has_value());
  CHECK(*with.gradient_norm == Approx(gradient).epsilon(1e-14));
  CHECK(full_gradient(*objective, view(x), Split::train, pool)[0] == Approx(gradient).epsilon(1e-14));

  const Evaluation without = evaluate(*objective, view(x), Split::train, false, pool);
  CHECK(without.loss == with.loss);
  CHECK(!without.gradient_norm.has_value());
}

TEST_CASE("an evaluation is the same for any number of threads", "[models][evaluation]") {
  // Invariant: the same bits with 1, 2, 3 and 7 threads; 5000 rows are five chunks, the last one ragged.
  MlpOptions mlp;
  mlp.hidden = {6};
  mlp.l2 = 0.01;
  for (const ModelSpec& model : {ModelSpec(mlp), ModelSpec(SoftmaxOptions{})}) {
    for (const Precision precision : {Precision::float32, Precision::float64}) {
      const auto objective = make_objective(model, test::small_data(test::Storage::bytes, 5000, 7, 3), precision, find_kernels("auto"), {});
      const std::vector<double> x = test::scattered_point(objective->dimension(), 0.5);
      const std::vector<float> narrow(x.begin(), x.end());
      const ConstView point = precision == Precision::float64 ? view(x) : ConstView{precision, narrow.data(), narrow.size()};
      for (const Split split : {Split::train, Split::test}) {
        ThreadPool one(1);
        const Evaluation expected = evaluate(*objective, point, split, true, one);
        const std::vector<double> gradient = full_gradient(*objective, point, split, one);
        CHECK(*expected.accuracy > 0.1);
        for (const std::size_t threads : {2U, 3U, 7U}) {
          ThreadPool pool(threads);
          const Evaluation got = evaluate(*objective, point, split, true, pool);
          CHECK(got.loss == expected.loss);
          CHECK(got.accuracy == expected.accuracy);
          CHECK(got.gradient_norm == expected.gradient_norm);
          CHECK(full_gradient(*objective, point, split, pool) == gradient);
          CHECK(evaluate(*objective, point, split, false, pool).loss == expected.loss);
        }
      }
    }
  }
}

TEST_CASE("the whole gradient is the stochastic gradient on all rows", "[models][evaluation]") {
  // Reduction: a batch of every training row once; 2500 rows are three chunks of the evaluation and ten of the gradient.
  const auto objective = make_objective(SoftmaxOptions{.l2 = 0.3}, test::small_data(test::Storage::reals, 2500, 6, 3), Precision::float64,
                                        find_kernels("auto"), {});
  const std::vector<double> x = test::scattered_point(objective->dimension(), 0.5);
  std::vector<std::uint32_t> all(2500);
  std::iota(all.begin(), all.end(), 0U);
  ThreadPool pool(2);
  CHECK(test::largest_difference(full_gradient(*objective, view(x), Split::train, pool), test::Probe(*objective).gradient(x, all)) < 1e-13);
}

TEST_CASE("an objective without data is evaluated without its noise", "[models][evaluation]") {
  // Hand computation: λ = (1, 4), x = (1, 1): f = 2.5, ∇f = (1, 4), ‖∇f‖ = √17. There is no accuracy and no test split.
  QuadraticOptions options;
  options.eigenvalues = std::vector<double>{1, 4};
  options.noise = 100;
  const auto objective = make_objective(options, nullptr, Precision::float64, find_kernels("auto"), {});
  ThreadPool pool(2);
  const std::vector<double> x{1, 1};
  const Evaluation got = evaluate(*objective, view(x), Split::train, true, pool);
  CHECK(got.loss == 2.5);
  CHECK(!got.accuracy.has_value());
  CHECK(*got.gradient_norm == Approx(std::sqrt(17.0)));
  CHECK(full_gradient(*objective, view(x), Split::train, pool) == std::vector<double>{1, 4});
  CHECK_THROWS_AS(evaluate(*objective, view(x), Split::test, false, pool), BrokenInvariant);
}

TEST_CASE("evaluating an absent test split is a defect of the caller", "[models][evaluation]") {
  // Invariant.
  const auto objective =
      make_objective(LogisticOptions{}, test::hand_data(1, {1, -2}, {0, 1}), Precision::float64, find_kernels("auto"), {});
  ThreadPool pool(1);
  const std::vector<double> x{1};
  CHECK_THROWS_AS(evaluate(*objective, view(x), Split::test, false, pool), BrokenInvariant);
}

}  // namespace peloton
