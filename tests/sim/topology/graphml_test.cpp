#include "sim/topology/graphml.hpp"

#include <fstream>

#include "tests/sim/topology/routes.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

/// a (0° N 0° E), b (0° N 1° E), c (nowhere); a─b twice, b─c with 10 bit/s.
const char* const kSmall = R"(<graphml><key attr.name="Latitude" for="node" id="y"/><key attr.name="Longitude" for="node" id="x"/>
  <key attr.name="LinkSpeedRaw" for="edge" id="s"/><graph edgedefault="undirected">
  <node id="a"><data key="x">0</data><data key="y">0</data></node><node id="b"><data key="x">1</data><data key="y">0</data></node><node id="c"/>
  <edge source="a" target="b"/><edge source="b" target="a"/><edge source="b" target="c"><data key="s">10</data></edge></graph></graphml>)";

}  // namespace

TEST_CASE("links of a GraphML file: given speeds, defaults, latency by distance", "[sim][topology][graphml]") {
  // One degree of the equator is 6371008.8 π / 180 = 111195.0797 m, at 2/3 c = 199861638.67 m/s 556,360.3 ns. c is nowhere.
  const TemporaryDirectory folder;
  std::ofstream(folder / "small.graphml") << kSmall;
  const auto topology = made(R"({"kind": "graphml", "path": "small.graphml", "bandwidth": 7, "latency": "2 ms", "geographic": true})", 2,
                             true, {.data_folder = folder.path().string()});
  CHECK(topology->name(0) == "a");
  CHECK(topology->server() == 2);
  CHECK(topology->links() == 3);
  CHECK(topology->link(0).latency.ns == 556'360);
  CHECK(topology->link(1).latency.ns == 556'360);
  CHECK(topology->link(2).latency.ns == 2'000'000);
  CHECK(topology->link(0).bandwidth == 7);
  CHECK(topology->link(2).bandwidth == 10);
  // The first of the parallel links carries everything; the slowest link of the way is the first.
  REQUIRE(route_of(*topology, 0, 2).size() == 2);
  CHECK(route_of(*topology, 0, 2)[0].id == 0);
  CHECK(topology->cost(0, 2).bandwidth == 7);
  CHECK(topology->is_map());
  // Without the wish, all links have the latency of the option.
  const auto plain =
      made(R"({"kind": "graphml", "path": "small.graphml", "latency": "2 ms"})", 0, false, {.data_folder = folder.path().string()});
  CHECK(plain->link(0).latency.ns == 2'000'000);
}

TEST_CASE("Abilene in milliseconds", "[sim][topology][graphml][data]") {
  SKIP_WITHOUT("topology/Abilene.graphml");
  // New York to Chicago lie 1,140 to 1,150 km apart: 5.70 to 5.76 ms of fibre by the great circle, their link being direct.
  const auto abilene = made(R"({"kind": "graphml", "path": "topology/Abilene.graphml", "geographic": true})", 0, false,
                            {.data_folder = data_path("").string()});
  const NodeId new_york = abilene->node("New York", {});
  const NodeId chicago = abilene->node("Chicago", {});
  CHECK(abilene->cost(new_york, chicago).latency.seconds() > 5.70e-3);
  CHECK(abilene->cost(new_york, chicago).latency.seconds() < 5.76e-3);
  CHECK(route_of(*abilene, new_york, chicago).size() == 1);
  for (NodeId from = 0; from < abilene->nodes(); ++from)
    for (NodeId to = 0; to < abilene->nodes(); ++to)
      if (from != to) REQUIRE(is_chain(*abilene, from, to));
}

TEST_CASE("GraphML networks that cannot carry the workers are refused", "[sim][topology][graphml]") {
  const TemporaryDirectory folder;
  const TopologySources sources{.data_folder = folder.path().string()};
  std::ofstream(folder / "small.graphml") << kSmall;
  CHECK_THROWS_WITH(made(R"({"kind": "graphml", "path": "small.graphml"})", 3, true, sources),
                    "s.json: /cluster/topology/path: must have a host for each of the 3 workers and one for the server, got 3 hosts "
                    "(cluster.placement lets them share)");
  std::ofstream(folder / "apart.graphml") << R"(<graphml><graph><node id="a"/><node id="b"/></graph></graphml>)";
  CHECK_THROWS_WITH(made(R"({"kind": "graphml", "path": "apart.graphml"})", 2, false, sources),
                    "s.json: /cluster/topology/path: disconnected topology: no path from \"a\" to \"b\"");
  CHECK_THROWS_WITH(made(R"({"kind": "graphml", "path": "smal.graphml"})", 2, false, sources),
                    Catch::Matchers::ContainsSubstring("did you mean \"small.graphml\"?"));
}
