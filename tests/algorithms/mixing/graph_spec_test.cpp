#include "algorithms/mixing/graph_spec.hpp"

#include <bit>

#include "sim/topology/topology_spec.hpp"
#include "tests/algorithms/mixing/graphs.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;
using Edges = std::set<GraphEdge>;

TEST_CASE("graphs have the edges of their definition", "[algorithms][mixing][graph]") {
  // Hand computation.
  CHECK(edges_of(graph_of(R"("ring")", 4)) == Edges{{0, 1}, {1, 2}, {2, 3}, {0, 3}});
  CHECK(edges_of(graph_of(R"("complete")", 4)) == Edges{{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}});
  CHECK(edges_of(graph_of(R"("star")", 4)) == Edges{{0, 1}, {0, 2}, {0, 3}});
  CHECK(edges_of(graph_of(R"("path")", 4)) == Edges{{0, 1}, {1, 2}, {2, 3}});
  CHECK(edges_of(graph_of(R"({"kind": "edges", "edges": [[2, 0], [1, 2]]})", 3)) == Edges{{0, 2}, {1, 2}});
  // 0 1 2   two rows have one edge per column, three columns have a cycle per row
  // 3 4 5
  CHECK(edges_of(graph_of(R"({"kind": "torus2d", "rows": 2})", 6)) ==
        Edges{{0, 1}, {1, 2}, {0, 2}, {3, 4}, {4, 5}, {3, 5}, {0, 3}, {1, 4}, {2, 5}});
  CHECK(edges_of(graph_of(R"({"kind": "torus2d", "columns": 5, "rows": 1})", 5)) == edges_of(graph_of(R"("ring")", 5)));
}

TEST_CASE("the hypercube joins numbers that differ in one bit", "[algorithms][mixing][graph]") {
  // Definition, checked on all pairs.
  const Graph graph = graph_of(R"("hypercube")", 16);
  Edges expected;
  for (std::uint32_t a = 0; a < 16; ++a)
    for (std::uint32_t b = a + 1; b < 16; ++b)
      if (std::popcount(a ^ b) == 1) expected.emplace(a, b);
  CHECK(edges_of(graph) == expected);
}

TEST_CASE("the exponential graph joins distances that are powers of two", "[algorithms][mixing][graph]") {
  // Definition, checked on all pairs: a is 2^k after b, or b after a.
  const std::size_t n = GENERATE(2, 3, 6, 8, 13, 17);
  Edges expected;
  for (std::uint32_t a = 0; a < n; ++a)
    for (std::uint32_t b = a + 1; b < n; ++b)
      if (std::has_single_bit(b - a) || std::has_single_bit(n - (b - a))) expected.emplace(a, b);
  CHECK(edges_of(graph_of(R"("exponential")", n)) == expected);
}

TEST_CASE("a torus is as square as its number of workers allows", "[algorithms][mixing][graph]") {
  // Reduction: the shape, written down, gives the same graph.
  const auto same = [](std::size_t workers, const char* shape) {
    return edges_of(graph_of(R"("torus2d")", workers)) == edges_of(graph_of(shape, workers));
  };
  CHECK(same(12, R"({"kind": "torus2d", "rows": 3, "columns": 4})"));
  CHECK(same(16, R"({"kind": "torus2d", "columns": 4})"));
  CHECK(same(13, R"("ring")"));
  CHECK(!same(12, R"({"kind": "torus2d", "rows": 4})"));
}

TEST_CASE("every kind of graph works for a single worker or says why not, and for two", "[algorithms][mixing][graph]") {
  // Hand computation: no edge, and one edge.
  for (const char* kind : {"ring", "complete", "torus2d", "star", "path", "hypercube", "exponential"}) {
    INFO(kind);
    const std::string json = Json(kind).dump();
    CHECK(graph_of(json, 1).edges() == 0);
    CHECK(edges_of(graph_of(json, 2)) == Edges{{0, 1}});
  }
  CHECK(graph_of(R"({"kind": "edges", "edges": []})", 1).edges() == 0);
  CHECK(graph_of(R"("erdos_renyi:1")", 1).edges() == 0);
  CHECK(edges_of(graph_of(R"("random_regular:1")", 2)) == Edges{{0, 1}});
}

