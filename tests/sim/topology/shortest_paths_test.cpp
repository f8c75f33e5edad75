#include "sim/topology/shortest_paths.hpp"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <random>

#include "tests/test.hpp"

using namespace peloton;

namespace {

std::vector<PhysicalLink> random_links(std::size_t nodes, std::size_t count, std::mt19937_64& random) {
  std::vector<PhysicalLink> links;
  for (std::size_t i = 0; i < count; ++i) {
    const auto a = static_cast<NodeId>(random() % nodes);
    const auto b = static_cast<NodeId>((a + 1 + random() % (nodes - 1)) % nodes);
    links.push_back({a, b, static_cast<double>(1 + random() % 9), {static_cast<std::int64_t>(random() % 1000)}, Sharing::full});
  }
  return links;
}

}  // namespace

TEST_CASE("shortest paths agree with Boost's Dijkstra", "[sim][topology][shortest_paths]") {
  // Reference implementation, 20 random graphs of 200 nodes and 400 links, 20 sources each, by latency and by hops.
  std::mt19937_64 random(5);
  using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS, boost::no_property,
                                      boost::property<boost::edge_weight_t, std::int64_t>>;
  for (int instance = 0; instance < 20; ++instance) {
    const RouteBy by = instance % 2 == 0 ? RouteBy::latency : RouteBy::hops;
    const std::vector<PhysicalLink> links = random_links(200, 400, random);
    Graph graph(200);
    for (const PhysicalLink& l : links) boost::add_edge(l.a, l.b, by == RouteBy::latency ? l.latency.ns : 1, graph);
    const ShortestPaths paths(200, links, by);
    for (NodeId source = 0; source < 200; source += 10) {
      std::vector<std::int64_t> distance(200);
      boost::dijkstra_shortest_paths(graph, source, boost::distance_map(distance.data()));
      for (NodeId to = 0; to < 200; ++to) {
        const bool reached = distance[to] != std::numeric_limits<std::int64_t>::max();
        REQUIRE(paths.reachable(source, to) == reached);
        if (!reached) continue;
        const ShortestPaths::Reach reach = paths.reach(source, to);
        REQUIRE((by == RouteBy::latency ? reach.latency.ns : std::int64_t{reach.hops}) == distance[to]);
      }
    }
  }
}

TEST_CASE("what is forgotten and searched again gives the same paths", "[sim][topology][shortest_paths]") {
  // Invariant: a table that holds 50 nodes of 300 against one that holds all, asked in random order; ties are many (latency 0 … 3).
  std::mt19937_64 random(6);
  std::vector<PhysicalLink> links = random_links(300, 900, random);
  for (PhysicalLink& link : links) link.latency.ns %= 4;
  const ShortestPaths roomy(300, links, RouteBy::latency);
  const ShortestPaths narrow(300, links, RouteBy::latency, 50);
  std::vector<std::uint32_t> expected;
  std::vector<std::uint32_t> got;
  for (int i = 0; i < 2000; ++i) {
    const auto from = static_cast<NodeId>(random() % 300);
    const auto to = static_cast<NodeId>(random() % 300);
    if (!roomy.reachable(from, to)) continue;
    roomy.path(from, to, expected);
    narrow.path(from, to, got);
    REQUIRE(got == expected);
    REQUIRE(narrow.reach(from, to).bandwidth == roomy.reach(from, to).bandwidth);
  }
}

TEST_CASE("short by hops is not short by latency", "[sim][topology][shortest_paths]") {
  // a ─1─ b ─1─ c and a ─5─ c twice (6 and 5 ns): by latency over b, by hops directly over the faster of the two.
  const std::vector<PhysicalLink> links = {
      {0, 1, 1, {1}, Sharing::full}, {1, 2, 1, {1}, Sharing::full}, {0, 2, 1, {6}, Sharing::full}, {0, 2, 1, {5}, Sharing::full}};
  std::vector<std::uint32_t> path;
  ShortestPaths(3, links, RouteBy::latency).path(0, 2, path);
  CHECK(path == std::vector<std::uint32_t>{0, 1});
  ShortestPaths(3, links, RouteBy::hops).path(0, 2, path);
  CHECK(path == std::vector<std::uint32_t>{3});
}
