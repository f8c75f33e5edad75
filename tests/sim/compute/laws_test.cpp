#include "sim/compute/laws.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "tests/test.hpp"

using namespace peloton;

namespace {

constexpr std::uint64_t kSeed = 1;
const Place kPlace{"x.json", "/compute"};

ComputeLaw law(const char* json) { return OptionType<ComputeLaw>::parse(Json::parse(json), kPlace); }

std::string error(const char* json) {
  try {
    law(json);
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

/// Draws of worker 3, each from the stream of its own computation, as in a run.
std::vector<double> draws(const ComputeLaw& l, std::uint64_t n) {
  std::vector<double> out(n);
  for (std::uint64_t call = 0; call < n; ++call) out[call] = sample(l, kSeed, 3, call);
  return out;
}

/// The kurtosis E(X − μ)⁴ / σ⁴ is what the error of an estimated variance depends on.
struct Moments {
  const char* json;
  double mean;
  double variance;
  double kurtosis;
};

const std::vector<Moments>& closed_forms() {
  static const double w = 1.25;  // exp(σ²) = 1 + cv² of the log-normal law below
  static const std::vector<Moments> out{
      {R"({"distribution": "uniform", "low": 1, "high": 4})", 2.5, 9.0 / 12, 1.8},
      {R"({"distribution": "exponential", "mean": 2})", 2, 4, 9},
      {R"({"distribution": "shifted_exponential", "shift": 3, "mean": 2})", 5, 4, 9},
      {R"({"distribution": "lognormal", "mean": 2, "cv": 0.5})", 2, 1, w * w * w * w + 2 * w * w * w + 3 * w * w - 3},
      {R"({"distribution": "gamma", "mean": 2, "shape": 4})", 2, 1, 3 + 6.0 / 4},
      {R"({"distribution": "gamma", "mean": 2, "shape": 0.5})", 2, 8, 3 + 6.0 / 0.5},
      // minimum m, shape α = 12: mean mα/(α−1), variance m²α/((α−1)²(α−2)), excess kurtosis 6(α³+α²−6α−2)/(α(α−3)(α−4))
      {R"({"distribution": "pareto", "minimum": 3, "shape": 12})", 36.0 / 11, 9.0 * 12 / (121 * 10),
       3 + 6.0 * (1728 + 144 - 72 - 2) / (12 * 9 * 8)},
      // probability p = 0.2 of slow: variance p(1−p)(slow − fast)², kurtosis 1/(p(1−p)) − 3
      {R"({"distribution": "bimodal", "fast": 1, "slow": 6, "probability": "20%"})", 2, 0.16 * 25, 1 / 0.16 - 3},
  };
  return out;
}

/// √n times the largest distance between the empirical and the exact distribution function (Kolmogorov–Smirnov).
double kolmogorov_smirnov(std::vector<double> x, const std::function<double(double)>& distribution) {
  std::sort(x.begin(), x.end());
  const auto n = static_cast<double>(x.size());
  double out = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double f = distribution(x[i]);
    out = std::max({out, f - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - f});
  }
  return out * std::sqrt(n);
}

}  // namespace

TEST_CASE("means and variances of the laws", "[sim][compute][laws]") {
  // Closed forms. Mean and variance of 200000 draws are normal with standard errors √(σ²/n) and σ² √((kurtosis − 1)/n); the bound of
  // 5.5 of them fails for one of 16 comparisons with probability 6e-7.
  constexpr std::uint64_t n = 200000;
  for (const Moments& exact : closed_forms()) {
    CAPTURE(exact.json);
    const ComputeLaw l = law(exact.json);
    CHECK(expectation(l, 3) == Approx(exact.mean).epsilon(1e-14));

    const std::vector<double> x = draws(l, n);
    double mean = 0;
    for (const double value : x) mean += value / static_cast<double>(n);
    double variance = 0;
    for (const double value : x) variance += (value - exact.mean) * (value - exact.mean) / static_cast<double>(n);
    CHECK(std::abs(mean - exact.mean) < 5.5 * std::sqrt(exact.variance / static_cast<double>(n)));
    CHECK(std::abs(variance - exact.variance) < 5.5 * exact.variance * std::sqrt((exact.kurtosis - 1) / static_cast<double>(n)));
  }
}

TEST_CASE("distributions of the laws", "[sim][compute][laws]") {
  // Kolmogorov: P(√n · distance > 3) = 2 exp(−18) = 3e-8, for seven laws 2e-7.
  const auto statistic = [](const char* json, const std::function<double(double)>& f) {
    return kolmogorov_smirnov(draws(law(json), 100000), f);
  };
  CHECK(statistic(R"({"distribution": "uniform", "low": 1, "high": 4})", [](double t) { return (t - 1) / 3; }) < 3);
  CHECK(statistic(R"({"distribution": "exponential", "mean": 2})", [](double t) { return 1 - std::exp(-t / 2); }) < 3);
  CHECK(statistic(R"({"distribution": "shifted_exponential", "shift": 3, "mean": 2})",
                  [](double t) { return 1 - std::exp(-(t - 3) / 2); }) < 3);
  CHECK(statistic(R"({"distribution": "lognormal", "mean": 2, "cv": 1.5})", [](double t) {
          const double variance = std::log(1 + 1.5 * 1.5);
          return 0.5 * std::erfc(-(std::log(t / 2) + variance / 2) / std::sqrt(2 * variance));
        }) < 3);
  // Gamma with shape 2 and scale θ = 3: the sum of two exponentials.
  CHECK(statistic(R"({"distribution": "gamma", "mean": 6, "shape": 2})", [](double t) { return 1 - std::exp(-t / 3) * (1 + t / 3); }) < 3);
  CHECK(statistic(R"({"distribution": "gamma", "mean": 6, "shape": 1})", [](double t) { return 1 - std::exp(-t / 6); }) < 3);
  CHECK(statistic(R"({"distribution": "pareto", "minimum": 3, "shape": 1.2})", [](double t) { return 1 - std::pow(3 / t, 1.2); }) < 3);
}

TEST_CASE("a bimodal law takes two values", "[sim][compute][laws]") {
  // The number of slow draws is binomial(100000, 0.03): mean 3000, standard deviation 54; 5.5 of them: error probability 4e-8.
  const std::vector<double> x = draws(law(R"({"distribution": "bimodal", "fast": 1, "slow": 6, "probability": 0.03})"), 100000);
  const auto slow = std::count(x.begin(), x.end(), 6.0);
  CHECK(std::count(x.begin(), x.end(), 1.0) + slow == 100000);
  CHECK(std::abs(static_cast<double>(slow) - 3000) < 5.5 * 54);

  CHECK(draws(law(R"({"distribution": "bimodal", "fast": 1, "slow": 6, "probability": 0})"), 1000) == std::vector<double>(1000, 1.0));
  CHECK(draws(law(R"({"distribution": "bimodal", "fast": 1, "slow": 6, "probability": 1})"), 1000) == std::vector<double>(1000, 6.0));
}

TEST_CASE("laws without randomness", "[sim][compute][laws]") {
  // Hand computation from the formulas of the laws; the mean is the value.
  const auto both = [](const ComputeLaw& l, NodeId worker) {
    REQUIRE(expectation(l, worker) == sample(l, kSeed, worker, 5));
    return sample(l, kSeed, worker, 0);
  };
  const ComputeLaw constant = law(R"({"distribution": "constant", "value": "3 ms"})");
  CHECK(both(constant, 0) == 0.003);
  CHECK(both(constant, 999999) == 0.003);

  const ComputeLaw list = law(R"({"distribution": "list", "values": ["1 ms", 0.5, "2 min"]})");
  CHECK(both(list, 0) == 0.001);
  CHECK(both(list, 1) == 0.5);
  CHECK(both(list, 2) == 120);

  const ComputeLaw square_root = law(R"({"distribution": "sqrt", "unit": 2})");
  CHECK(both(square_root, 0) == 2);
  CHECK(both(square_root, 3) == 4);
  CHECK(both(square_root, 8) == 6);
  CHECK(both(square_root, 1) == Approx(2.8284271247461903).epsilon(1e-15));

  const ComputeLaw linear = law(R"({"distribution": "linear", "unit": 2})");
  CHECK(both(linear, 0) == 2);
  CHECK(both(linear, 9) == 20);
  CHECK(both(linear, 0xfffffffe) == 2.0 * 4294967295.0);
}

TEST_CASE("a log-normal law without variation is constant", "[sim][compute][laws]") {
  // Reduction: cv = 0 gives σ = 0.
  CHECK(draws(law(R"({"distribution": "lognormal", "mean": 2, "cv": 0})"), 100) == std::vector<double>(100, 2.0));
}

TEST_CASE("a shifted exponential law without shift is exponential", "[sim][compute][laws]") {
  CHECK(draws(law(R"({"distribution": "shifted_exponential", "shift": 0, "mean": 2})"), 100) ==
        draws(law(R"({"distribution": "exponential", "mean": 2})"), 100));
}

TEST_CASE("laws that differ in scale draw in proportion", "[sim][compute][laws]") {
  // Invariant behind comparisons under common random numbers. Doubling is exact in floating point.
  const std::vector<std::pair<const char*, const char*>> pairs{
      {R"({"distribution": "uniform", "low": 1, "high": 4})", R"({"distribution": "uniform", "low": 2, "high": 8})"},
      {R"({"distribution": "exponential", "mean": 3})", R"({"distribution": "exponential", "mean": 6})"},
      {R"({"distribution": "lognormal", "mean": 3, "cv": 1})", R"({"distribution": "lognormal", "mean": 6, "cv": 1})"},
      {R"({"distribution": "gamma", "mean": 3, "shape": 2})", R"({"distribution": "gamma", "mean": 6, "shape": 2})"},
      {R"({"distribution": "pareto", "minimum": 3, "shape": 2})", R"({"distribution": "pareto", "minimum": 6, "shape": 2})"}};
  for (const auto& [one, two] : pairs) {
    CAPTURE(one);
    std::vector<double> doubled = draws(law(one), 200);
    for (double& x : doubled) x *= 2;
    CHECK(draws(law(two), 200) == doubled);
  }
}

TEST_CASE("wrong laws are refused", "[sim][compute][laws]") {
  CHECK(error(R"({"distribution": "constant", "value": 0})") == "x.json: /compute/value: must be > 0, got 0");
  CHECK(error(R"({"distribution": "constant", "value": "10"})") ==
        "x.json: /compute/value: must be a time such as \"10 ms\" (ns us ms s min h d), got \"10\" without a unit");
  CHECK(error(R"({"distribution": "uniform", "low": "2 ms", "high": "1 ms"})") == "x.json: /compute/high: must be ≥ low (2 ms), got 1 ms");
  CHECK(error(R"({"distribution": "uniform", "low": -1, "high": 1})") == "x.json: /compute/low: must be ≥ 0, got -1");
  CHECK(error(R"({"distribution": "uniform", "low": 0, "high": 0})") == "x.json: /compute/high: must be > 0, got 0");
  CHECK(error(R"({"distribution": "exponential"})") == "x.json: /compute: needs the key \"mean\" (mean time)");
  CHECK(error(R"({"distribution": "exponential", "mean": -1})") == "x.json: /compute/mean: must be > 0, got -1");
  CHECK(error(R"({"distribution": "shifted_exponential", "shift": -1, "mean": 1})") == "x.json: /compute/shift: must be ≥ 0, got -1");
  CHECK(error(R"({"distribution": "shifted_exponential", "shift": 1, "mean": 0})") == "x.json: /compute/mean: must be > 0, got 0");
  CHECK(error(R"({"distribution": "lognormal", "mean": 1, "cv": -0.5})") == "x.json: /compute/cv: must be ≥ 0, got -0.5");
  CHECK(error(R"({"distribution": "gamma", "mean": 1, "shape": 0})") == "x.json: /compute/shape: must be > 0, got 0");
  CHECK(error(R"({"distribution": "pareto", "minimum": 0, "shape": 2})") == "x.json: /compute/minimum: must be > 0, got 0");
  CHECK(error(R"({"distribution": "pareto", "minimum": 1, "shape": 0.8})") ==
        "x.json: /compute/shape: must be > 1 (a Pareto law needs a finite mean), got 0.8");
  CHECK(error(R"({"distribution": "bimodal", "fast": "2 s", "slow": "1 s", "probability": 0.1})") ==
        "x.json: /compute/slow: must be ≥ fast (2 s), got 1 s");
  CHECK(error(R"({"distribution": "bimodal", "fast": 1, "slow": 2, "probability": 1.5})") ==
        "x.json: /compute/probability: must be ≥ 0 and ≤ 1, got 1.5");
  CHECK(error(R"({"distribution": "list", "values": [1, 0]})") == "x.json: /compute/values/1: must be > 0, got 0");
  CHECK(error(R"({"distribution": "list", "values": 1})") == "x.json: /compute/values: must be a list, got 1");
  CHECK(error(R"({"distribution": "sqrt", "unit": 0})") == "x.json: /compute/unit: must be > 0, got 0");
  CHECK(error(R"({"distribution": "linear", "unit": 0})") == "x.json: /compute/unit: must be > 0, got 0");
  CHECK(error(R"({"distribution": "exponental", "mean": 1})") ==
        "x.json: /compute/distribution: must be one of constant, uniform, exponential, shifted_exponential, lognormal, gamma, pareto, "
        "bimodal, "
        "list, sqrt, linear, got \"exponental\" (did you mean \"exponential\"?)");
  CHECK(error(R"({"mean": 1})") ==
        "x.json: /compute: needs the key \"distribution\": one of constant | uniform | exponential | shifted_exponential | lognormal | "
        "gamma | "
        "pareto | bimodal | list | sqrt | linear");
}
