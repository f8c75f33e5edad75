#include "analysis/topology/drawing.hpp"

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <sstream>

#include "tests/sim/topology/routes.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t out = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++out;
  return out;
}

/// The picture, which must be XML.
std::string drawn(const Topology& topology, const std::string& title = "x") {
  const TopologyDrawing drawing = draw_topology(topology, title);
  CHECK(drawing.why_not.empty());
  std::istringstream in(drawing.svg);
  boost::property_tree::ptree document;
  boost::property_tree::read_xml(in, document);
  CHECK(document.front().first == "svg");
  return drawing.svg;
}

}  // namespace

TEST_CASE("a drawing has a symbol for each node and a line for each link", "[analysis][topology][drawing]") {
  // By the closed forms: fat-tree k = 4 with 10 workers and a server: 16 hosts, 20 switches, 48 links; a symbol more for each of the four
  // entries of the legend. A torus 3 × 4 has 24 links.
  const std::string fat_tree = drawn(*made(R"({"kind": "fat_tree", "k": 4})", 10, true));
  CHECK(count(fat_tree, "class=\"worker\"") == 10 + 1);
  CHECK(count(fat_tree, "class=\"server\"") == 1 + 1);
  CHECK(count(fat_tree, "class=\"idle\"") == 5 + 1);
  CHECK(count(fat_tree, "class=\"switch\"") == 20 + 1);
  CHECK(count(fat_tree, "class=\"link\"") == 48);
  const std::string torus = drawn(*made(R"({"kind": "torus2d", "rows": 3, "columns": 4})", 12));
  CHECK(count(torus, "class=\"link\"") == 24);
  CHECK(count(torus, "class=\"worker\"") == 12 + 1);
}

TEST_CASE("a drawing shows what each host carries", "[analysis][topology][drawing]") {
  // Two workers and the server on h0: one symbol, called after all three; h1 with the other two workers.
  const auto topology = make_placed_topology(
      RingTopology{}, parse_options<PlacementSpec>(Json::parse(R"({"per_host": 2, "server": 0})"), {}), 4, true, {}, {});
  const std::string svg = drawn(*topology);
  CHECK(count(svg, ">h0: w0, w1, server<") >= 1);
  CHECK(count(svg, ">h1: w2, w3<") >= 1);
  CHECK(count(svg, "class=\"server\"") == 1 + 1);
  CHECK(count(svg, "class=\"worker\"") == 1 + 1);
}

TEST_CASE("hosts at switches become numbers in a large drawing", "[analysis][topology][drawing]") {
  // 10 racks of 100 workers: 10 racks, the core and the server are drawn, with 11 links.
  const std::string svg = drawn(*made(R"({"kind": "two_level", "racks": 10})", 1000, true));
  CHECK(count(svg, "class=\"switch\"") == 11 + 1);
  CHECK(count(svg, "class=\"link\"") == 11);
  CHECK(count(svg, ": 100 hosts</text>") == 10);
}

TEST_CASE("what is too large to draw says so", "[analysis][topology][drawing]") {
  const TopologyDrawing drawing = draw_topology(*made(R"("ring")", 1000), "x");
  CHECK(drawing.svg.empty());
  CHECK(drawing.why_not == "1000 nodes are too many to draw: at most 400, not counting hosts whose only link leads to a switch");
  CHECK(draw_topology(*made(R"("star")", 3'000'000), "x").svg.empty());
}

TEST_CASE("names in a drawing are escaped", "[analysis][topology][drawing]") {
  const auto topology = made(R"({"kind": "explicit", "nodes": ["<a>", "b&c"], "links": [{"name": "l", "between": ["<a>", "b&c"]}]})");
  const std::string svg = drawn(*topology, "\"quoted\" & <tagged>");
  CHECK(count(svg, "&lt;a&gt;") >= 1);
  CHECK(count(svg, "b&amp;c") >= 1);
  CHECK(count(svg, "&quot;quoted&quot; &amp; &lt;tagged&gt;") == 1);
}
