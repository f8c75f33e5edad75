#include "sim/topology/explicit.hpp"

#include "sim/topology/topology_spec.hpp"
#include "tests/test.hpp"

using namespace peloton;

namespace {

const Place kPlace{"s.json", "/cluster/topology"};

std::unique_ptr<Topology> make(const std::string& members, std::size_t workers = 0, bool server = false) {
  const Json json = Json::parse(R"({"kind": "explicit", )" + members + "}");
  return make_topology(OptionType<TopologySpec>::parse(json, kPlace), workers, server, kPlace);
}

/// The names of the nodes in the order of their numbers.
std::vector<std::string> names(const Topology& topology) {
  std::vector<std::string> out;
  for (NodeId i = 0; i < topology.nodes(); ++i) out.push_back(topology.name(i));
  return out;
}

std::vector<std::uint64_t> ids(const Topology& topology, const char* from, const char* to) {
  std::vector<Resource> route;
  topology.route(topology.node(from, {}), topology.node(to, {}), route);
  std::vector<std::uint64_t> out;
  for (const Resource& r : route) out.push_back(r.id);
  return out;
}

/// a ─ s ─ b, c ─ s, declared as b, s, a, c; and a direct link a ─ c that is slow to arrive.
const std::string kSmall = R"("nodes": ["b", "s", "a", "c"],
    "links": [{"name": "as", "between": ["a", "s"], "latency": "1 ms"}, {"name": "bs", "between": ["b", "s"], "latency": "1 ms"},
              {"name": "cs", "between": ["c", "s"], "latency": "1 ms", "bandwidth": "2 Gbps"}, {"name": "ac", "between": ["a", "c"], "latency": "5 ms"}])";

}  // namespace

TEST_CASE("an explicit topology numbers nodes by their placement", "[sim][topology][explicit]") {
  using Names = std::vector<std::string>;
  // The rules of the scenario contract, by hand, on nodes declared as b, s, a, c.
  CHECK(names(*make(kSmall)) == Names{"b", "s", "a", "c"});           // no workers: as declared
  CHECK(names(*make(kSmall, 2, true)) == Names{"b", "s", "c", "a"});  // the last node is the server
  CHECK(names(*make(kSmall, 2, false)) == Names{"b", "s", "a", "c"});
  CHECK(names(*make(kSmall + R"(, "placement": {"server": "s"})", 3, true)) == Names{"b", "a", "c", "s"});
  CHECK(names(*make(kSmall + R"(, "placement": {"server": "s"})", 2, false)) == Names{"b", "a", "s", "c"});  // kept free all the same
  CHECK(names(*make(kSmall + R"(, "placement": {"workers": ["c", "a"]})", 2, true)) == Names{"c", "a", "s", "b"});
  CHECK(names(*make(kSmall + R"(, "placement": {"workers": ["c", "a"], "server": "b"})", 2, true)) == Names{"c", "a", "b", "s"});

  const std::string named = R"("nodes": ["server", "x", "y"],
      "links": [{"name": "1", "between": ["server", "x"]}, {"name": "2", "between": ["server", "y"]}])";
  const auto topology = make(named, 2, true);
  CHECK(names(*topology) == Names{"x", "y", "server"});
  CHECK(topology->server() == 2);
  CHECK(topology->workers() == 2);
  CHECK(names(*make(named, 2, false)) == Names{"x", "y", "server"});
}

TEST_CASE("explicit routes go by latency", "[sim][topology][explicit]") {
  // By hand: a→c over s is 2 ms, directly 5 ms. Links as 0, bs 1, cs 2, ac 3; the way from the second node to the first is odd.
  const auto topology = make(kSmall);
  CHECK(ids(*topology, "a", "c") == std::vector<std::uint64_t>{0, 5});
  CHECK(ids(*topology, "c", "a") == std::vector<std::uint64_t>{4, 1});
  CHECK(ids(*topology, "b", "s") == std::vector<std::uint64_t>{2});
  const PathCost cost = topology->cost(topology->node("a", {}), topology->node("c", {}));
  CHECK(cost.latency.ns == 2'000'000);
  CHECK(cost.bandwidth == 1e9);
  // Numbering for a placement does not change routes.
  const auto placed = make(kSmall, 3, true);
  CHECK(ids(*placed, "a", "c") == std::vector<std::uint64_t>{0, 5});
}

TEST_CASE("a given route overrides the shortest path of its direction", "[sim][topology][explicit]") {
  const auto topology =
      make(kSmall + R"(, "routes": [{"from": "a", "to": "c", "links": ["ac"]}, {"from": "b", "to": "c", "links": ["bs", "as", "ac"]}])", 3,
           true);
  CHECK(ids(*topology, "a", "c") == std::vector<std::uint64_t>{6});
  CHECK(ids(*topology, "c", "a") == std::vector<std::uint64_t>{4, 1});
  CHECK(ids(*topology, "b", "c") == std::vector<std::uint64_t>{2, 1, 6});
  const PathCost cost = topology->cost(topology->node("b", {}), topology->node("c", {}));
  CHECK(cost.latency.ns == 7'000'000);
  CHECK(cost.bandwidth == 1e9);
}

TEST_CASE("half-duplex links have one resource, fatpipes are marked", "[sim][topology][explicit]") {
  const auto topology = make(R"("nodes": ["a", "b", "c"], "links": [{"name": "h", "between": ["a", "b"], "sharing": "half"},
      {"name": "p", "between": ["b", "c"], "sharing": "fatpipe", "bandwidth": 5}])");
  CHECK(ids(*topology, "a", "b") == ids(*topology, "b", "a"));
  std::vector<Resource> route;
  topology->route(0, 2, route);
  REQUIRE(route.size() == 2);
  CHECK_FALSE(route[0].fatpipe);
  CHECK(route[1].fatpipe);
  CHECK(route[1].bandwidth == 5);
}

