#include "sim/compute/laws.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <vector>

#include "tests/sim/compute/kolmogorov_smirnov.hpp"
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
  for (std::uint64_t call = 0; call < n; ++call) out[call] = sample(l, {kSeed, 3, call});
  return out;
}

/// The raw moments E T, …, E T⁴ of a law.
using RawMoments = std::array<double, 4>;

/// Of a normal law truncated at 0, by parts: E T^k = mean E T^(k−1) + (k − 1) sd² E T^(k−2) for k ≥ 2.
RawMoments truncated_normal(double mean, double sd) {
  const double density = std::exp(-0.5 * mean * mean / (sd * sd)) / std::sqrt(2 * std::acos(-1.0));
  const double first = mean + sd * density / (0.5 * std::erfc(-mean / sd / std::sqrt(2.0)));
  const double second = mean * first + sd * sd;
  const double third = mean * second + 2 * sd * sd * first;
  return {first, second, third, mean * third + 3 * sd * sd * second};
}

/// E T^k = λ^k Γ(1 + k / shape)
RawMoments weibull(double mean, double shape) {
  RawMoments out{};
  for (int k = 1; k <= 4; ++k)
    out[static_cast<std::size_t>(k - 1)] = std::pow(mean / std::tgamma(1 + 1 / shape), k) * std::tgamma(1 + k / shape);
  return out;
}

RawMoments zipf(double unit, double exponent, int maximum) {
  RawMoments out{};
  double total = 0;
  for (int k = 1; k <= maximum; ++k) total += std::pow(k, -exponent);
  for (int k = 1; k <= maximum; ++k)
    for (int i = 1; i <= 4; ++i) out[static_cast<std::size_t>(i - 1)] += std::pow(unit * k, i) * std::pow(k, -exponent) / total;
  return out;
}

/// The kurtosis E(X − μ)⁴ / σ⁴ is what the error of an estimated variance depends on.
struct Moments {
  const char* json;
  double mean;
  double variance;
  double kurtosis;
};

Moments central(const char* json, const RawMoments& raw) {
  const auto [m1, m2, m3, m4] = raw;
  const double variance = m2 - m1 * m1;
  return {json, m1, variance, (m4 - 4 * m3 * m1 + 6 * m2 * m1 * m1 - 3 * m1 * m1 * m1 * m1) / (variance * variance)};
}

const std::vector<Moments>& closed_forms() {
  static const double pi = std::acos(-1.0);
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
      central(R"({"distribution": "normal", "mean": 2, "sd": 0.5})", truncated_normal(2, 0.5)),
      central(R"({"distribution": "normal", "mean": 1, "sd": 2})", truncated_normal(1, 2)),
      // variance sd² (1 − 2/π), excess kurtosis 8 (π − 3) / (π − 2)²
      {R"({"distribution": "half_normal", "sd": 3})", 3 * std::sqrt(2 / pi), 9 * (1 - 2 / pi), 3 + 8 * (pi - 3) / ((pi - 2) * (pi - 2))},
      central(R"({"distribution": "weibull", "mean": 2, "shape": 3})", weibull(2, 3)),
      central(R"({"distribution": "weibull", "mean": 2, "shape": 0.7})", weibull(2, 0.7)),
      central(R"({"distribution": "zipf", "unit": 2, "exponent": 1, "maximum": 50})", zipf(2, 1, 50)),
      central(R"({"distribution": "zipf", "unit": 0.5, "exponent": 2.5, "maximum": 1000})", zipf(0.5, 2.5, 1000)),
      // Cumulants add: 3 and an exponential of mean 2 and a uniform law on [0, 6] give fourth cumulants of 6·2⁴ and −6⁴/120.
      {R"({"distribution": "sum", "terms": [{"distribution": "constant", "value": 3}, {"distribution": "exponential", "mean": 2},
           {"distribution": "uniform", "low": 0, "high": 6}]})",
       8, 7, 3 + (96.0 - 10.8) / 49},
      // probability p = 0.2 of slow: variance p(1−p)(slow − fast)², kurtosis 1/(p(1−p)) − 3
      {R"({"distribution": "bimodal", "fast": 1, "slow": 6, "probability": "20%"})", 2, 0.16 * 25, 1 / 0.16 - 3},
  };
  return out;
}

}  // namespace

