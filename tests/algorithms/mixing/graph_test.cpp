#include "algorithms/mixing/graph.hpp"

#include "sim/base/error.hpp"
#include "tests/test.hpp"

using namespace peloton;

namespace {

std::vector<std::uint32_t> neighbours(const Graph& graph, std::size_t node) {
  const auto span = graph.neighbours(node);
  return {span.begin(), span.end()};
}

}  // namespace

TEST_CASE("a graph lists the neighbours of each node, ascending", "[algorithms][mixing][graph]") {
  // Hand computation: 3 ─ 0 ─ 2 and 1 ─ 2, given in no order.
  const Graph graph(4, {{3, 0}, {2, 1}, {2, 0}});
  CHECK(graph.nodes() == 4);
  CHECK(graph.edges() == 3);
  CHECK(neighbours(graph, 0) == std::vector<std::uint32_t>{2, 3});
  CHECK(neighbours(graph, 1) == std::vector<std::uint32_t>{2});
  CHECK(neighbours(graph, 2) == std::vector<std::uint32_t>{0, 1});
  CHECK(neighbours(graph, 3) == std::vector<std::uint32_t>{0});
  CHECK(graph.degree(0) == 2);
  CHECK(graph.max_degree() == 2);
  CHECK(graph.first_arc(2) == 3);
  CHECK(!graph.laplacian());

  const Graph single(1, {});
  CHECK(single.nodes() == 1);
  CHECK(single.max_degree() == 0);
}

TEST_CASE("edges that make no simple connected graph break an invariant", "[algorithms][mixing][graph]") {
  // Invariant: callers have checked what people wrote.
  CHECK_THROWS_AS(Graph(3, {{0, 1}}), BrokenInvariant);
  CHECK_THROWS_AS(Graph(2, {{0, 1}, {1, 0}}), BrokenInvariant);
  CHECK_THROWS_AS(Graph(2, {{0, 1}, {1, 1}}), BrokenInvariant);
  CHECK_THROWS_AS(Graph(2, {{0, 2}}), BrokenInvariant);
  CHECK_THROWS_AS(Graph(0, {}), BrokenInvariant);
}
