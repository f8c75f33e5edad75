#include "analysis/topology/facts.hpp"

#include <cmath>

#include "tests/sim/topology/routes.hpp"

using namespace peloton;
using namespace peloton::test;

TEST_CASE("bisections of tori, fat-trees, dragonflies and trees are those of their closed forms", "[analysis][topology]") {
  // Workers are numbered such that the first half is one side of the cut; links carry 10 bit/s each way.
  //   torus 4 × 6, cut between rows 1|2 and 3|0: 2 · 6 links;            ring of 8: 2 links;       complete of 6: 3 · 3 links
  //   fat-tree k = 4, two pods against two: every host at full rate, 8;    k = 6, three against three: 27
  //   dragonfly of 4 groups, 2 · 2 links between two and two;              star of 7: 3 against 4 hosts
  //   two_level, 2 racks of 4, oversubscription 4: 4 · 10 / 4 in all
  const auto capacity = [](const char* json, std::size_t workers) { return capacity_between_halves(*made(json, workers)); };
  CHECK(capacity(R"({"kind": "torus2d", "rows": 4, "columns": 6, "bandwidth": 10})", 24) == 120.0);
  CHECK(capacity(R"({"kind": "ring", "bandwidth": 10})", 8) == 20.0);
  CHECK(capacity(R"({"kind": "complete", "bandwidth": 10})", 6) == 90.0);
  CHECK(capacity(R"({"kind": "fat_tree", "k": 4, "bandwidth": 10})", 16) == 80.0);
  CHECK(capacity(R"({"kind": "fat_tree", "k": 6, "bandwidth": 10})", 54) == 270.0);
  CHECK(capacity(R"({"kind": "dragonfly", "groups": 4, "routers": 3, "hosts": 4, "bandwidth": 10})", 48) == 40.0);
  CHECK(capacity(R"({"kind": "star", "bandwidth": 10})", 7) == 30.0);
  CHECK(capacity(R"({"kind": "two_level", "racks": 2, "bandwidth": 10, "oversubscription": 4})", 8) == 10.0);
}

TEST_CASE("capacities without a limit, without halves, and of large networks", "[analysis][topology]") {
  CHECK(std::isinf(*capacity_between_halves(*made(R"({"kind": "star", "bandwidth": "inf"})", 4))));
  CHECK_FALSE(capacity_between_halves(*made(R"("star")", 1)).has_value());
  CHECK_FALSE(capacity_between_halves(*made(R"("star")", 100'000)).has_value());
  const auto together =
      make_placed_topology(StarTopology{}, parse_options<PlacementSpec>(Json::parse(R"({"per_host": 3})"), {}), 4, false, {}, {});
  CHECK_FALSE(capacity_between_halves(*together).has_value());  // workers 0, 1 and 2 share h0
}

TEST_CASE("diameters, means and bottlenecks of a small tree", "[analysis][topology]") {
  // Two racks of two workers under a core with the server; 10 bit/s at hosts and server, 5 up from a rack; latencies 1, core 3, server 2.
  // Server routes: 8, each 3 links and 1 + 3 + 2 s; 4 of them share the server's link one way, 2.5 bit/s each, and 2 a rack's: 2.5, too.
  // Between workers: 12 routes, 4 of 2 links and 2 s, 8 of 4 links and 8 s; a rack's link carries 4 of them each way: 1.25 bit/s each.
  const auto tree = made(R"({"kind": "two_level", "racks": 2, "bandwidth": 10, "oversubscription": 4, "latency": 1, "core_latency": 3,
                             "server_latency": 2})",
                         4, true);
  const TopologyFacts facts = topology_facts(*tree);
  CHECK(facts.server.all());
  CHECK(facts.server.pairs == 8);
  CHECK(facts.server.most_links == 3);
  CHECK(facts.server.most_latency.seconds() == 6);
  REQUIRE_FALSE(facts.server.bottlenecks.empty());
  CHECK(facts.server.bottlenecks[0].share() == 2.5);
  CHECK(facts.workers.pairs == 12);
  CHECK(facts.workers.most_links == 4);
  CHECK(facts.workers.mean_links == Approx(40.0 / 12));
  CHECK(facts.workers.mean_seconds == Approx(72.0 / 12));
  CHECK(facts.workers.most_latency.seconds() == 8);
  REQUIRE_FALSE(facts.workers.bottlenecks.empty());
  CHECK(facts.workers.bottlenecks[0].routes == 4);
  CHECK(facts.workers.bottlenecks[0].share() == 1.25);
  CHECK(tree->link_name(facts.workers.bottlenecks[0].resource) == "rack0->core");
  REQUIRE(facts.links.size() == 3);  // 4 hosts, 2 racks, 1 server
  CHECK(facts.links[0].count == 4);
  CHECK(facts.links[1].count == 2);
  CHECK(facts.links[1].bandwidth == 5);
}

TEST_CASE("the routes of a network too large for all of them are sampled", "[analysis][topology]") {
  // 10⁵ workers on a tree: some of 10¹⁰ pairs; the longest route has 4 links, and a sample spread evenly finds one.
  const TopologyFacts facts = topology_facts(*made(R"("two_level")", 100'000, true));
  CHECK(facts.server.all());
  CHECK_FALSE(facts.workers.all());
  CHECK(facts.workers.pairs == 100'000ULL * 99'999);
  CHECK(facts.workers.most_links == 4);
  CHECK_FALSE(facts.between_halves.has_value());
  // A ring of 10⁵ has routes of 50,000 links.
  CHECK_FALSE(topology_facts(*made(R"("ring")", 100'000, false)).workers.all());
}

TEST_CASE("networks without workers, and with parts apart, have facts of their hosts", "[analysis][topology]") {
  // a─b, c─d: 4 ordered pairs reach each other, each over one link.
  const TopologyFacts facts = topology_facts(*made(
      R"({"kind": "explicit", "nodes": ["a", "b", "c", "d"], "links": [{"name": "1", "between": ["a", "b"]}, {"name": "2", "between": ["c", "d"]}]})"));
  CHECK(facts.server.pairs == 0);
  CHECK(facts.workers.pairs == 4);
  CHECK(facts.workers.all());
  CHECK(facts.workers.most_links == 1);
  CHECK(facts.between_halves == 0.0);
}
