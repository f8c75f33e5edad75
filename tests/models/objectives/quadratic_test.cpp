#include "models/objectives/quadratic.hpp"

#include <Eigen/Eigenvalues>
#include <cmath>

#include "models/gradient_check.hpp"
#include "models/kernels/kernels.hpp"
#include "tests/models/objectives/small_data.hpp"
#include "tests/test.hpp"

namespace peloton {
namespace {

using test::Probe;

QuadraticOptions parse(const char* text) { return parse_options<QuadraticOptions>(Json::parse(text), {"a.json", "/task/model"}); }

std::unique_ptr<Objective> make(const char* text, Precision precision = Precision::float64) {
  return make_quadratic(parse(text), precision, find_kernels("auto"));
}

Sample sample(std::uint64_t seed, std::uint32_t worker, std::uint64_t step) {
  return {.rows = {}, .seed = seed, .worker = worker, .step = step};
}

double value(const Objective& objective, const std::vector<double>& x) { return Probe(objective).score(x, Split::train, 0, 1).loss; }

/// A, column by column: ∇f(e_j) for x* = 0.
Eigen::MatrixXd matrix_of(const Objective& objective) {
  const std::size_t d = objective.dimension();
  Eigen::MatrixXd a(d, d);
  for (std::size_t j = 0; j < d; ++j) {
    std::vector<double> unit(d, 0.0);
    unit[j] = 1;
    const std::vector<double> column = Probe(objective).gradient(unit, sample(1, 0, 0));
    for (std::size_t i = 0; i < d; ++i) a(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = column[i];
  }
  return a;
}

}  // namespace

TEST_CASE("a diagonal quadratic, by hand", "[models][objectives][quadratic]") {
  // λ = (1, 4), x* = (2, 2), x = (3, 1): f = ½ (1 · 1 + 4 · 1) = 2.5, ∇f = (1, −4). Both precisions hold these numbers exactly.
  for (const Precision precision : {Precision::float32, Precision::float64}) {
    const auto objective = make(R"({"eigenvalues": [1, 4], "optimum": 2})", precision);
    CHECK(objective->dimension() == 2);
    CHECK(objective->rows(Split::train) == 0);
    CHECK(value(*objective, {3, 1}) == 2.5);
    CHECK(Probe(*objective).gradient({3, 1}, sample(1, 0, 0)) == std::vector<double>{1, -4});
    CHECK(Probe(*objective).score_gradient({3, 1}, Split::train, 0, 1) == std::vector<double>{1, -4});
    CHECK(objective->optimal_value() == 0.0);
    CHECK(objective->optimal_point() == std::vector<double>{2, 2});
    CHECK(value(*objective, {2, 2}) == 0);
    CHECK(Probe(*objective).start(1) == std::vector<double>{1, 1});
  }
}

TEST_CASE("spectra", "[models][objectives][quadratic]") {
  // Hand computation: linear 1, 2.5, 4; geometric 1, 2, 4. For uniform: within the range, not all the same, another for another seed.
  CHECK(matrix_of(*make(R"({"dimension": 3, "spectrum": {"kind": "linear", "low": 1, "high": 4}})")).diagonal() ==
        Eigen::Vector3d(1, 2.5, 4));
  CHECK(matrix_of(*make(R"({"dimension": 3, "spectrum": {"kind": "geometric", "low": 1, "high": 4}})")).diagonal() ==
        Eigen::Vector3d(1, 2, 4));
  CHECK(matrix_of(*make(R"({"dimension": 3})")).diagonal() == Eigen::Vector3d(0.1, 0.55, 1));
  const Eigen::VectorXd drawn = matrix_of(*make(R"({"dimension": 30, "spectrum": {"kind": "uniform", "low": 2, "high": 3}})")).diagonal();
  CHECK(drawn.minCoeff() >= 2);
  CHECK(drawn.maxCoeff() < 3);
  CHECK(drawn.maxCoeff() - drawn.minCoeff() > 0.5);  // fails by chance with probability 30 · 0.5^29 < 1e-7
  CHECK(drawn != matrix_of(*make(R"({"dimension": 30, "seed": 2, "spectrum": {"kind": "uniform", "low": 2, "high": 3}})")).diagonal());
}

TEST_CASE("a dense quadratic has the given eigenvalues in random directions", "[models][objectives][quadratic]") {
  // Reference implementation: Eigen's solver for symmetric eigenvalues.
  const auto objective = make(R"({"dimension": 20, "form": "dense", "spectrum": {"kind": "linear", "low": 1, "high": 20}})");
  const Eigen::MatrixXd a = matrix_of(*objective);
  CHECK((a - a.transpose()).cwiseAbs().maxCoeff() < 1e-12);
  const Eigen::VectorXd eigenvalues = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(a).eigenvalues();
  for (Eigen::Index i = 0; i < 20; ++i) CHECK(eigenvalues[i] == Approx(static_cast<double>(i + 1)).epsilon(1e-12));
  CHECK((a - Eigen::MatrixXd(a.diagonal().asDiagonal())).norm() > 1);  // not diagonal

  CHECK(matrix_of(*make(R"({"dimension": 20, "form": "dense", "spectrum": {"kind": "linear", "low": 1, "high": 20}})")) == a);
  CHECK(matrix_of(*make(R"({"dimension": 20, "form": "dense", "seed": 2, "spectrum": {"kind": "linear", "low": 1, "high": 20}})")) != a);
  CHECK(matrix_of(*make(R"({"eigenvalues": [3], "form": "dense"})"))(0, 0) == 3);

  // Closed form: f(x) = ½ xᵀ A x.
  const std::vector<double> x = test::scattered_point(20, 1);
  const Eigen::Map<const Eigen::VectorXd> point(x.data(), 20);
  CHECK(value(*objective, x) == Approx(0.5 * point.dot(a * point)).epsilon(1e-13));
}

TEST_CASE("the value of a quadratic matches its gradient", "[models][objectives][quadratic]") {
  // Oracle: central differences, of the noiseless function also where there is noise.
  for (const char* text :
       {R"({"dimension": 9, "optimum": "gaussian", "noise": 3})", R"({"dimension": 9, "form": "dense", "optimum": 0.5})"}) {
    for (const Precision precision : {Precision::float32, Precision::float64}) {
      const GradientCheck check = check_gradient(*make(text, precision), {});
      INFO(text << ": " << check.worst_error << " at " << check.where);
      CHECK(check.passed());
    }
  }
}

TEST_CASE("gradient noise has the given law", "[models][objectives][quadratic]") {
  // g = (1 + s ξ) ∇f + σ ζ with ∇f = (3, 0, 0, …), s = 0.5, σ = 2, d = 40, over 2500 steps: the mean of coordinate 0 is 3 with the
  // standard error √(1.5² + 2²)/√2500 = 0.05; its variance 6.25 has the relative standard error √(2/2500) = 2.8 %; the other 97,500
  // draws have variance 4 with 0.45 %. Bounds at 4.5 standard errors: each fails by chance with probability < 1e-5.
  const auto objective =
      make(R"({"dimension": 40, "spectrum": {"kind": "linear", "low": 1, "high": 1}, "noise": 2, "multiplicative_noise": 0.5})");
  std::vector<double> x(40, 0.0);
  x[0] = 3;
  double sum = 0;
  double square = 0;
  double others = 0;
  constexpr int kSteps = 2500;
  for (int step = 0; step < kSteps; ++step) {
    const std::vector<double> g = Probe(*objective).gradient(x, sample(1, 0, static_cast<std::uint64_t>(step)));
    sum += g[0];
    square += (g[0] - 3) * (g[0] - 3);
    for (std::size_t i = 1; i < 40; ++i) others += g[i] * g[i];
  }
  CHECK(std::abs(sum / kSteps - 3) < 4.5 * 0.05);
  CHECK(square / kSteps == Approx(6.25).epsilon(4.5 * 0.028));
  CHECK(others / (39 * kSteps) == Approx(4).epsilon(4.5 * 0.0045));
}

TEST_CASE("noise is a function of seed, worker and step, and its two parts do not disturb each other", "[models][objectives][quadratic]") {
  // Invariant.
  const auto additive = make(R"({"dimension": 5, "noise": 1})");
  const std::vector<double> x(5, 0.0);  // ∇f = 0: only the additive noise is left
  const auto draw = [&](const Objective& objective, const Sample& s) { return Probe(objective).gradient(x, s); };
  const std::vector<double> noise = draw(*additive, sample(1, 2, 3));
  CHECK(draw(*additive, sample(1, 2, 3)) == noise);
  CHECK(draw(*additive, sample(2, 2, 3)) != noise);
  CHECK(draw(*additive, sample(1, 3, 3)) != noise);
  CHECK(draw(*additive, sample(1, 2, 4)) != noise);
  CHECK(draw(*make(R"({"dimension": 5, "noise": 1, "multiplicative_noise": 0.3})"), sample(1, 2, 3)) == noise);

  // A random factor keeps the direction.
  const auto multiplicative = make(R"({"eigenvalues": [1, 2, 4], "multiplicative_noise": 0.3})");
  const std::vector<double> g = Probe(*multiplicative).gradient({1, 1, 1}, sample(1, 0, 0));
  CHECK(g[0] != 1);
  CHECK(g[1] == Approx(2 * g[0]));
  CHECK(g[2] == Approx(4 * g[0]));
}

TEST_CASE("points are given by number or by law", "[models][objectives][quadratic]") {
  // Hand computation; a Gaussian start depends on the run's seed, a Gaussian minimiser on the model's.
  CHECK(Probe(*make(R"({"dimension": 2, "initial": 3})")).start(1) == std::vector<double>{3, 3});
  CHECK(Probe(*make(R"({"dimension": 2, "initial": "ones"})")).start(1) == std::vector<double>{1, 1});
  const auto objective = make(R"({"dimension": 3, "initial": "gaussian", "optimum": "gaussian"})");
  CHECK(Probe(*objective).start(1) == Probe(*objective).start(1));
  CHECK(Probe(*objective).start(1) != Probe(*objective).start(2));
  CHECK(objective->optimal_point() != make(R"({"dimension": 3, "optimum": "gaussian", "seed": 2})")->optimal_point());
  const auto wide = make(R"({"dimension": 3, "initial": {"kind": "gaussian", "sd": 10}})");
  for (std::size_t i = 0; i < 3; ++i) CHECK(Probe(*wide).start(1)[i] == Approx(10 * Probe(*objective).start(1)[i]));
}

TEST_CASE("wrong quadratics are refused with their place", "[models][objectives][quadratic]") {
  // Invariant.
  using Catch::Matchers::ContainsSubstring;
  CHECK_THROWS_WITH(parse("{}"), "a.json: /task/model: needs the key \"dimension\" (or \"eigenvalues\")");
  CHECK_THROWS_WITH(parse(R"({"dimension": 3, "eigenvalues": [1, 2]})"),
                    "a.json: /task/model/dimension: must be the number of eigenvalues (2), got 3");
  CHECK_THROWS_WITH(parse(R"({"eigenvalues": [1, -2]})"), ContainsSubstring("/task/model/eigenvalues/1: must be ≥ 0"));
  CHECK_THROWS_WITH(parse(R"({"eigenvalues": []})"), ContainsSubstring("/task/model/eigenvalues: must have at least one"));
  CHECK_THROWS_WITH(parse(R"({"eigenvalues": [1], "spectrum": "linear"})"), ContainsSubstring("only one of"));
  CHECK_THROWS_WITH(parse(R"({"dimension": 2, "spectrum": {"kind": "linear", "low": 2, "high": 1}})"),
                    "a.json: /task/model/spectrum/low: must be ≤ high (1), got 2");
  CHECK_THROWS_WITH(parse(R"({"dimension": 5000, "form": "dense"})"), ContainsSubstring("/task/model/form: must be diagonal"));
  CHECK_THROWS_WITH(parse(R"({"dimension": 0})"), ContainsSubstring("/task/model/dimension: must be ≥ 1"));
}

}  // namespace peloton