TEST_CASE("means and variances of the laws", "[sim][compute][laws]") {
  // Closed forms. Mean and variance of 200000 draws are normal with standard errors √(σ²/n) and σ² √((kurtosis − 1)/n); the bound of
  // 5.5 of them fails for one of 32 comparisons with probability 1.3e-6.
  constexpr std::uint64_t n = 200000;
  for (const Moments& exact : closed_forms()) {
    CAPTURE(exact.json);
    const ComputeLaw l = law(exact.json);
    CHECK(expectation(l, 3) == Approx(exact.mean).epsilon(1e-13));

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
  // Kolmogorov: P(√n · distance > 3) = 2 exp(−18) = 3e-8, for twelve laws 4e-7.
  const auto statistic = [](const char* json, const std::function<double(double)>& f) {
    return test::kolmogorov_smirnov(draws(law(json), 100000), f);
  };
  CHECK(statistic(R"({"distribution": "uniform", "low": 1, "high": 4})", [](double t) { return (t - 1) / 3; }) < 3);
  CHECK(statistic(R"({"distribution": "exponential", "mean": 2})", [](double t) { return 1 - std::exp(-t / 2); }) < 3);
  CHECK(statistic(R"({"distribution": "shifted_exponential", "shift": 3, "mean": 2})",
                  [](double t) { return 1 - std::exp(-(t - 3) / 2); }) < 3);
  CHECK(statistic(R"({"distribution": "lognormal", "mean": 2, "cv": 1.5})", [](double t) {
          const double variance = std::log(1 + 1.5 * 1.5);
          return 0.5 * std::erfc(-(std::log(t / 2) + variance / 2) / std::sqrt(2 * variance));
        }) < 3);
  const auto normal = [](double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); };
  CHECK(statistic(R"({"distribution": "normal", "mean": 1, "sd": 2})",
                  [&](double t) { return (normal((t - 1) / 2) - normal(-0.5)) / normal(0.5); }) < 3);
  CHECK(statistic(R"({"distribution": "half_normal", "sd": 2})", [&](double t) { return 2 * normal(t / 2) - 1; }) < 3);
  CHECK(statistic(R"({"distribution": "weibull", "mean": 2, "shape": 0.5})", [](double t) { return 1 - std::exp(-std::sqrt(t)); }) < 3);
  CHECK(statistic(R"({"distribution": "weibull", "mean": 2, "shape": 1})", [](double t) { return 1 - std::exp(-t / 2); }) < 3);
  // The sum of two exponentials of mean θ = 3, drawn in turn from one stream.
  CHECK(statistic(R"({"distribution": "sum", "terms": ["exponential:3", "exponential:3"]})",
                  [](double t) { return 1 - std::exp(-t / 3) * (1 + t / 3); }) < 3);
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

TEST_CASE("a zipf law draws every integer with its probability", "[sim][compute][laws]") {
  // The number of draws of k is binomial(n, p_k); 5.5 standard deviations for 61 numbers: error probability 2.3e-6. Exponents around 1,
  // where the integral of the density changes its form, 0 (uniform) and one that is nearly all 1.
  constexpr std::uint64_t n = 20000;
  for (const auto& [exponent, maximum] :
       {std::pair{0.0, 5}, {0.5, 12}, {1.0, 12}, {1.0 + 1e-9, 12}, {2.0, 12}, {8.0, 6}, {3.0, 1}, {100.0, 1}}) {
    CAPTURE(exponent, maximum);
    const std::vector<double> x = draws(ZipfLaw{Seconds{2}, exponent, maximum}, n);
    double total = 0;
    for (int k = 1; k <= maximum; ++k) total += std::pow(k, -exponent);
    std::ptrdiff_t counted = 0;
    for (int k = 1; k <= maximum; ++k) {
      const double p = std::pow(k, -exponent) / total;
      const auto drawn = std::count(x.begin(), x.end(), 2.0 * k);
      counted += drawn;
      CHECK(std::abs(static_cast<double>(drawn) - n * p) <= 5.5 * std::sqrt(n * p * (1 - p)));
    }
    CHECK(counted == static_cast<std::ptrdiff_t>(n));
  }
}

TEST_CASE("a zipf law reaches far", "[sim][compute][laws]") {
  // Closed form: with exponent 1 and maximum 10^7 the draws are nearly log-uniform, P(K > 1000) = 1 − H(1000) / H(10^7) = 0.551844 with
  // harmonic numbers H(n) = ln n + γ + 1/(2n); the standard deviation of the share is 0.00352, and 5.5 of them: 4e-8.
  const std::vector<double> x = draws(ZipfLaw{Seconds{1}, 1, 10000000}, 20000);
  const auto harmonic = [](double n) { return std::log(n) + 0.57721566490153286 + 0.5 / n; };
  const double far = static_cast<double>(std::count_if(x.begin(), x.end(), [](double t) { return t > 1000; })) / 20000;
  CHECK(std::abs(far - (1 - harmonic(1000) / harmonic(1e7))) < 5.5 * 0.00352);
  CHECK(expectation(ZipfLaw{Seconds{1}, 1, 10000000}, 0) == Approx(1e7 / harmonic(1e7)).epsilon(1e-12));
}

TEST_CASE("a sum adds its terms", "[sim][compute][laws]") {
  // Hand computation, and the first random term starts the stream like a law alone.
  const ComputeLaw fixed = law(R"({"distribution": "sum", "terms": [{"distribution": "linear", "unit": 2}, "constant:5",
                                   {"distribution": "list", "values": [1, 2, 3, 4]}]})");
  CHECK(sample(fixed, {kSeed, 2, 7}) == 6 + 5 + 3);
  CHECK(expectation(fixed, 3) == 8 + 5 + 4);
  const std::vector<double> alone = draws(law(R"({"distribution": "exponential", "mean": 2})"), 100);
  std::vector<double> shifted = draws(law(R"({"distribution": "sum", "terms": ["constant:0.5", "exponential:2"]})"), 100);
  for (std::size_t i = 0; i < 100; ++i) CHECK(shifted[i] == 0.5 + alone[i]);
  CHECK(write_options(law(R"({"distribution": "sum", "terms": ["constant:5", "exponential:2"]})")).dump() ==
        R"({"distribution":"sum","terms":[{"distribution":"constant","value":5.0},{"distribution":"exponential","mean":2.0}]})");
}

