#include "sim/topology/random_graphs.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "tests/test.hpp"

using namespace peloton;
using Edges = std::set<GraphEdge>;

namespace {

const Place kPlace{"s.json", "/graph"};

/// The edges from the options, the lower node first, checked to be simple and connected.
Edges drawn(const std::string& json, std::size_t nodes, std::uint64_t seed = 1) {
  const auto spec = OptionType<OneOf<"kind", RandomRegularGraph, ErdosRenyiGraph, WattsStrogatzGraph>>::parse(Json::parse(json), kPlace);
  const std::vector<GraphEdge> edges =
      std::visit([&](const auto& options) { return random_edges(options, nodes, seed, kPlace); }, spec.value);
  Edges out;
  for (const auto& [a, b] : edges) {
    REQUIRE(a != b);
    out.insert(std::minmax(a, b));
  }
  REQUIRE(out.size() == edges.size());
  REQUIRE_FALSE(first_apart(nodes, edges));
  return out;
}

std::vector<std::size_t> degrees(const Edges& edges, std::size_t nodes) {
  std::vector<std::size_t> out(nodes);
  for (const auto& [a, b] : edges) ++out[a], ++out[b];
  return out;
}

bool is_regular(const Edges& edges, std::size_t nodes, std::size_t degree) {
  return degrees(edges, nodes) == std::vector<std::size_t>(nodes, degree);
}

std::string random_regular(std::size_t degree) { return Json{{"kind", "random_regular"}, {"degree", degree}}.dump(); }

}  // namespace

