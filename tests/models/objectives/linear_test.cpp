#include "models/objectives/linear.hpp"

#include "models/kernels/kernels.hpp"
#include "tests/models/objectives/small_data.hpp"
#include "tests/test.hpp"

namespace peloton {
namespace {

using test::Probe;

std::unique_ptr<Objective> make(const LinearOptions& options, const std::shared_ptr<const DataPair>& data,
                                Precision precision = Precision::float64) {
  return make_linear(options, data, precision, find_kernels("auto"));
}

}  // namespace

TEST_CASE("least squares on two rows", "[models][objectives][linear]") {
  // a₁ = (1, 2), y = 2; a₂ = (3, −1), y = 5. At x = (1, 0.5): residuals 0 and −2.5; ∇ of the rows 0 and −2.5 (3, −1).
  // Losses 0 and 3.125; ∇f = (−3.75, 1.25) + 0.1 x; l2/2 ‖x‖² = 0.0625. All but the last exact in both precisions.
  for (const Precision precision : {Precision::float32, Precision::float64}) {
    const auto objective = make({.l2 = 0.1}, test::hand_data(2, {1, 2, 3, -1}, {2, 5}), precision);
    Probe probe(*objective);
    const std::vector<double> x{1, 0.5};
    CHECK(objective->name() == "linear");
    CHECK(objective->dimension() == 2);
    CHECK(!objective->classifies());
    double loss = 0;
    const std::vector<double> g = probe.gradient(x, {0, 1}, &loss);
    CHECK(g[0] == Approx(-3.65).epsilon(1e-6));
    CHECK(g[1] == Approx(1.3).epsilon(1e-6));
    CHECK(loss == Approx(1.5625 + 0.0625).epsilon(1e-14));
    CHECK(probe.score(x, Split::train, 0, 2).loss == 3.125);
    CHECK(probe.score(x, Split::train, 0, 2).correct == 0);
    CHECK(probe.score_gradient(x, Split::train, 0, 2) == std::vector<double>{-7.5, 2.5});
    CHECK(probe.start(1) == std::vector<double>{0, 0});
  }
}

TEST_CASE("the optimum of least squares with an intercept, by hand", "[models][objectives][linear]") {
  // The line through (0, 1), (1, 1), (2, 4): slope 3/2, intercept ½, value ¼ (see least_squares_test.cpp).
  const auto objective = make({.intercept = true}, test::hand_data(1, {0, 1, 2}, {1, 1, 4}));
  const std::vector<double> best = objective->optimal_point().value();
  CHECK(test::largest_difference(best, {1.5, 0.5}) < 1e-14);
  CHECK(objective->optimal_value().value() == Approx(0.25).epsilon(1e-14));
}

TEST_CASE("the gradient vanishes at the optimum, where the value is the minimum", "[models][objectives][linear]") {
  // Invariant, for every storage; 700 rows are three chunks of the model. In float32 the optimum is that of the rounded rows.
  std::vector<std::uint32_t> all(700);
  for (std::uint32_t i = 0; i < 700; ++i) all[i] = i;
  for (const test::Storage storage : test::kStorages) {
    for (const Precision precision : {Precision::float32, Precision::float64}) {
      for (const LinearOptions& options : {LinearOptions{}, LinearOptions{.l2 = 0.3, .intercept = true}}) {
        const auto objective = make(options, test::small_data(storage, 700, 6, 5), precision);
        Probe probe(*objective);
        const std::vector<double> best = objective->optimal_point().value();
        const double tolerance = precision == Precision::float32 ? 1e-5 : 1e-13;
        double loss = 0;
        CHECK(test::largest_difference(probe.gradient(best, all, &loss), std::vector<double>(best.size(), 0.0)) < tolerance);
        CHECK(objective->optimal_value().value() == Approx(loss).epsilon(tolerance));
        CHECK(loss > 1);
      }
    }
  }
}

TEST_CASE("the optimum of least squares is unknown where it has no closed form or takes long", "[models][objectives][linear]") {
  // Invariant.
  const auto data = test::small_data(test::Storage::reals, 20, 4, 3);
  CHECK(make({}, data)->optimal_value().has_value());
  CHECK(!make({.nonconvex = 0.1}, data)->optimal_value().has_value());
  CHECK(!make({.nonconvex = 0.1}, data)->optimal_point().has_value());
  CHECK(!make({}, test::small_data(test::Storage::sparse, 5, 1001, 2))->optimal_value().has_value());
}

}  // namespace peloton
