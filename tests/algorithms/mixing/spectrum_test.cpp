#include "algorithms/mixing/spectrum.hpp"

#include <cmath>
#include <numbers>

#include "tests/algorithms/mixing/graphs.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

constexpr double kPi = std::numbers::pi;

bool agree(const Spectrum& a, const Spectrum& b, double tolerance) {
  return std::abs(a.smallest_deviation - b.smallest_deviation) < tolerance &&
         std::abs(a.largest_deviation - b.largest_deviation) < tolerance;
}

}  // namespace

TEST_CASE("spectral gaps of well-known graphs", "[algorithms][mixing][spectrum]") {
  // Closed forms. Ring: 1 − (1 + 2 cos(2π/n)) / 3. Complete, weights 1/n: 1. Hypercube of 2^k: 1 − (k − 1) / (k + 1) = 2 / (k + 1),
  // since W = (I + A) / (k + 1) and A's eigenvalues are k, k − 2, …, −k. Star with weights 1/n: the Laplacian's eigenvalues are
  // 0, 1, n, hence 1/n. Path with weights 1/3: (2 − 2 cos(π/n)) / 3.
  CHECK(mixing_of(R"("ring")", 10).spectral_gap().value() == Approx(1 - (1 + 2 * std::cos(2 * kPi / 10)) / 3));
  CHECK(mixing_of(R"("complete")", 7, "uniform").spectral_gap().value() == Approx(1));
  CHECK(mixing_of(R"("hypercube")", 32).spectral_gap().value() == Approx(2.0 / 6));
  CHECK(mixing_of(R"("star")", 9).spectral_gap().value() == Approx(1.0 / 9));
  CHECK(mixing_of(R"("path")", 6).spectral_gap().value() == Approx((2 - 2 * std::cos(kPi / 6)) / 3));
  // Torus of 4 × 6: W = (I + A) / 5, and the second eigenvalue of A is 2 + 2 cos(2π/6) = 3.
  CHECK(mixing_of(R"({"kind": "torus2d", "rows": 4})", 24).spectral_gap().value() == Approx(1.0 / 5));
  // Static exponential graph of 8: published gap for the directed one is 2 / (1 + log2 n) (Ying et al., NeurIPS 2021); undirected,
  // A's eigenvalues at k = 1 … 4 are 2cos(πk/4) + 2cos(πk/2) + cos(πk) = √2 − 1, −1, −√2 − 1, 1, hence 1 − max(2, √2) / 6 with I.
  CHECK(mixing_of(R"("exponential")", 8).spectral_gap().value() == Approx(1 - 2.0 / 6));
}

TEST_CASE("a large ring's gap keeps its digits", "[algorithms][mixing][spectrum]") {
  // Series: (2 − 2 cos x) / 3 = x² / 3 · (1 − x² / 12 + …), x = 2π / 10⁶; the formula as it stands loses half of the digits.
  const double x = 2 * kPi / 1e6;
  CHECK(mixing_of(R"("ring")", 1'000'000).spectral_gap().value() == Approx(x * x / 3).epsilon(1e-11));
}

TEST_CASE("closed forms of the spectrum agree with the dense matrix", "[algorithms][mixing][spectrum]") {
  // Reference: all eigenvalues of the dense matrix.
  const std::string graph = GENERATE("ring", "complete", "torus2d", "star", "path", "hypercube", "exponential");
  for (const char* weights : {"metropolis", "max_degree", "lazy_metropolis", "uniform"})
    for (const std::size_t n : {2UL, 3UL, 4UL, 5UL, 6UL, 7UL, 8UL, 9UL, 12UL, 15UL, 16UL, 25UL, 32UL}) {
      if (graph == "hypercube" && (n & (n - 1)) != 0) continue;
      if ((graph == "star" || graph == "path") && n > 2 && weights == std::string("uniform")) continue;
      INFO(graph << " of " << n << " with " << weights);
      const MixingMatrix w = mixing_of(Json(graph).dump(), n, weights);
      const auto closed = closed_form_spectrum(w);
      REQUIRE(closed);
      CHECK(agree(*closed, dense_spectrum(w), 1e-12));
    }
}

TEST_CASE("the dense spectrum of an irregular matrix", "[algorithms][mixing][spectrum]") {
  // Hand computation: 0 ─ 1, 0 ─ 2, 1 ─ 2, 2 ─ 3, degrees 2, 2, 3, 1; Metropolis weights 1/3 for 0 ─ 1 and 1/4 else. I − W has the
  // eigenvectors (1, −1, 0, 0): 1/3 + 1/3 + 1/4 = 11/12; (1, 1, 1, 1): 0; (1, 1, 0, −2): 1/4; (1, 1, −3, 1): 1.
  const MixingMatrix w = mixing_of(R"({"kind": "edges", "edges": [[0, 1], [0, 2], [1, 2], [2, 3]]})", 4);
  CHECK(!closed_form_spectrum(w));
  const Spectrum spectrum = w.spectrum().value();
  CHECK(spectrum.smallest_deviation == Approx(1.0 / 4));
  CHECK(spectrum.largest_deviation == Approx(1));
  CHECK(spectrum.gap() == Approx(1.0 / 4));
}

TEST_CASE("the gap is set by whichever end of the spectrum is farther from zero", "[algorithms][mixing][spectrum]") {
  // Hand computation: λ2 = 0.5, λn = −0.8; and λ2 = 0.9, λn = 0.1.
  CHECK(Spectrum{.smallest_deviation = 0.5, .largest_deviation = 1.8}.gap() == Approx(0.2));
  CHECK(Spectrum{.smallest_deviation = 0.1, .largest_deviation = 0.9}.gap() == Approx(0.1));
}

TEST_CASE("Lanczos iterations agree with the dense matrix", "[algorithms][mixing][spectrum]") {
  // Reference: all eigenvalues of the dense matrix. Torus and star have multiple ones.
  const std::string graph = GENERATE(R"("erdos_renyi:12")", R"("random_regular:5")", R"("watts_strogatz")", R"("torus2d")", R"("star")");
  const MixingMatrix w = mixing_of(graph, 600);
  const auto lanczos = lanczos_spectrum(w);
  REQUIRE(lanczos);
  CHECK(agree(*lanczos, dense_spectrum(w), 1e-8));
}

TEST_CASE("a large random regular graph has nearly the largest gap that its degree allows", "[algorithms][mixing][spectrum]") {
  // Published: |λ(A)| ≤ 2 √(d − 1) + o(1) apart from λ1 = d (Friedman, Mem. AMS 2008), and no graph is much below (Alon, Boppana).
  const MixingMatrix w = mixing_of(R"("random_regular:8")", 3000);
  const double limit = (8 - 2 * std::sqrt(7.0)) / 9;
  CHECK(w.spectral_gap().value() == Approx(limit).epsilon(0.05));
  CHECK(w.spectrum()->largest_deviation == Approx((8 + 2 * std::sqrt(7.0)) / 9).epsilon(0.05));
}

TEST_CASE("without convergence there is no gap", "[algorithms][mixing][spectrum]") {
  // A path of 3,000 with one edge more has no closed form. Its gap of about (π / 3000)² / 3 = 4e-7 is out of reach of Lanczos iterations.
  std::string edges = "[0, 2]";
  for (int i = 1; i < 3000; ++i) edges += ", [" + std::to_string(i - 1) + ", " + std::to_string(i) + "]";
  CHECK(!mixing_of(R"({"kind": "edges", "edges": [)" + edges + "]}", 3000).spectral_gap());
}