TEST_CASE("complete graphs and others have a limit on their edges", "[algorithms][mixing][graph]") {
  // Hand computation: 4096 · 4095 / 2 = 8,386,560.
  CHECK_THROWS_WITH(graph_of(R"("complete")", 4097),
                    "s.json: /graph: must have at most 8386560 edges (those of a complete graph of 4096 workers), got 8390656");
  CHECK_THROWS_WITH(graph_of(R"("random_regular:2000")", 10'000),
                    "s.json: /graph/degree: must have at most 8386560 edges (those of a complete graph of 4096 workers), got 10000000");
  CHECK_NOTHROW(check_edge_count(8'386'560, kGraphPlace));
}

TEST_CASE("graphs that do not exist are refused with their place", "[algorithms][mixing][graph]") {
  const auto refused = [](const char* json, std::size_t workers, const char* message) {
    CHECK_THROWS_WITH(graph_of(json, workers), std::string("s.json: /graph") + message);
  };
  refused(R"("hypercube")", 12, ": needs a power of two as number of workers, got 12");
  refused(R"({"kind": "torus2d", "rows": 5})", 12, "/rows: must divide the number of workers, 12, got 5");
  refused(R"({"kind": "torus2d", "columns": 7})", 12, "/columns: must divide the number of workers, 12, got 7");
  refused(R"({"kind": "torus2d", "rows": 3, "columns": 3})", 12,
          ": rows × columns must be the number of workers, got 3 × 3 for 12 workers");
  refused(R"({"kind": "edges", "edges": [[0, 1], [2, 3]]})", 4, "/edges: must connect all workers, but worker 2 has no path to worker 0");
  refused(R"({"kind": "edges", "edges": [[0, 1], [1, 2, 3]]})", 4, "/edges/1: must be a pair of workers, got 3 numbers");
  refused(R"({"kind": "edges", "edges": [[0, 4]]})", 4, "/edges/0/1: must be a worker, 0 to 3, got 4");
  refused(R"({"kind": "edges", "edges": [[-1, 0]]})", 4, "/edges/0/0: must be a worker, 0 to 3, got -1");
  refused(R"({"kind": "edges", "edges": [[2, 2]]})", 4, "/edges/0: must join two different workers, got 2 twice");
  refused(R"({"kind": "edges", "edges": [[0, 1], [1, 0]]})", 2, "/edges/1: workers 1 and 0 are joined already");
}

TEST_CASE("the graph of the network joins the workers that its links join", "[algorithms][mixing][graph][topology]") {
  // Reduction: over a ring of links, a torus of links and a star it is the graph of the same name, and the complete one.
  const auto of_network = [](const TopologySpec& spec, std::size_t workers) {
    const std::unique_ptr<Topology> topology = make_topology(spec, workers, false, {});
    return make_graph(TopologyGraph{}, workers, 1, kGraphPlace, topology.get());
  };
  CHECK(edges_of(of_network(RingTopology{}, 7)) == edges_of(graph_of(R"("ring")", 7)));
  CHECK(edges_of(of_network(Torus2dTopology{}, 12)) == edges_of(graph_of(R"("torus2d")", 12)));
  const Graph complete = of_network(StarTopology{}, 9);
  CHECK(edges_of(complete) == edges_of(graph_of(R"("complete")", 9)));
  REQUIRE(complete.laplacian().has_value());
  CHECK(complete.laplacian()->connectivity == 9);
  CHECK_THROWS_WITH(of_network(StarTopology{}, 5000),
                    Catch::Matchers::ContainsSubstring("s.json: /graph: must have at most 8386560 edges"));
}