TEST_CASE("parts of a network without workers may be apart", "[sim][topology][explicit]") {
  const auto topology =
      make(R"("nodes": ["a", "b", "c", "d"], "links": [{"name": "1", "between": ["a", "b"]}, {"name": "2", "between": ["c", "d"]}])");
  CHECK(topology->reachable(0, 1));
  CHECK_FALSE(topology->reachable(0, 2));
  CHECK_THROWS_WITH(topology->cost(0, 2), "disconnected topology: no path from \"a\" to \"c\"");
  std::vector<Resource> route;
  CHECK_THROWS_AS(topology->route(3, 1, route), InputError);
}

TEST_CASE("wrong explicit topologies are refused with their place", "[sim][topology][explicit]") {
  const std::string at = "s.json: /cluster/topology";
  const auto refused = [&](const std::string& members, const std::string& message, std::size_t workers = 0, bool server = false) {
    CHECK_THROWS_WITH(make(members, workers, server), at + message);
  };
  const std::string ab = R"("nodes": ["a", "b"], "links": )";
  refused(R"("nodes": [], "links": [])", "/nodes: must name at least one node, got []");
  refused(R"("nodes": ["a", "a"], "links": [])", "/nodes/1: node names must differ, got \"a\" twice");
  refused(R"("nodes": ["a", ""], "links": [])", "/nodes/1: a node needs a name, got \"\"");
  refused(ab + R"([{"name": "l", "between": ["a", "b"]}, {"name": "l", "between": ["b", "a"]}])",
          "/links/1/name: link names must differ, got \"l\" twice");
  refused(R"("nodes": ["left", "right"], "links": [{"name": "l", "between": ["left", "rihgt"]}])",
          "/links/0/between/1: unknown node \"rihgt\" (did you mean \"right\"?)");
  refused(ab + R"([{"name": "l", "between": ["a"]}])", "/links/0/between: must name two nodes, got 1");
  refused(ab + R"([{"name": "l", "between": ["a", "a"]}])", "/links/0/between: a link joins two different nodes, got \"a\" twice");
  refused(ab + R"([{"name": "l", "between": ["a", "b"], "bandwidth": 0}])", "/links/0/bandwidth: must be > 0, got 0");
  refused(ab + R"([{"name": "l", "between": ["a", "b"], "latency": -1}])",
          "/links/0/latency: must be ≥ 0 and ≤ 3600 (in seconds; an hour at most), got -1");
  refused(ab + R"([{"name": "l", "between": ["a", "b"], "sharing": "ful"}])",
          "/links/0/sharing: must be one of full, half, fatpipe, got \"ful\" (did you mean \"full\"?)");

  const auto route = [&](const std::string& text) {
    return kSmall + R"(, "routes": [{"from": "a", "to": "b", "links": ["as", "bs"]}, )" + text + "]";
  };
  refused(route(R"({"from": "a", "to": "c", "links": ["as", "xs"]})"), "/routes/1/links/1: unknown link \"xs\" (did you mean \"as\"?)");
  refused(route(R"({"from": "a", "to": "c", "links": ["as", "ac"]})"),
          "/routes/1/links/1: the route has a gap: it is at \"s\", but link \"ac\" joins \"a\" and \"c\"");
  refused(route(R"({"from": "a", "to": "c", "links": ["as"]})"), "/routes/1/links: the route has a gap: it ends at \"s\", not at \"c\"");
  refused(route(R"({"from": "a", "to": "c", "links": []})"), "/routes/1/links: the route has a gap: it ends at \"a\", not at \"c\"");
  refused(route(R"({"from": "a", "to": "c", "links": ["as", "as"]})"), "/routes/1/links/1: the route comes to \"a\" twice");
  refused(route(R"({"from": "a", "to": "b", "links": ["as", "bs"]})"), "/routes/1: a second route from \"a\" to \"b\"");
  refused(route(R"({"from": "a", "to": "a", "links": []})"), "/routes/1: a route joins two different nodes, got \"a\" twice");

  refused(kSmall, "/nodes: must have a node for each of the 4 workers and one for the server, got 4 nodes", 4, true);
  refused(kSmall, "/nodes: must have a node for each of the 5 workers, got 4 nodes", 5);
  const auto placed = [&](const std::string& text) { return kSmall + R"(, "placement": )" + text; };
  refused(placed(R"({"workers": ["a"]})"), "/placement/workers: must name a node for each of the 2 workers, got 1", 2);
  refused(placed(R"({"workers": ["a", "a"]})"), "/placement/workers/1: node \"a\" carries a worker already", 2);
  refused(placed(R"({"workers": ["a", "b"], "server": "b"})"), "/placement/server: node \"b\" carries a worker already", 2, true);
  refused(placed(R"({"workers": ["a", "x"]})"), "/placement/workers/1: unknown node \"x\"", 2);
  refused(placed(R"({"workers": ["a", "b", "c", "s"]})"), "/nodes: must have a node without a worker for the server", 4, true);
  refused(placed(R"({"workers": ["a", "b"]})"),
          "/placement: places workers or a server, but the scenario has no workers (cluster.workers)");
  refused(R"("nodes": ["a", "b", "c", "d"], "links": [{"name": "1", "between": ["a", "b"]}, {"name": "2", "between": ["c", "d"]}])",
          ": disconnected topology: no path from \"a\" to \"c\"", 3);
}
