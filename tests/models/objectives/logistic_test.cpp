#include "models/objectives/logistic.hpp"

#include <cmath>

#include "models/kernels/kernels.hpp"
#include "tests/models/objectives/small_data.hpp"
#include "tests/test.hpp"

namespace peloton {
namespace {

using test::Probe;

std::unique_ptr<Objective> make(const LogisticOptions& options, const std::shared_ptr<const DataPair>& data) {
  return make_logistic(options, data, Precision::float64, find_kernels("auto"), {});
}

}  // namespace

TEST_CASE("logistic regression on two rows", "[models][objectives][logistic]") {
  // Rows a₁ = (1, 2) with label 2 and a₂ = (3, −1) with label 5: y = −1, +1. At x = (0.5, 0.25), z = (1, 1.25), margins −1 and 1.25.
  // loss = log(1 + e) + log(1 + e^−1.25);  ∇ = ½ (a₁ σ(1) − a₂ σ(−1.25)) + 0.1 x
  const auto data = test::hand_data(2, {1, 2, 3, -1}, {2, 5});
  const auto objective = make({.l2 = 0.1}, data);
  Probe probe(*objective);
  const std::vector<double> x{0.5, 0.25};
  const double first = 1 / (1 + std::exp(-1.0));
  const double second = 1 / (1 + std::exp(1.25));

  CHECK(objective->dimension() == 2);
  const std::vector<double> g = probe.gradient(x, {0, 1});
  CHECK(g[0] == Approx((1 * first - 3 * second) / 2 + 0.05).epsilon(1e-14));
  CHECK(g[1] == Approx((2 * first + 1 * second) / 2 + 0.025).epsilon(1e-14));
  const Score score = probe.score(x, Split::train, 0, 2);
  CHECK(score.loss == Approx(std::log1p(std::exp(1.0)) + std::log1p(std::exp(-1.25))).epsilon(1e-14));
  CHECK(score.correct == 1);
  CHECK(probe.regulariser(x) == Approx(0.05 * (0.25 + 0.0625)).epsilon(1e-14));
  CHECK(probe.start(1) == std::vector<double>{0, 0});
}

TEST_CASE("an intercept is a feature that is always 1", "[models][objectives][logistic]") {
  // Reduction: the same rows with a column of ones and no intercept.
  const auto with = make({.l2 = 0.2, .intercept = true}, test::hand_data(1, {1, 2, -3}, {0, 1, 1}));
  const auto column = make({.l2 = 0.2}, test::hand_data(2, {1, 1, 2, 1, -3, 1}, {0, 1, 1}));
  REQUIRE(with->dimension() == 2);
  const std::vector<double> x{0.7, -0.4};
  CHECK(test::largest_difference(Probe(*with).gradient(x, {0, 1, 2, 2}), Probe(*column).gradient(x, {0, 1, 2, 2})) < 1e-15);
  CHECK(Probe(*with).score(x, Split::train, 0, 3).loss == Approx(Probe(*column).score(x, Split::train, 0, 3).loss).epsilon(1e-14));
}

TEST_CASE("at zero every row of a logistic regression costs log 2 and pulls by half its features", "[models][objectives][logistic]") {
  // Closed form: f(0) = log 2, ∇f(0) = −½ mean y a, in every storage.
  for (const test::Storage storage : test::kStorages) {
    const auto data = test::small_data(storage, 10, 3, 2);
    const auto objective = make({}, data);
    Probe probe(*objective);
    const std::vector<double> zero(3, 0.0);
    CHECK(probe.score(zero, Split::train, 0, 10).loss == Approx(10 * std::log(2.0)).epsilon(1e-14));

    const Dataset dense = test::small_set(test::Storage::reals, 10, 3, 2, 1);
    std::vector<double> expected(3, 0.0);
    for (std::size_t i = 0; i < 10; ++i) {
      for (std::size_t j = 0; j < 3; ++j) {
        const double y = dense.labels[i] == 0 ? -1 : 1;
        expected[j] += -0.5 * y * std::get<DenseReals>(dense.x).values[3 * i + j] / 10;
      }
    }
    CHECK(test::largest_difference(probe.gradient(zero, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}), expected) < 1e-15);
  }
}

TEST_CASE("a logistic regression stays finite at huge parameters", "[models][objectives][logistic]") {
  // Closed form: margins ±1e4 cost 0 and 1e4, the gradient of the wrong row is −y a.
  const auto objective = make({}, test::hand_data(1, {1, 1}, {0, 1}));
  Probe probe(*objective);
  const std::vector<double> x{1e4};
  CHECK(probe.score(x, Split::train, 0, 2).loss == Approx(1e4));
  CHECK(probe.gradient(x, {0})[0] == 1);
  CHECK(std::abs(probe.gradient(x, {1})[0]) < 1e-300);
}

}  // namespace peloton
