#include "algorithms/mixing/mixing_matrix.hpp"

#include <algorithm>
#include <cmath>

#include "tests/algorithms/mixing/graphs.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

/// The entry w_ij.
double entry(const MixingMatrix& w, std::uint32_t i, std::uint32_t j) {
  if (i == j) return w.self_weight(i);
  const auto neighbours = w.neighbours(i);
  const auto found = std::lower_bound(neighbours.begin(), neighbours.end(), j);
  if (found == neighbours.end() || *found != j) return 0;
  return w.weights(i)[static_cast<std::size_t>(found - neighbours.begin())];
}

}  // namespace

TEST_CASE("mixing matrices are symmetric and doubly stochastic", "[algorithms][mixing][mixing_matrix]") {
  // Invariant, on graphs with equal and with unequal degrees.
  const std::string weights = GENERATE("metropolis", "max_degree", "lazy_metropolis");
  const std::string graph = GENERATE(R"("star")", R"("path")", R"("torus2d")", R"("watts_strogatz")", R"("erdos_renyi:8")");
  const MixingMatrix w = mixing_of(graph, 60, weights);
  for (std::uint32_t i = 0; i < w.nodes(); ++i) {
    double row = w.self_weight(i);
    CHECK(row >= (weights == "lazy_metropolis" ? 0.5 : 0) - 1e-15);
    REQUIRE(w.weights(i).size() == w.degree(i));
    for (const std::uint32_t j : w.neighbours(i)) {
      CHECK(entry(w, i, j) > 0);
      CHECK(entry(w, i, j) == entry(w, j, i));
      row += entry(w, i, j);
    }
    CHECK(row == Approx(1).epsilon(1e-14));
  }
}

TEST_CASE("weights follow their formulas", "[algorithms][mixing][mixing_matrix]") {
  // Hand computation on 1 ─ 0 ─ 2 ─ 3 with 0 ─ 3: degrees 3, 1, 2, 2.
  const std::string graph = R"({"kind": "edges", "edges": [[0, 1], [0, 2], [2, 3], [0, 3]]})";
  const MixingMatrix metropolis = mixing_of(graph, 4);
  CHECK(entry(metropolis, 0, 1) == 1.0 / 4);
  CHECK(entry(metropolis, 2, 3) == 1.0 / 3);
  CHECK(entry(metropolis, 1, 1) == 3.0 / 4);
  CHECK(entry(metropolis, 3, 3) == Approx(5.0 / 12));
  CHECK(entry(metropolis, 1, 3) == 0);
  const MixingMatrix lazy = mixing_of(graph, 4, "lazy_metropolis");
  CHECK(entry(lazy, 2, 3) == 1.0 / 6);
  CHECK(entry(lazy, 1, 1) == 7.0 / 8);
  const MixingMatrix max_degree = mixing_of(graph, 4, "max_degree");
  CHECK(entry(max_degree, 2, 3) == 1.0 / 4);
  CHECK(entry(max_degree, 3, 3) == 1.0 / 2);
  const MixingMatrix uniform = mixing_of(R"("complete")", 4, "uniform");
  CHECK(entry(uniform, 2, 3) == 1.0 / 4);
  CHECK(entry(uniform, 2, 2) == 1.0 / 4);
}

TEST_CASE("on regular graphs metropolis, max_degree and uniform weights agree", "[algorithms][mixing][mixing_matrix]") {
  // Reduction: all are 1 / (1 + degree).
  const MixingMatrix uniform = mixing_of(R"("random_regular:5")", 20, "uniform");
  const MixingMatrix metropolis = mixing_of(R"("random_regular:5")", 20);
  const MixingMatrix max_degree = mixing_of(R"("random_regular:5")", 20, "max_degree");
  for (std::size_t i = 0; i < 20; ++i)
    for (std::size_t k = 0; k < 5; ++k) {
      CHECK(uniform.weights(i)[k] == 1.0 / 6);
      CHECK(metropolis.weights(i)[k] == 1.0 / 6);
      CHECK(max_degree.weights(i)[k] == 1.0 / 6);
    }
}

TEST_CASE("uniform weights are refused on graphs that are not regular", "[algorithms][mixing][mixing_matrix]") {
  CHECK_THROWS_WITH(
      mixing_of(R"("star")", 4, "uniform"),
      "s.json: /mixing: uniform weights need a graph in which all workers have equally many neighbours (else \"metropolis\"): "
      "worker 0 has 3, worker 1 has 1");
  CHECK_THROWS_WITH(mixing_of(R"("ring")", 4, "metropolitan"),
                    "s.json: /mixing/kind: must be one of metropolis, max_degree, lazy_metropolis, uniform, got \"metropolitan\" "
                    "(did you mean \"metropolis\"?)");
}

TEST_CASE("a single worker keeps its model", "[algorithms][mixing][mixing_matrix]") {
  const MixingMatrix w = mixing_of(R"("ring")", 1, "uniform");
  CHECK(w.self_weight(0) == 1);
  CHECK(w.neighbours(0).empty());
  CHECK(w.spectral_gap() == 1.0);
}
