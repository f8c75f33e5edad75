#include "models/objectives/softmax.hpp"

#include <cmath>

#include "models/kernels/kernels.hpp"
#include "models/objectives/logistic.hpp"
#include "tests/models/objectives/small_data.hpp"
#include "tests/test.hpp"

namespace peloton {
namespace {

using test::Probe;

std::unique_ptr<Objective> make(const SoftmaxOptions& options, const std::shared_ptr<const DataPair>& data) {
  return make_softmax(options, data, Precision::float64, find_kernels("auto"), {});
}

}  // namespace

TEST_CASE("softmax regression on one row", "[models][objectives][softmax]") {
  // a = (2), labels {−1, 4, 7}, the row's label is 4, class 1. W = (0.5, 0, −0.5), b = (0, 0.1, 0): logits (1, 0.1, −1).
  // p = exp(logits) / Σ; ∂/∂W = 2 (p − e₁), ∂/∂b = p − e₁.
  const auto data = test::hand_data(1, {1, 2, 3}, {-1, 4, 7});
  const auto objective = make({}, data);
  REQUIRE(objective->dimension() == 6);
  const std::vector<double> x{0.5, 0, -0.5, 0, 0.1, 0};
  const double sum = std::exp(1.0) + std::exp(0.1) + std::exp(-1.0);
  const std::vector<double> residual{std::exp(1.0) / sum, std::exp(0.1) / sum - 1, std::exp(-1.0) / sum};
  Probe probe(*objective);
  const std::vector<double> g = probe.gradient(x, {1});
  for (std::size_t c = 0; c < 3; ++c) {
    CHECK(g[c] == Approx(2 * residual[c]).epsilon(1e-14));
    CHECK(g[3 + c] == Approx(residual[c]).epsilon(1e-14));
  }
  CHECK(probe.score(x, Split::train, 1, 2).loss == Approx(std::log(sum) - 0.1).epsilon(1e-14));
  CHECK(probe.score(x, Split::train, 1, 2).correct == 0);
  CHECK(probe.score(x, Split::train, 0, 1).correct == 1);
}

TEST_CASE("softmax regression with two classes is logistic regression", "[models][objectives][softmax]") {
  // Reduction: softmax depends on w = w₁ − w₀ only, with ∂f/∂w₁ = −∂f/∂w₀ = ∂f_logistic/∂w.
  const auto data = test::small_data(test::Storage::reals, 30, 5, 2);
  const auto softmax = make({.intercept = false}, data);
  const auto logistic = make_logistic({}, data, Precision::float64, find_kernels("auto"), {});
  const std::vector<double> weights = test::scattered_point(10, 1);
  std::vector<double> difference(5);
  for (std::size_t j = 0; j < 5; ++j) difference[j] = weights[2 * j + 1] - weights[2 * j];
  const std::vector<std::uint32_t> rows{0, 4, 7, 7, 29};
  const std::vector<double> g = Probe(*softmax).gradient(weights, rows);
  const std::vector<double> h = Probe(*logistic).gradient(difference, rows);
  for (std::size_t j = 0; j < 5; ++j) {
    CHECK(g[2 * j + 1] == Approx(h[j]).epsilon(1e-12));
    CHECK(g[2 * j] == Approx(-h[j]).epsilon(1e-12));
  }
  CHECK(Probe(*softmax).score(weights, Split::train, 0, 30).loss ==
        Approx(Probe(*logistic).score(difference, Split::train, 0, 30).loss).epsilon(1e-13));
}

TEST_CASE("softmax regression has (features + 1) classes numbers and starts at zero", "[models][objectives][softmax]") {
  // Closed form: MNIST's 784 features and 10 classes give 7850; at zero every row costs log 10.
  const auto objective = make({}, test::small_data(test::Storage::bytes, 20, 784, 10));
  CHECK(objective->dimension() == 7850);
  Probe probe(*objective);
  const std::vector<double> start = probe.start(1);
  CHECK(start == std::vector<double>(7850, 0.0));
  CHECK(probe.score(start, Split::train, 0, 20).loss == Approx(20 * std::log(10.0)).epsilon(1e-14));
  CHECK(make({.intercept = false}, test::small_data(test::Storage::bytes, 20, 784, 10))->dimension() == 7840);
}

}  // namespace peloton
