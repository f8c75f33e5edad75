#include "sim/topology/ring.hpp"

#include "tests/test.hpp"

using namespace peloton;

namespace {

std::vector<std::uint64_t> ids(const Topology& topology, NodeId from, NodeId to) {
  std::vector<Resource> route;
  topology.route(from, to, route);
  std::vector<std::uint64_t> out;
  for (const Resource& r : route) out.push_back(r.id);
  return out;
}

}  // namespace

TEST_CASE("a ring message takes the shorter way round", "[sim][topology][ring]") {
  // Hand computation: 6 nodes 0 … 5, links of 1 s. Up: the resource of the link after node i is 2i; down: 2i + 1.
  //   0 → 2: up over links 0, 1;   0 → 4: down over links 5, 4;   0 → 3: three either way, ascending;   5 → 0: up over link 5
  const auto ring = make_ring({.bandwidth = {10}, .latency = {1}}, 6, false, {});
  CHECK(ids(*ring, 0, 2) == std::vector<std::uint64_t>{0, 2});
  CHECK(ids(*ring, 0, 4) == std::vector<std::uint64_t>{11, 9});
  CHECK(ids(*ring, 0, 3) == std::vector<std::uint64_t>{0, 2, 4});
  CHECK(ids(*ring, 3, 0) == std::vector<std::uint64_t>{6, 8, 10});
  CHECK(ids(*ring, 5, 0) == std::vector<std::uint64_t>{10});
  CHECK(ring->cost(0, 4).latency.ns == 2'000'000'000);
  CHECK(ring->cost(0, 4).bandwidth == 10);
}

TEST_CASE("a ring's cost is that of its route", "[sim][topology][ring]") {
  // Invariant, for rings of 2 to 9 nodes with and without a server: as many latencies as resources on the route.
  for (std::size_t nodes = 2; nodes <= 9; ++nodes) {
    const bool server = nodes % 2 == 0;
    const auto ring = make_ring({.latency = {1}}, server ? nodes - 1 : nodes, server, {});
    REQUIRE(ring->nodes() == nodes);
    for (NodeId from = 0; from < nodes; ++from)
      for (NodeId to = 0; to < nodes; ++to)
        if (from != to) REQUIRE(ring->cost(from, to).latency.ns == static_cast<std::int64_t>(ids(*ring, from, to).size()) * 1'000'000'000);
  }
}

TEST_CASE("the server stands between the last worker and the first", "[sim][topology][ring]") {
  // 3 workers and the server, node 3: 2 → 3 → 0 is two links, as is 0 → 3 → 2 (a tie: ascending, 0 → 1 → 2).
  const auto ring = make_ring({}, 3, true, {});
  CHECK(ring->server() == 3);
  CHECK(ring->name(3) == "server");
  CHECK(ids(*ring, 2, 3).size() == 1);
  CHECK(ids(*ring, 3, 0).size() == 1);
  CHECK(ids(*ring, 2, 0) == std::vector<std::uint64_t>{4, 6});
  CHECK(ids(*ring, 0, 2) == std::vector<std::uint64_t>{0, 2});
}
