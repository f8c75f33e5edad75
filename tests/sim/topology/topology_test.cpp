#include "sim/topology/topology.hpp"

#include "tests/sim/topology/routes.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

/// Small instances of every kind that needs no file, with odd sizes, hosts left over, and a server or none.
struct Instance {
  const char* json;
  std::size_t workers;
  bool server;
};
const std::vector<Instance> kInstances = {
    {R"({"kind": "star", "server_bandwidth": 7, "server_latency": 3})", 5, true},
    {R"({"kind": "two_level", "racks": 3, "core_latency": "1 ms", "oversubscription": 4})", 7, true},
    {R"({"kind": "two_level", "racks": 2, "workers_per_rack": 5})", 6, false},
    {R"({"kind": "ring"})", 2, false},
    {R"({"kind": "ring"})", 6, true},
    {R"({"kind": "complete"})", 5, true},
    {R"({"kind": "complete"})", 6, false},
    {R"({"kind": "torus2d", "rows": 4, "columns": 5})", 19, true},
    {R"({"kind": "torus2d", "rows": 2, "columns": 2})", 3, false},
    {R"({"kind": "torus2d", "rows": 1, "columns": 6})", 6, false},
    {R"({"kind": "torus2d"})", 13, false},
    {R"({"kind": "fat_tree", "k": 4})", 12, true},
    {R"({"kind": "fat_tree"})", 40, false},
    {R"({"kind": "dragonfly", "groups": 5, "routers": 3, "hosts": 2, "global_latency": "1 ms", "global_bandwidth": 5})", 28, true},
    {R"({"kind": "dragonfly", "groups": 1, "routers": 4, "hosts": 1})", 4, false},
    {R"({"kind": "dragonfly"})", 60, false},
    {R"({"kind": "random_regular", "degree": 3})", 9, true},
    {R"({"kind": "erdos_renyi", "probability": 0.4})", 10, false},
    {R"({"kind": "watts_strogatz", "routing": "hops"})", 10, false},
};

}  // namespace

TEST_CASE("every route is a chain of links whose sums are its cost", "[sim][topology]") {
  // Invariant, over all ordered pairs of hosts.
  for (const Instance& instance : kInstances) {
    INFO(instance.json);
    const auto topology = made(instance.json, instance.workers, instance.server);
    for (NodeId from = 0; from < topology->hosts(); ++from)
      for (NodeId to = 0; to < topology->hosts(); ++to)
        if (from != to) REQUIRE(is_chain(*topology, from, to));
  }
}

TEST_CASE("nodes are found by their names, links are called after their ends", "[sim][topology]") {
  // Invariant: find inverts name where nodes send and receive; a host goes by its host name, too; link i is resources 2i and 2i + 1.
  for (const Instance& instance : kInstances) {
    INFO(instance.json);
    const auto topology = made(instance.json, instance.workers, instance.server);
    for (NodeId node = 0; node < topology->hosts(); ++node) {
      REQUIRE(topology->find(topology->name(node)) == node);
      REQUIRE(topology->find(topology->host_name(node)) == node);
    }
    for (std::size_t i = 0; i < topology->links(); ++i) {
      const PhysicalLink link = topology->link(i);
      REQUIRE(link.a != link.b);
      REQUIRE(topology->link_name(2 * i) == topology->name(link.a) + "->" + topology->name(link.b));
      REQUIRE(topology->link_name(2 * i + 1) == topology->name(link.b) + "->" + topology->name(link.a));
    }
    CHECK(topology->positions().size() == topology->nodes());
    CHECK_FALSE(topology->find("w999").has_value());
    CHECK_FALSE(topology->find("h999").has_value());
    CHECK_FALSE(topology->find("w01").has_value());
  }
}

TEST_CASE("routes of trees and tori are as short as can be", "[sim][topology]") {
  // Reference: Boost's shortest paths by the number of links. (A dragonfly's minimal routing may take one more than a detour.)
  for (const char* json : {R"({"kind": "star"})", R"({"kind": "two_level", "racks": 4})", R"({"kind": "ring"})", R"({"kind": "complete"})",
                           R"({"kind": "torus2d", "rows": 3})", R"({"kind": "fat_tree", "k": 6})"}) {
    INFO(json);
    const auto topology = made(json, 23, true);
    for (NodeId from = 0; from < 24; ++from) {
      const std::vector<int> fewest = fewest_links(*topology, from);
      for (NodeId to = 0; to < 24; ++to)
        if (from != to) REQUIRE(static_cast<int>(route_of(*topology, from, to).size()) == fewest[to]);
    }
  }
}

TEST_CASE("a topology of a million workers costs nothing", "[sim][topology]") {
  // Hand computation: names and routes of the last worker; the test would not end if links were stored or walked.
  const auto tree = made(R"({"kind": "two_level", "workers_per_rack": 40})", 1'000'000, true);
  CHECK(tree->name(999'999) == "w999999");
  CHECK(route_of(*tree, 999'999, 0).size() == 4);
  CHECK(tree->links() == 1'000'001 + 25'000);
  const auto fat_tree = made(R"({"kind": "fat_tree", "k": 160})", 1'000'000, true);
  CHECK(route_of(*fat_tree, 999'999, 0).size() == 6);
  const auto torus = made(R"({"kind": "torus2d", "rows": 1000, "columns": 1000})", 1'000'000, false);
  CHECK(route_of(*torus, 999'999, 0).size() == 2);
  const auto dragonfly = made(R"("dragonfly")", 1'000'000, true);
  CHECK(route_of(*dragonfly, 999'999, 0).size() <= 5);
}

TEST_CASE("numbers are read behind their prefix only", "[sim][topology]") {
  CHECK(number_after("rack", "rack0") == 0U);
  CHECK(number_after("rack", "rack12") == 12U);
  for (const char* wrong : {"rack", "rack01", "rack1x", "rack-1", "Rack1", "rack 1", "rack99999999999999999999"})
    CHECK_FALSE(number_after("rack", wrong).has_value());
}
