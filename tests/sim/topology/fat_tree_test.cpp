#include "sim/topology/fat_tree.hpp"

#include <map>

#include "tests/sim/topology/routes.hpp"

using namespace peloton;
using namespace peloton::test;

TEST_CASE("a fat-tree has the hosts, switches and links of its closed forms", "[sim][topology][fat_tree]") {
  // Al-Fares et al. 2008: k³/4 hosts, 5k²/4 switches, 3k³/4 links; routes of 2, 4 or 6 links inside an edge switch, a pod, or beyond.
  for (const std::size_t k : {2UL, 4UL, 6UL, 8UL}) {
    const auto tree = make_fat_tree({.k = k}, 1, false, {});
    CHECK(tree->hosts() == k * k * k / 4);
    CHECK(tree->nodes() - tree->hosts() == 5 * k * k / 4);
    CHECK(tree->links() == 3 * k * k * k / 4);
    std::map<std::size_t, std::size_t> lengths;
    for (NodeId to = 1; to < tree->hosts(); ++to) ++lengths[route_of(*tree, 0, to).size()];
    const std::size_t h = k / 2;
    CHECK(lengths[2] == h - 1);
    CHECK(lengths[4] == h * h - h);
    CHECK(lengths[6] == tree->hosts() - h * h);
  }
}

TEST_CASE("all-to-all traffic loads all links of a level of a fat-tree alike", "[sim][topology][fat_tree]") {
  // k = 4, 16 hosts, D-mod-k routing. Each host sends and receives 15 messages over its own link. An edge switch sends those of its 2
  // hosts to 14 others over 2 links: 14 each. A pod sends those of its 4 hosts to 12 others over 4 core links: 12 each.
  const auto tree = make_fat_tree({.k = 4}, 16, false, {});
  std::map<std::uint64_t, int> routes;
  for (NodeId from = 0; from < 16; ++from)
    for (NodeId to = 0; to < 16; ++to)
      if (from != to)
        for (const Resource& hop : route_of(*tree, from, to)) ++routes[hop.id];
  REQUIRE(routes.size() == 96);
  for (const auto& [resource, count] : routes) {
    const std::uint64_t level = resource / 2 / 16;
    CHECK(count == (level == 0 ? 15 : level == 1 ? 14 : 12));
  }
}

TEST_CASE("a destination has one way down from the core of a fat-tree", "[sim][topology][fat_tree]") {
  // Invariant of routing by destination: from all other pods the last three links are the same.
  const auto tree = make_fat_tree({.k = 6}, 54, false, {});
  const auto expected = route_of(*tree, 0, 31);
  for (NodeId from = 0; from < 54; ++from) {
    const auto route = route_of(*tree, from, 31);
    if (route.size() < 6) continue;
    for (std::size_t i = 3; i < 6; ++i) CHECK(route[i].id == expected[i].id);
  }
}

TEST_CASE("a fat-tree is as small as workers and server allow", "[sim][topology][fat_tree]") {
  // k³/4 = 2, 16, 54, 128 hosts.
  CHECK(make_fat_tree({}, 2, false, {})->hosts() == 2);
  CHECK(make_fat_tree({}, 2, true, {})->hosts() == 16);
  CHECK(make_fat_tree({}, 16, true, {})->hosts() == 54);
  CHECK(make_fat_tree({}, 4'000'000, true, {})->hosts() == 4'000'752);
}

TEST_CASE("wrong fat-trees are refused with their place", "[sim][topology][fat_tree]") {
  CHECK_THROWS_WITH(made(R"({"kind": "fat_tree", "k": 5})", 4, false), "s.json: /cluster/topology/k: must be even, got 5");
  CHECK_THROWS_WITH(
      made(R"({"kind": "fat_tree", "k": 4})", 17, false),
      "s.json: /cluster/topology/k: must have a host for each of the 17 workers, got 16 hosts (cluster.placement lets them share)");
  const auto tree = made(R"({"kind": "fat_tree", "k": 4})", 4, true);
  CHECK(tree->name(16) == "edge0.0");
  CHECK_THROWS_WITH(tree->node("core0", {"s.json", "/x"}),
                    Catch::Matchers::ContainsSubstring("must be a node (w0, w1, w2, w3, server, h5"));
}

TEST_CASE("racks of a fat-tree are its edge switches", "[sim][topology][fat_tree]") {
  // k = 4: two hosts at each of eight edge switches, which come before the other twelve switches.
  const auto tree = made(R"({"kind": "fat_tree", "k": 4})", 16);
  for (NodeId host = 0; host < 16; ++host) CHECK(tree->rack(host) == std::optional<std::size_t>(host / 2));
  for (NodeId edge = 0; edge < 8; ++edge) CHECK(tree->rack(16 + edge) == std::optional<std::size_t>(edge));
  for (NodeId other = 24; other < 36; ++other) CHECK_FALSE(tree->rack(other).has_value());
}