TEST_CASE("laws without randomness", "[sim][compute][laws]") {
  // Hand computation from the formulas of the laws; the mean is the value.
  const auto both = [](const ComputeLaw& l, NodeId worker) {
    REQUIRE(expectation(l, worker) == sample(l, {kSeed, worker, 5}));
    return sample(l, {kSeed, worker, 0});
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

TEST_CASE("a normal law without variation is constant", "[sim][compute][laws]") {
  // Reduction: sd = 0.
  const ComputeLaw l = law(R"({"distribution": "normal", "mean": 2, "sd": 0})");
  CHECK(draws(l, 100) == std::vector<double>(100, 2.0));
  CHECK(expectation(l, 0) == 2);
}

TEST_CASE("a weibull law of shape 1 is exponential", "[sim][compute][laws]") {
  CHECK(draws(law(R"({"distribution": "weibull", "mean": 2, "shape": 1})"), 100) ==
        draws(law(R"({"distribution": "exponential", "mean": 2})"), 100));
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
      {R"({"distribution": "normal", "mean": 3, "sd": 2})", R"({"distribution": "normal", "mean": 6, "sd": 4})"},
      {R"({"distribution": "half_normal", "sd": 3})", R"({"distribution": "half_normal", "sd": 6})"},
      {R"({"distribution": "weibull", "mean": 3, "shape": 2})", R"({"distribution": "weibull", "mean": 6, "shape": 2})"},
      {R"({"distribution": "zipf", "unit": 3, "exponent": 1, "maximum": 9})",
       R"({"distribution": "zipf", "unit": 6, "exponent": 1, "maximum": 9})"},
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
  CHECK(error(R"({"distribution": "normal", "mean": 0, "sd": 1})") == "x.json: /compute/mean: must be > 0, got 0");
  CHECK(error(R"({"distribution": "normal", "mean": 1, "sd": -1})") == "x.json: /compute/sd: must be ≥ 0, got -1");
  CHECK(error(R"({"distribution": "half_normal", "sd": 0})") == "x.json: /compute/sd: must be > 0, got 0");
  CHECK(error(R"({"distribution": "weibull", "mean": 1, "shape": 0})") ==
        "x.json: /compute/shape: must be ≥ 0.01 (below it nearly all times are 0), got 0");
  CHECK(error(R"({"distribution": "zipf", "unit": 1, "exponent": -1, "maximum": 3})") ==
        "x.json: /compute/exponent: must be ≥ 0 and ≤ 100, got -1");
  CHECK(error(R"({"distribution": "zipf", "unit": 1, "exponent": 1, "maximum": 0})") ==
        "x.json: /compute/maximum: must be ≥ 1 and ≤ 10000000, got 0");
  CHECK(error(R"({"distribution": "sum", "terms": []})") == "x.json: /compute/terms: must hold at least one law, got none");
  CHECK(error(R"({"distribution": "sum", "terms": ["constant:1", {"distribution": "exponential", "mean": 0}]})") ==
        "x.json: /compute/terms/1/mean: must be > 0, got 0");
  const std::string kinds =
      "constant, uniform, exponential, shifted_exponential, normal, half_normal, lognormal, gamma, weibull, pareto, zipf, bimodal, list, "
      "sqrt, linear, trace, markov, devices, flops";
  CHECK(error(R"({"distribution": "sum", "terms": [{"distribution": "sum", "terms": ["constant:1"]}]})") ==
        "x.json: /compute/terms/0/distribution: must be one of " + kinds + ", got \"sum\"");
  CHECK(error(R"({"distribution": "exponental", "mean": 1})") ==
        "x.json: /compute/distribution: must be one of " + kinds + ", sum, got \"exponental\" (did you mean \"exponential\"?)");
  CHECK(error(R"({"mean": 1})") ==
        "x.json: /compute: needs the key \"distribution\": one of constant | uniform | exponential | shifted_exponential | normal | "
        "half_normal | lognormal | gamma | weibull | pareto | zipf | bimodal | list | sqrt | linear | trace | markov | devices | flops | "
        "sum");
}

TEST_CASE("a sum of k exponential times has Erlang's law", "[sim][compute][laws][queueing]") {
  // P(T > t) = exp(−t/m) Σ_{j<k} (t/m)^j / j! with k = 3, m = 2, which is also the gamma law of shape 3 and mean 6. Kolmogorov–Smirnov on
  // 100000 draws: above 3 with probability 3e-8, for two laws 6e-8.
  const auto erlang = [](double t) { return 1 - std::exp(-t / 2) * (1 + t / 2 + t * t / 8); };
  CHECK(test::kolmogorov_smirnov(
            draws(law(R"({"distribution": "sum", "terms": ["exponential:2", "exponential:2", "exponential:2"]})"), 100000), erlang) < 3);
  CHECK(test::kolmogorov_smirnov(draws(law(R"({"distribution": "gamma", "mean": 6, "shape": 3})"), 100000), erlang) < 3);
}
