#include "sim/topology/graphml_file.hpp"

#include <cmath>
#include <fstream>
#include <numbers>
#include <set>

#include "tests/test.hpp"

using namespace peloton;
using peloton::test::data_path;
using peloton::test::TemporaryDirectory;

namespace {

GraphmlFile published(const std::string& name) { return read_graphml({name, data_path("topology/" + name + ".graphml").string()}); }

/// A file with the usual keys and this graph.
GraphmlFile read(const std::string& graph, const std::string& attributes = R"(edgedefault="undirected")") {
  const TemporaryDirectory folder;
  std::ofstream(folder / "x.graphml") << R"(<?xml version="1.0" encoding="utf-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key attr.name="label" attr.type="string" for="node" id="d1" />
  <key attr.name="Latitude" attr.type="double" for="node" id="d2" />
  <key attr.name="Longitude" attr.type="double" for="node" id="d3" />
  <key attr.name="LinkSpeedRaw" attr.type="double" for="edge" id="d4" />
  <key attr.name="LinkSpeed" attr.type="string" for="edge" id="d5" />
  <key attr.name="LinkSpeedUnits" attr.type="string" for="edge" id="d6" />
  <graph )" << attributes << ">" << graph
                                      << "</graph></graphml>";
  return read_graphml({"x.graphml", (folder / "x.graphml").string()});
}

std::string data(int key, const std::string& value) { return "<data key=\"d" + std::to_string(key) + "\">" + value + "</data>"; }
std::string node(const std::string& id, const std::string& inside = "") { return "<node id=\"" + id + "\">" + inside + "</node>"; }
std::string edge(const std::string& inside = "", const std::string& target = "b") {
  return "<edge source=\"a\" target=\"" + target + "\">" + inside + "</edge>";
}
const std::string kNodes = node("a") + node("b");

}  // namespace

TEST_CASE("files of the Topology Zoo have their published nodes and edges", "[sim][topology][graphml][data]") {
  SKIP_WITHOUT("topology/Abilene.graphml");
  // Published counts (Internet Topology Zoo; the table of the data folder). AttMpls has one parallel edge; Geant2012 has 3 nodes without
  // coordinates and 39 edges with a speed.
  const auto counts = [](const std::string& name) {
    const GraphmlFile file = published(name);
    return std::pair(file.nodes.size(), file.edges.size());
  };
  CHECK(counts("Abilene") == std::pair<std::size_t, std::size_t>(11, 14));
  CHECK(counts("Nsfnet") == std::pair<std::size_t, std::size_t>(13, 15));
  CHECK(counts("Sprint") == std::pair<std::size_t, std::size_t>(11, 18));
  CHECK(counts("AttMpls") == std::pair<std::size_t, std::size_t>(25, 57));
  CHECK(counts("Geant2012") == std::pair<std::size_t, std::size_t>(40, 61));

  const GraphmlFile geant = published("Geant2012");
  std::size_t without_place = 0;
  for (const GraphmlFile::Node& one : geant.nodes) without_place += one.place ? 0 : 1;
  CHECK(without_place == 3);
  std::size_t with_speed = 0;
  for (const GraphmlFile::Edge& one : geant.edges) with_speed += one.speed ? 1 : 0;
  CHECK(with_speed == 39);

  std::size_t parallel = 0;
  std::set<std::pair<std::size_t, std::size_t>> seen;
  for (const GraphmlFile::Edge& one : published("AttMpls").edges)
    parallel += seen.insert(std::minmax(one.source, one.target)).second ? 0 : 1;
  CHECK(parallel == 1);
}

TEST_CASE("nodes and links of a GraphML file", "[sim][topology][graphml]") {
  // By hand: a label, one that repeats, none; half a place is none; speeds in bit/s, as number and unit, in words; a loop is left out.
  const GraphmlFile file =
      read(node("a", data(1, "Bern") + data(2, "46.9") + data(3, "7.4")) + node("b", data(1, "Rome") + data(2, "41.9")) +
           node("c", data(1, "Rome")) + node("d") + edge(data(4, "2.5e9")) + edge(data(5, "155") + data(6, "M")) + edge(data(5, "T1")) +
           edge("", "a") + edge("", "d"));
  REQUIRE(file.nodes.size() == 4);
  CHECK(file.nodes[0].name == "Bern");
  CHECK(file.nodes[1].name == "Rome (b)");
  CHECK(file.nodes[2].name == "Rome (c)");
  CHECK(file.nodes[3].name == "d");
  REQUIRE(file.nodes[0].place.has_value());
  CHECK(file.nodes[0].place->latitude == 46.9);
  CHECK(file.nodes[0].place->longitude == 7.4);
  CHECK_FALSE(file.nodes[1].place.has_value());
  REQUIRE(file.edges.size() == 4);
  CHECK(file.edges[0].speed == 2.5e9);
  CHECK(file.edges[1].speed == 155e6);
  CHECK_FALSE(file.edges[2].speed.has_value());
  CHECK(file.edges[3].source == 0);
  CHECK(file.edges[3].target == 3);
}

