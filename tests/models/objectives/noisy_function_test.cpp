#include "models/objectives/noisy_function.hpp"

#include <array>
#include <cmath>

#include "models/kernels/kernels.hpp"
#include "models/objectives/quadratic.hpp"
#include "tests/models/objectives/small_data.hpp"
#include "tests/test.hpp"

namespace peloton {
namespace {

using test::Probe;

std::unique_ptr<Objective> make(const char* text, Precision precision = Precision::float64) {
  return make_quadratic(parse_options<QuadraticOptions>(Json::parse(text), {"a.json", "/task/model"}), precision, find_kernels("auto"));
}

Sample sample(std::uint64_t seed, std::uint32_t worker, std::uint64_t step) {
  return {.rows = {}, .seed = seed, .worker = worker, .step = step};
}

}  // namespace

TEST_CASE("gradient noise has the given law", "[models][objectives][noisy_function]") {
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

TEST_CASE("noise is a function of seed, worker and step, and its two parts do not disturb each other",
          "[models][objectives][noisy_function]") {
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
  CHECK(draw(*make(R"({"dimension": 5, "noise": 1, "multiplicative_noise": 0.3, "multiplicative_form": "coordinate"})"), sample(1, 2, 3)) ==
        noise);

  // A random factor keeps the direction.
  const auto multiplicative = make(R"({"eigenvalues": [1, 2, 4], "multiplicative_noise": 0.3})");
  const std::vector<double> g = Probe(*multiplicative).gradient({1, 1, 1}, sample(1, 0, 0));
  CHECK(g[0] != 1);
  CHECK(g[1] == Approx(2 * g[0]));
  CHECK(g[2] == Approx(4 * g[0]));
}

TEST_CASE("each coordinate may have a random factor of its own", "[models][objectives][noisy_function]") {
  // Spiridonoff et al.: λ = (1, 2, 3), s = 1, σ = ½ at x = (1, 1, 1): coordinate j has mean λ_j and variance λ_j² + ¼, and two coordinates
  // are uncorrelated (with one factor for all, coordinates 1 and 2 have covariance 6). Over 4000 steps the standard errors are √(v/4000),
  // √(2/4000) = 2.3 % of v, and √(4.25 · 9.25/4000) = 0.1; bounds at 4.5 of them: each fails by chance with probability < 1e-5.
  const auto objective =
      make(R"({"eigenvalues": [1, 2, 3], "multiplicative_noise": 1, "multiplicative_form": "coordinate", "noise": 0.5})");
  Probe probe(*objective);
  constexpr int kSteps = 4000;
  std::array<double, 3> sum{};
  std::array<double, 3> square{};
  double product = 0;
  for (int step = 0; step < kSteps; ++step) {
    std::vector<double> g = probe.gradient({1, 1, 1}, sample(1, 0, static_cast<std::uint64_t>(step)));
    for (std::size_t j = 0; j < 3; ++j) {
      g[j] -= static_cast<double>(j + 1);
      sum[j] += g[j];
      square[j] += g[j] * g[j];
    }
    product += g[1] * g[2];
  }
  for (std::size_t j = 0; j < 3; ++j) {
    const double variance = static_cast<double>((j + 1) * (j + 1)) + 0.25;
    CHECK(std::abs(sum[j] / kSteps) < 4.5 * std::sqrt(variance / kSteps));
    CHECK(square[j] / kSteps == Approx(variance).epsilon(4.5 * 0.023));
  }
  CHECK(std::abs(product / kSteps) < 4.5 * 0.1);
}

TEST_CASE("the loss that comes with a gradient is noiseless and does not change it", "[models][objectives][noisy_function]") {
  // Invariant, in both precisions and forms of noise; the loss is the whole function's score.
  for (const char* text :
       {R"({"dimension": 7, "noise": 1, "multiplicative_noise": 0.5})",
        R"({"dimension": 7, "form": "dense", "noise": 1, "multiplicative_noise": 0.5, "multiplicative_form": "coordinate"})"}) {
    for (const Precision precision : {Precision::float32, Precision::float64}) {
      const auto objective = make(text, precision);
      Probe probe(*objective);
      const std::vector<double> x = test::scattered_point(7, 2);
      double loss = 0;
      CHECK(probe.gradient(x, sample(1, 2, 3), &loss) == probe.gradient(x, sample(1, 2, 3)));
      CHECK(loss == probe.score(x, Split::train, 0, 1).loss);
      CHECK(loss > 0.1);
    }
  }
}

}  // namespace peloton
