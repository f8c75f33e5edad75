#include "algorithms/local/noisy_gradient.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "models/objectives/quadratic.hpp"
#include "tests/test.hpp"

using namespace peloton;

namespace {

constexpr std::size_t kDraws = 100'000;

struct Address {
  std::uint64_t seed = 1;
  std::uint32_t worker = 0;
  std::uint64_t call = 0;
};

/// What a worker makes of ½ ‖x‖² at x = `at` · (1, …, 1): b ξ where `at` is 0.
template <class T = double>
std::vector<T> noisy_gradient(const NoiseSpec& noise, Address address = {}, T at = 0) {
  constexpr Precision precision = sizeof(T) == sizeof(float) ? Precision::float32 : Precision::float64;
  QuadraticOptions options;
  options.dimension = kDraws;
  options.spectrum = SpectrumSpec(LinearSpectrum{.low = 1, .high = 1});
  const auto objective = make_quadratic(options, precision, find_kernels("reference"));
  const auto workspace = objective->workspace();
  std::vector<std::uint32_t> rows;
  TaskScratch scratch;
  TaskRun task(*objective, nullptr, find_kernels("reference"), address.seed, *workspace, rows, scratch);
  std::vector<T> x(kDraws, at);
  std::vector<T> g(kDraws);
  task.address.worker = address.worker;
  task.address.call = address.call;
  task.model = {precision, x.data(), kDraws};
  const MutableView result{precision, g.data(), kDraws};
  NoisyGradient(noise).run(task, {&result, 1}, {});
  return g;
}

double mean_product(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum / static_cast<double>(a.size());
}

struct Law {
  NoiseLaw law;
  double kurtosis;
  double (*distribution)(double);
};

double gaussian(double x) { return std::erfc(-x / std::numbers::sqrt2) / 2; }
double uniform(double x) { return std::clamp(0.5 + x / (2 * std::numbers::sqrt3), 0.0, 1.0); }
double laplace(double x) {
  const double tail = std::exp(-std::numbers::sqrt2 * std::abs(x)) / 2;
  return x < 0 ? tail : 1 - tail;
}

}  // namespace

TEST_CASE("the noise has its law, with mean 0 and variance 1", "[algorithms][noisy_gradient]") {
  // Oracle: closed forms. 10⁵ draws: the mean's standard error is 0.0032, the variance's √((κ − 1) / 10⁵), 0.0071 for κ = 6. Bands of six
  // of them fail with probability below 2e-9 each; the distance of the distribution functions exceeds 0.01 with probability below
  // 2 exp(−2 · 10⁵ · 0.01²) = 4.2e-9 (Dvoretzky, Kiefer, Wolfowitz; Massart's constant).
  for (const Law& law :
       {Law{NoiseLaw::gaussian, 3.0, gaussian}, Law{NoiseLaw::uniform, 1.8, uniform}, Law{NoiseLaw::laplace, 6.0, laplace}}) {
    std::vector<double> draws = noisy_gradient({.scale = 1, .law = law.law});
    INFO("law " << static_cast<int>(law.law));
    double sum = 0;
    for (const double x : draws) sum += x;
    CHECK(std::abs(sum / kDraws) < 6 / std::sqrt(kDraws));
    CHECK(std::abs(mean_product(draws, draws) - 1) < 6 * std::sqrt((law.kurtosis - 1) / kDraws));
    std::sort(draws.begin(), draws.end());
    double distance = 0;
    for (std::size_t i = 0; i < kDraws; ++i)
      distance = std::max(distance, std::abs((static_cast<double>(i) + 0.5) / kDraws - law.distribution(draws[i])));
    CHECK(distance < 0.01);
  }
}

TEST_CASE("noise is independent over workers, mini-batches and seeds, and the same at the same address", "[algorithms][noisy_gradient]") {
  // Oracle: invariant. Uncorrelated: the mean product of 10⁵ independent pairs of variance 1 has the standard error 0.0032; a band of
  // 0.02 fails with probability below 3e-10.
  const NoiseSpec noise{.scale = 1, .law = NoiseLaw::gaussian};
  const std::vector<double> here = noisy_gradient(noise, {.seed = 7, .worker = 2, .call = 5});
  CHECK(noisy_gradient(noise, {.seed = 7, .worker = 2, .call = 5}) == here);
  for (const Address& there : {Address{7, 3, 5}, Address{7, 2, 6}, Address{8, 2, 5}, Address{7, 5, 2}})
    CHECK(std::abs(mean_product(here, noisy_gradient(noise, there))) < 0.02);
  const std::vector<double> shifted(here.begin() + 1, here.end());
  CHECK(std::abs(mean_product(shifted, {here.begin(), here.end() - 1})) < 0.02);
}

TEST_CASE("the noise is added to the gradient, b times what has variance 1, in either precision", "[algorithms][noisy_gradient]") {
  // Oracle: closed form. ½ ‖x‖² has the gradient x, here 3 in each coordinate, so a draw is 3 + b ξ with the ξ of b = 1 at x = 0.
  for (const NoiseLaw law : {NoiseLaw::gaussian, NoiseLaw::uniform, NoiseLaw::laplace}) {
    const std::vector<double> unit = noisy_gradient({.scale = 1, .law = law});
    const std::vector<double> g = noisy_gradient({.scale = 0.25, .law = law}, {}, 3.0);
    const std::vector<float> narrow = noisy_gradient<float>({.scale = 0.25, .law = law}, {}, 3.0F);
    bool same = true;
    for (std::size_t i = 0; i < kDraws; ++i) same = same && g[i] == 3.0 + 0.25 * unit[i] && narrow[i] == static_cast<float>(g[i]);
    CHECK(same);
  }
}
