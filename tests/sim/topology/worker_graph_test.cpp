#include "sim/topology/worker_graph.hpp"

#include "tests/sim/topology/routes.hpp"

using namespace peloton;
using namespace peloton::test;

using Edges = std::vector<GraphEdge>;

namespace {

constexpr std::size_t kMany = 1'000'000;

}  // namespace

TEST_CASE("workers are neighbours over a link or over nodes without workers", "[sim][topology][worker_graph]") {
  // Hand computation. Explicit: a─b, b─s─c, c─d─e with workers on a, b, c, e: a─b by their link, b─c over s, c─e over d.
  const std::string nodes = R"({"kind": "explicit", "nodes": ["a", "b", "c", "e", "s", "d"], "links": [
      {"name": "1", "between": ["a", "b"]}, {"name": "2", "between": ["b", "s"]}, {"name": "3", "between": ["s", "c"]},
      {"name": "4", "between": ["c", "d"]}, {"name": "5", "between": ["d", "e"]}]})";
  CHECK(worker_neighbours(*made(nodes, 4), kMany) == Edges{{0, 1}, {1, 2}, {2, 3}});
  // A ring of 4 without a server is a ring; the torus 2 × 2 the same cycle in other order; under a switch, all are neighbours.
  CHECK(worker_neighbours(*made(R"("ring")", 4), kMany) == Edges{{0, 1}, {0, 3}, {1, 2}, {2, 3}});
  CHECK(worker_neighbours(*made(R"({"kind": "torus2d", "rows": 2})", 4), kMany) == Edges{{0, 1}, {0, 2}, {1, 3}, {2, 3}});
  for (const char* json : {R"("star")", R"("two_level")", R"("fat_tree")", R"("dragonfly")", R"("complete")"})
    CHECK(worker_neighbours(*made(json, 9), kMany)->size() == 36);
  // In a ring with a server, the first and the last worker are neighbours over it.
  CHECK(worker_neighbours(*made(R"("ring")", 4, true), kMany) == Edges{{0, 1}, {0, 3}, {1, 2}, {2, 3}});
}

TEST_CASE("workers on one host are neighbours, and neighbours of those next door", "[sim][topology][worker_graph]") {
  // A ring of 4 hosts with workers 0, 1 on h0, 2 on h1, 3 on h3: h0 and h1 are joined, h1 and h3 over h2, h3 and h0 by their link.
  const auto topology = make_placed_topology(
      RingTopology{}, parse_options<PlacementSpec>(Json::parse(R"({"workers": [0, 0, 1, 3], "server": 2})"), {}), 4, true, {}, {});
  CHECK(topology->hosts() == 4 + 1 + 4);
  CHECK(worker_neighbours(*topology, kMany) == Edges{{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}});
}

TEST_CASE("too many neighbours are none", "[sim][topology][worker_graph]") {
  CHECK(worker_neighbours(*made(R"("star")", 5), 10).has_value());
  CHECK_FALSE(worker_neighbours(*made(R"("star")", 5), 9).has_value());
  CHECK_FALSE(worker_neighbours(*made(R"("star")", 100'000), kMany).has_value());
}
