#include "sim/topology/two_level.hpp"

#include "tests/sim/topology/routes.hpp"

using namespace peloton;
using namespace peloton::test;

TEST_CASE("messages of a two-level tree climb to the rack or to the core", "[sim][topology][two_level]") {
  // w0 w1 w2 ─ rack0 ─┐
  // w3 w4    ─ rack1 ─┴ core ─ server      workers 1 s and 10 bit/s, racks 5 s and 3 · 10 / 2 bit/s, server 7 s and 4 bit/s
  const auto tree = made(R"({"kind": "two_level", "racks": 2, "workers_per_rack": 3, "bandwidth": 10, "latency": 1, "core_latency": 5,
                             "oversubscription": 2, "server_latency": 7, "server_bandwidth": 4})",
                         5, true);
  CHECK(tree->nodes() == 5 + 1 + 1 + 3);  // a host is left over
  CHECK(tree->links() == 6 + 1 + 2);
  const auto cost = [&](const char* from, const char* to) { return tree->cost(tree->node(from, {}), tree->node(to, {})); };
  CHECK(cost("w0", "w2").latency.seconds() == 2);
  CHECK(cost("w0", "w2").bandwidth == 10);
  CHECK(cost("w0", "w3").latency.seconds() == 1 + 5 + 5 + 1);
  CHECK(cost("w0", "w3").bandwidth == 10);
  CHECK(cost("w0", "server").latency.seconds() == 1 + 5 + 7);
  CHECK(cost("server", "w4").bandwidth == 4);
  CHECK(cost("h6", "w3").latency.seconds() == 2);
  CHECK(cost("rack1", "w3").latency.seconds() == 1);
  CHECK(cost("rack1", "rack0").latency.seconds() == 10);
  CHECK(cost("core", "w0").latency.seconds() == 6);
  CHECK(cost("rack0", "rack1").bandwidth == 15);
  std::string names;
  for (const Resource& hop : route_of(*tree, 4, 0)) names += tree->link_name(hop.id) + " ";
  CHECK(names == "w4->rack1 rack1->core core->rack0 rack0->w0 ");
}

TEST_CASE("racks are as many as asked for, or about the root of the workers", "[sim][topology][two_level]") {
  // Hand computation: links = hosts + racks. 100 workers: 10 racks of 10; 10 workers: 4 racks of 3; 3 racks for 10: 4 each; racks of 4: 3.
  const auto links = [](const char* json, std::size_t workers) { return made(json, workers, false)->links(); };
  CHECK(links(R"("two_level")", 100) == 100 + 10);
  CHECK(links(R"("two_level")", 10) == 12 + 4);
  CHECK(links(R"({"kind": "two_level", "racks": 3})", 10) == 12 + 3);
  CHECK(links(R"({"kind": "two_level", "workers_per_rack": 4})", 10) == 12 + 3);
  CHECK(links(R"("two_level")", 1) == 1 + 1);
}

TEST_CASE("wrong two-level trees are refused with their place", "[sim][topology][two_level]") {
  CHECK_THROWS_WITH(made(R"({"kind": "two_level", "racks": 2, "workers_per_rack": 3})", 7, false),
                    "s.json: /cluster/topology: must have a host for each of the 7 workers, got 2 racks of 3");
  CHECK_THROWS_WITH(made(R"({"kind": "two_level", "oversubscription": 2, "core_bandwidth": "1 Gbps"})", 7, false),
                    "s.json: /cluster/topology: takes \"oversubscription\" or \"core_bandwidth\", got both");
  CHECK_THROWS_WITH(made(R"({"kind": "two_level", "core_bandwidth": 0})", 7, false),
                    "s.json: /cluster/topology/core_bandwidth: must be > 0, got 0");
  CHECK_THROWS_WITH(made(R"("two_level")", 0, false), Catch::Matchers::ContainsSubstring("needs the number of workers"));
}

TEST_CASE("racks of a two-level tree", "[sim][topology][two_level]") {
  // By hand: two racks of three, five workers; the server and the core stand in none, a rack's switch in its rack.
  const auto tree = made(R"({"kind": "two_level", "racks": 2, "workers_per_rack": 3})", 5, true);
  std::vector<std::optional<std::size_t>> racks;
  for (NodeId node = 0; node < tree->nodes(); ++node) racks.push_back(tree->rack(node));
  // w0 … w4, the server, h6 (the free host), core, rack0, rack1
  CHECK(racks == std::vector<std::optional<std::size_t>>{0, 0, 0, 1, 1, std::nullopt, 1, std::nullopt, 0, 1});
}