TEST_CASE("random regular graphs are regular, simple and connected", "[sim][topology][random_graph]") {
  // Invariant; drawn() checks that the edges are simple and connected. All degrees of small graphs, sparse to complete.
  for (std::size_t n = 3; n <= 12; ++n)
    for (std::size_t degree = 2; degree < n; ++degree) {
      if (n * degree % 2 == 0) CHECK(is_regular(drawn(random_regular(degree), n, n), n, degree));
    }
  CHECK(is_regular(drawn(random_regular(10), 10'000), 10'000, 10));
  CHECK(is_regular(drawn(random_regular(60), 101), 101, 60));
}

TEST_CASE("a random regular graph favours no pair of workers", "[sim][topology][random_graph]") {
  // Symmetry: every pair is an edge with probability d / (n − 1). 2,000 draws per degree; 28 pairs and 2 degrees (one drawn as a
  // complement) within 5 standard deviations each: error probability 56 · 6e-7 = 4e-5, and the seeds are fixed.
  constexpr int kSamples = 2000;
  for (const std::size_t degree : {3UL, 5UL}) {
    std::map<GraphEdge, int> count;
    for (std::uint64_t seed = 0; seed < kSamples; ++seed)
      for (const GraphEdge& edge : drawn(random_regular(degree), 8, seed)) ++count[edge];
    CHECK(count.size() == 28);
    const double p = static_cast<double>(degree) / 7;
    for (const auto& [edge, times] : count) CHECK(std::abs(times - kSamples * p) < 5 * std::sqrt(kSamples * p * (1 - p)));
  }
}

TEST_CASE("Erdős–Rényi graphs have the expected number of edges", "[sim][topology][random_graph]") {
  // Binomial law: 1000 · 999 / 2 pairs with p = 0.02, within 5 standard deviations (error probability 6e-7, fixed seed); all of these
  // graphs are connected but for a share of 1000 · 0.98^999 = 2e-6, so that the condition does not shift the law.
  const double pairs = 499'500;
  const double edges = static_cast<double>(drawn(R"({"kind": "erdos_renyi", "probability": 0.02})", 1000).size());
  CHECK(std::abs(edges - pairs * 0.02) < 5 * std::sqrt(pairs * 0.02 * 0.98));
  // Reduction: a mean degree of 19.98 is p = 0.02; p = 1 is the complete graph.
  CHECK(drawn(R"({"kind": "erdos_renyi", "probability": 0.5})", 41) == drawn(R"("erdos_renyi:20")", 41));
  CHECK(drawn(R"({"kind": "erdos_renyi", "probability": 1})", 20).size() == 190);
}

TEST_CASE("an Erdős–Rényi graph favours no pair of workers", "[sim][topology][random_graph]") {
  // Symmetry: all pairs have the same probability, also given that the graph is connected: that of the mean over pairs. 2,000 draws,
  // 28 pairs within 5 standard deviations: error probability 28 · 6e-7 = 2e-5, fixed seeds.
  constexpr int kSamples = 2000;
  std::map<GraphEdge, int> count;
  double total = 0;
  for (std::uint64_t seed = 0; seed < kSamples; ++seed)
    for (const GraphEdge& edge : drawn(R"({"kind": "erdos_renyi", "probability": 0.4})", 8, seed)) ++count[edge], ++total;
  CHECK(count.size() == 28);
  const double p = total / kSamples / 28;
  CHECK(p > 0.4);  // connected graphs have more edges
  for (const auto& [edge, times] : count) CHECK(std::abs(times - kSamples * p) < 5 * std::sqrt(kSamples * p * (1 - p)));
}

TEST_CASE("a Watts–Strogatz graph is a ring lattice with some edges moved", "[sim][topology][random_graph]") {
  // Hand computation: without rewiring, workers at distance 1 and 2.
  Edges lattice;
  for (std::uint32_t i = 0; i < 9; ++i)
    for (const std::uint32_t step : {1U, 2U}) lattice.emplace(std::minmax(i, (i + step) % 9));
  CHECK(drawn(R"({"kind": "watts_strogatz", "neighbours": 4, "rewire": 0})", 9) == lattice);

  // Binomial law: of 3,000 edges 900 are moved at 0.3, within 5 standard deviations (error probability 6e-7, fixed seed). An edge moves
  // onto another place of the lattice with probability 6 / 1000, which is less than half a standard deviation in all.
  const Edges graph = drawn(R"({"kind": "watts_strogatz", "neighbours": 6, "rewire": 0.3})", 1000);
  CHECK(graph.size() == 3000);
  double moved = 0;
  for (const auto& [a, b] : graph) moved += std::min(b - a, a + 1000 - b) > 3 ? 1 : 0;
  CHECK(std::abs(moved - 900) < 5 * std::sqrt(3000 * 0.3 * 0.7));
  // Invariant: each worker keeps its end of neighbours / 2 edges, even when all edges are rewired.
  const Edges rewired = drawn(R"({"kind": "watts_strogatz", "neighbours": 6, "rewire": 1})", 1000);
  CHECK(rewired.size() == 3000);
  for (const std::size_t degree : degrees(rewired, 1000)) CHECK(degree >= 3);
  // Moving all edges of a graph that is almost complete ends, too.
  CHECK(drawn(R"({"kind": "watts_strogatz", "neighbours": 4, "rewire": 1})", 8).size() == 16);
}

TEST_CASE("random graphs are a function of their seed", "[sim][topology][random_graph]") {
  const auto [json, with_seed] =
      GENERATE(std::pair(R"({"kind": "random_regular"})", R"({"kind": "random_regular", "seed": 7})"),
               std::pair(R"({"kind": "erdos_renyi", "degree": 8})", R"({"kind": "erdos_renyi", "degree": 8, "seed": 7})"),
               std::pair(R"({"kind": "watts_strogatz"})", R"({"kind": "watts_strogatz", "seed": 7})"));
  CHECK(drawn(json, 50, 1) == drawn(json, 50, 1));
  CHECK(drawn(json, 50, 1) != drawn(json, 50, 2));
  // Its own seed goes before the scenario's.
  CHECK(drawn(with_seed, 50, 1) == drawn(json, 50, 7));
}

TEST_CASE("random graphs that do not exist or are not connected are refused with their place", "[sim][topology][random_graph]") {
  const auto refused = [](const std::string& json, std::size_t workers, const char* message) {
    CHECK_THROWS_WITH(drawn(json, workers), std::string("s.json: /graph") + message);
  };
  refused(random_regular(5), 5, "/degree: must be < 5 (the number of workers), got 5");
  refused(random_regular(3), 5, "/degree: must be even for an odd number of workers (5), since an edge has two ends; got 3");
  refused(random_regular(1), 6, "/degree: must give a connected graph: none of 100 draws with 6 workers was (more neighbours help)");
  refused(R"({"kind": "erdos_renyi"})", 5, ": needs either degree or probability");
  refused(R"({"kind": "erdos_renyi", "degree": 2, "probability": 0.5})", 5, ": needs either degree or probability");
  refused(R"({"kind": "erdos_renyi", "probability": 1.5})", 5, "/probability: must be > 0 and ≤ 1, got 1.5");
  refused(R"({"kind": "erdos_renyi", "degree": 5})", 5, "/degree: must be ≤ 4 (the number of other workers), got 5");
  // 10⁴ · (1 − 3/9999)^9999 = 10⁴ e^−3.0005 = 498, ln 10⁴ = 9.2
  refused(R"({"kind": "erdos_renyi", "degree": 3})", 10'000,
          "/degree: must give a connected graph: of 10000 workers about 498 would have no neighbour (a connected graph needs a mean degree "
          "near ln 10000 = 9.2)");
  refused(R"({"kind": "erdos_renyi", "probability": 0.001})", 10,
          "/probability: must give a connected graph: none of 100 draws with 10 workers was (more neighbours help)");
  refused(R"({"kind": "watts_strogatz", "neighbours": 3})", 10, "/neighbours: must be even (half of them on each side), got 3");
  refused(R"({"kind": "watts_strogatz", "neighbours": 6})", 10,
          "/neighbours: must be at most half the workers (10, at least 3 of them), got 6");
  refused(R"({"kind": "watts_strogatz", "neighbours": 2})", 2,
          "/neighbours: must be at most half the workers (2, at least 3 of them), got 2");
}
