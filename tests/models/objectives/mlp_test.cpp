#include "models/objectives/mlp.hpp"

#include <cmath>

#include "models/kernels/kernels.hpp"
#include "tests/models/objectives/small_data.hpp"
#include "tests/test.hpp"

namespace peloton {
namespace {

using test::Probe;

std::unique_ptr<Objective> make(std::vector<Count> hidden, Activation activation, const std::shared_ptr<const DataPair>& data) {
  MlpOptions options;
  options.hidden = std::move(hidden);
  options.activation = activation;
  return make_mlp(options, data, Precision::float64, find_kernels("auto"), {});
}

}  // namespace

TEST_CASE("a network with two hidden units, by hand", "[models][objectives][mlp]") {
  // a = 2, class 1 of 2. W₁ = (0.5, −1), b₁ = (0.1, 0.3): before ReLU (1.1, −1.7), h = (1.1, 0).
  // W₂ = ((1, 2), (3, 4)), b₂ = (0, −1): logits (1.1, 1.2). p₁ = 1 / (1 + e^−0.1), r = 1 − p₁: ∂/∂logits = (r, −r).
  // ∂/∂W₂ = h (r, −r)ᵀ = ((1.1 r, −1.1 r), (0, 0)); ∂/∂h = (r − 2 r, 3 r − 4 r) = (−r, −r), and ReLU lets the first pass only:
  // ∂/∂W₁ = 2 (−r, 0), ∂/∂b₁ = (−r, 0).
  const auto data = test::hand_data(1, {1, 2}, {0, 1});
  const auto objective = make({2}, Activation::relu, data);
  REQUIRE(objective->dimension() == 2 + 2 + 4 + 2);
  const std::vector<double> x{0.5, -1, 0.1, 0.3, 1, 2, 3, 4, 0, -1};
  const double r = 1 - 1 / (1 + std::exp(-0.1));
  const std::vector<double> expected{-2 * r, 0, -r, 0, 1.1 * r, -1.1 * r, 0, 0, r, -r};
  Probe probe(*objective);
  CHECK(test::largest_difference(probe.gradient(x, {1}), expected) < 1e-15);
  CHECK(probe.score(x, Split::train, 1, 2).loss == Approx(std::log1p(std::exp(-0.1))).epsilon(1e-13));
}

TEST_CASE("the network of the usual MNIST example has 159,010 parameters", "[models][objectives][mlp]") {
  // Closed form: 784 · 200 + 200 + 200 · 10 + 10 = 159,010.
  const auto data = test::small_data(test::Storage::bytes, 20, 784, 10);
  CHECK(make({200}, Activation::relu, data)->dimension() == 159010);
}

TEST_CASE("first weights follow He's and Glorot's laws and depend on the seed alone", "[models][objectives][mlp]") {
  // Closed form: He ±√(6/24) before a ReLU, Glorot ±√(6/(24 + 50)) before tanh; the last layer Glorot ±√(6/(50 + 4)); biases 0. A uniform
  // law on ±w has the standard deviation w/√3; its estimate from 1200 draws is within 6 % with probability > 0.999 (z = 4.6).
  const auto data = test::small_data(test::Storage::reals, 8, 24, 4);
  for (const Activation activation : {Activation::relu, Activation::tanh}) {
    const auto objective = make({50}, activation, data);
    const std::vector<double> start = Probe(*objective).start(11);
    const double first = activation == Activation::relu ? std::sqrt(6.0 / 24) : std::sqrt(6.0 / 74);
    const double last = std::sqrt(6.0 / 54);
    double square = 0;
    for (std::size_t i = 0; i < 1200; ++i) {
      CHECK(std::abs(start[i]) <= first);
      square += start[i] * start[i];
    }
    CHECK(std::sqrt(square / 1200) == Approx(first / std::sqrt(3.0)).epsilon(0.06));
    for (std::size_t i = 1200; i < 1250; ++i) CHECK(start[i] == 0);
    for (std::size_t i = 1250; i < 1450; ++i) CHECK(std::abs(start[i]) <= last);
    for (std::size_t i = 1450; i < 1454; ++i) CHECK(start[i] == 0);

    const auto again = make({50}, activation, data);
    CHECK(Probe(*again).start(11) == start);
    CHECK(Probe(*again).start(12) != start);
  }
}

}  // namespace peloton
