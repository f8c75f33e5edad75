#include "models/objectives/quadratic.hpp"

#include <fmt/format.h>

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

TEST_CASE("a Gaussian start depends on the run's seed, a Gaussian minimiser on the model's", "[models][objectives][quadratic]") {
  // Invariant.
  const auto objective = make(R"({"dimension": 3, "initial": "gaussian", "optimum": "gaussian"})");
  CHECK(Probe(*objective).start(1) == Probe(*objective).start(1));
  CHECK(Probe(*objective).start(1) != Probe(*objective).start(2));
  CHECK(objective->optimal_point() != make(R"({"dimension": 3, "optimum": "gaussian", "seed": 2})")->optimal_point());
  CHECK(objective->optimal_point() == make(R"({"dimension": 3, "optimum": "gaussian"})")->optimal_point());
}

TEST_CASE("the eigenvalues of a diagonal quadratic are its spectrum", "[models][objectives][quadratic]") {
  // Hand computation: linear from 0.1 to 1 without a spectrum; a geometric one; listed ones. A uniform one depends on the seed.
  CHECK(matrix_of(*make(R"({"dimension": 3})")).diagonal() == Eigen::Vector3d(0.1, 0.55, 1));
  CHECK(matrix_of(*make(R"({"dimension": 3, "spectrum": {"kind": "geometric", "low": 1, "high": 4}})")).diagonal() ==
        Eigen::Vector3d(1, 2, 4));
  CHECK(matrix_of(*make(R"({"eigenvalues": [3, 0, 2]})")).diagonal() == Eigen::Vector3d(3, 0, 2));
  CHECK(matrix_of(*make(R"({"dimension": 3, "spectrum": "uniform"})")) !=
        matrix_of(*make(R"({"dimension": 3, "spectrum": "uniform", "seed": 2})")));
}

TEST_CASE("three workers with centres of their own, by hand", "[models][objectives][quadratic]") {
  // Chen, Chen, Sun, Wu, Hong (NeurIPS 2020), figure 1: f = ⅓ Σ ½ (x − a_i)² with a = (1, 2, 10). The minimiser is 13/3; the minimum is
  // ⅙ Σ (a_i − 13/3)² = ⅙ (100 + 49 + 289)/9 = 73/9. At the median x = 2: gradients 1, 0, −8, their mean −7/3; losses ½, 0, 32.
  const auto objective = make(R"({"eigenvalues": [1], "centres": [1, 2, 10]})");
  Probe probe(*objective);
  REQUIRE(objective->worker_functions() == 3);
  CHECK(objective->optimal_point().value()[0] == Approx(13.0 / 3).epsilon(1e-15));
  CHECK(objective->optimal_value().value() == Approx(73.0 / 9).epsilon(1e-14));
  const std::vector<double> gradients{1, 0, -8};
  const std::vector<double> losses{0.5, 0, 32};
  for (std::uint32_t worker = 0; worker < 3; ++worker) {
    double loss = -1;
    CHECK(probe.gradient({2}, sample(1, worker, 0), &loss)[0] == gradients[worker]);
    CHECK(loss == losses[worker]);
  }
  CHECK(probe.score_gradient({2}, Split::train, 0, 1)[0] == Approx(-7.0 / 3).epsilon(1e-15));
  CHECK(value(*objective, {2}) == Approx(32.5 / 3).epsilon(1e-14));
  CHECK_THROWS_AS(probe.gradient({2}, sample(1, 3, 0)), BrokenInvariant);
  CHECK(make(R"({"eigenvalues": [1]})")->worker_functions() == 0);
}

TEST_CASE("a quadratic with centres is the mean of its workers' functions", "[models][objectives][quadratic]") {
  // Invariant: values and gradients at a point, in both forms and precisions; and the minimum is the value at the minimiser.
  for (const char* form : {"diagonal", "dense"}) {
    for (const Precision precision : {Precision::float32, Precision::float64}) {
      const auto objective =
          make(fmt::format(R"({{"eigenvalues": [1, 2, 4], "form": "{}", "centres": [[1, 2, 3], -1, [0, 5, -2], 2.5]}})", form).c_str(),
               precision);
      Probe probe(*objective);
      const double tolerance = precision == Precision::float32 ? 1e-5 : 1e-13;
      const std::vector<double> x{0.3, -2, 1.5};
      std::vector<double> mean(3, 0.0);
      double mean_loss = 0;
      for (std::uint32_t worker = 0; worker < 4; ++worker) {
        double loss = 0;
        const std::vector<double> g = probe.gradient(x, sample(1, worker, 0), &loss);
        for (std::size_t j = 0; j < 3; ++j) mean[j] += g[j] / 4;
        mean_loss += loss / 4;
      }
      CHECK(test::largest_difference(probe.score_gradient(x, Split::train, 0, 1), mean) < tolerance);
      CHECK(value(*objective, x) == Approx(mean_loss).epsilon(tolerance));
      CHECK(test::largest_difference(objective->optimal_point().value(), {0.625, 2.125, 0.625}) < tolerance);
      CHECK(value(*objective, objective->optimal_point().value()) == objective->optimal_value());
      CHECK(check_gradient(*objective, {}).passed());
    }
  }
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
  CHECK_THROWS_WITH(parse(R"({"dimension": 2, "centres": [1], "optimum": 2})"),
                    "a.json: /task/model/optimum: only one of \"optimum\" and \"centres\" may be given");
  CHECK_THROWS_WITH(parse(R"({"dimension": 2, "centres": []})"), ContainsSubstring("/task/model/centres: must have one for each worker"));
  CHECK_THROWS_WITH(parse(R"({"dimension": 2, "centres": [1, [1, 2, 3]]})"),
                    "a.json: /task/model/centres/1: must have a number for each of the 2 dimensions, got 3");
  CHECK_THROWS_WITH(parse(R"({"dimension": 2, "centres": ["x"]})"), ContainsSubstring("/task/model/centres/0: "));
  CHECK_THROWS_WITH(parse(R"({"dimension": 2, "optimum": {"kind": "list", "values": [1]}})"), ContainsSubstring("/task/model/optimum: "));
  CHECK_THROWS_WITH(parse(R"({"dimension": 2, "initial": {"kind": "list", "values": [1]}})"), ContainsSubstring("/task/model/initial: "));
  CHECK_THROWS_WITH(parse(R"({"dimension": 2, "multiplicative_form": "vector"})"), ContainsSubstring("/task/model/multiplicative_form"));
  CHECK_THROWS_WITH(parse(R"({"dimension": 0})"), ContainsSubstring("/task/model/dimension: must be ≥ 1"));
}

}  // namespace peloton