TEST_CASE("a malformed GraphML file is refused with the element", "[sim][topology][graphml]") {
  const auto refused = [](const std::string& graph, const std::string& message) {
    CHECK_THROWS_WITH(read(graph), Catch::Matchers::ContainsSubstring("x.graphml: " + message));
  };
  refused(kNodes + edge("", "c"), "/graphml/graph/edge[1]: the target \"c\" is not a declared node");
  refused(node("node1") + edge("", "nod1"), "/graphml/graph/edge[1]: the source \"a\" is not a declared node");
  refused(kNodes + node("a"), "/graphml/graph/node[3]: a second node with the id \"a\"");
  refused("<node/>", "/graphml/graph/node[1]: needs the attribute \"id\"");
  refused(kNodes + "<edge source=\"a\"/>", "/graphml/graph/edge[1]: needs the attribute \"target\"");
  refused(node("a", data(2, "91")), "/graphml/graph/node[1]: Latitude must be a number from -90 to 90, got \"91\"");
  refused(node("a", data(3, "east")), "/graphml/graph/node[1]: Longitude must be a number from -180 to 180, got \"east\"");
  refused(node("a", data(9, "1")), "/graphml/graph/node[1]/data: the key \"d9\" is not declared for a node");
  refused(kNodes + edge() + edge(data(4, "0")), "/graphml/graph/edge[2]: the speed of a link must be > 0, got \"0\"");
  refused(kNodes + edge(data(5, "-1") + data(6, "G")), "/graphml/graph/edge[1]: the speed of a link must be > 0, got \"-1\"");
  refused(kNodes + edge(data(4, "fast")), "/graphml/graph/edge[1]: LinkSpeedRaw must be a number of bit/s, got \"fast\"");
  refused(kNodes + "<hyperedge/>", "/graphml/graph/hyperedge: is not supported: a link joins two nodes");
  refused("", "/graphml/graph: must hold nodes, got none");
  CHECK_THROWS_WITH(read(kNodes, R"(edgedefault="directed")"),
                    "x.graphml: /graphml/graph: must be undirected, since links carry both ways; got edgedefault \"directed\"");
}

TEST_CASE("what is not GraphML is refused with its line", "[sim][topology][graphml]") {
  const TemporaryDirectory folder;
  const auto refused = [&](const std::string& text, const std::string& message) {
    std::ofstream(folder / "x.graphml") << text;
    CHECK_THROWS_WITH(read_graphml({"x.graphml", (folder / "x.graphml").string()}), Catch::Matchers::ContainsSubstring(message));
  };
  refused("<graphml>\n<graph>\n</wrong></graphml>", "x.graphml: line 3: is not XML: </wrong> closes <graph>");
  refused("{\"nodes\": []}", "x.graphml: ");
  refused("<gexf/>", "x.graphml: must be a GraphML document, got <gexf>");
  refused("<graphml><graph/><graph/></graphml>", "x.graphml: /graphml: must hold one graph, got 2");
  std::string deep = "<graphml>";
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  refused(deep, "x.graphml: is nested deeper than 1000 elements");
}

TEST_CASE("great-circle distances", "[sim][topology][graphml]") {
  // Closed forms on a sphere of radius 6371.0088 km: a quarter of the equator, pole to pole, along a meridian; and, as an independent
  // formula, the spherical law of cosines between New York and Seattle.
  constexpr double kRadius = 6'371'008.8;
  constexpr double kPi = std::numbers::pi;
  CHECK(great_circle({0, 0}, {0, 90}) == Approx(kRadius * kPi / 2));
  CHECK(great_circle({90, 0}, {-90, 77}) == Approx(kRadius * kPi));
  CHECK(great_circle({10, 20}, {11, 20}) == Approx(kRadius * kPi / 180));
  CHECK(great_circle({0, 179}, {0, -179}) == Approx(kRadius * kPi / 90));
  CHECK(great_circle({5, 5}, {5, 5}) == 0);
  const auto r = [](double degrees) { return degrees * kPi / 180; };
  const double cosine =
      std::sin(r(40.71427)) * std::sin(r(47.60621)) + std::cos(r(40.71427)) * std::cos(r(47.60621)) * std::cos(r(-74.00597 + 122.33207));
  CHECK(great_circle({40.71427, -74.00597}, {47.60621, -122.33207}) == Approx(kRadius * std::acos(cosine)));
}
