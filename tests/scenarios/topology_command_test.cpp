/// `peloton topology` as people use it.

#include "tests/scenarios/process.hpp"

using namespace peloton::test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A timing-only scenario of these workers and these members of the cluster.
std::string scenario(int workers, const std::string& members) {
  return R"({"name": "t", "learning": false, "cluster": {"workers": )" + std::to_string(workers) + ", " + members +
         R"(}, "task": {"model": {"kind": "quadratic", "dimension": 10}}, "algorithm": {"name": "async_sgd", "learning_rate": 0.1},
             "stop": {"updates": 10}})";
}

Outcome topology_of(const TemporaryDirectory& folder, const std::string& text, const std::string& flags = "") {
  write_file((folder / "s.json").string(), text);
  return shell(folder, "peloton topology s.json " + flags);
}

}  // namespace

TEST_CASE("peloton topology tells nodes, links, routes, bottlenecks, diameter and gap", "[scenarios][topology]") {
  // Hand computation: 4 workers in 2 racks: 7 links. To the server 3 links of 50 us. Between racks 4 links, 200 us. Racks' links carry
  // 2 Gbit/s for 4 routes, 500 Mbit/s each; the server's 1 Gbit/s for 4, 250. Under switches all 6 pairs are neighbours: gap 1.
  const TemporaryDirectory folder;
  const Outcome outcome = topology_of(folder, scenario(4, R"("topology": {"kind": "two_level", "racks": 2})"));
  INFO(outcome.err);
  CHECK(outcome.code == 0);
  CHECK_THAT(outcome.out, ContainsSubstring("two_level: 4 workers, a server, 3 switches"));
  CHECK_THAT(outcome.out, ContainsSubstring("7: 5 of 1 Gbit/s, 50 us; 2 of 2 Gbit/s, 50 us"));
  CHECK_THAT(outcome.out, ContainsSubstring("w0 -> server: 3 links, 150 us, 1 Gbit/s: w0->rack0, rack0->core, core->server"));
  CHECK_THAT(outcome.out, ContainsSubstring("diameter 4 links and 200 us"));
  CHECK_THAT(outcome.out, ContainsSubstring("server->core: 1 Gbit/s, crossed by 4 routes, 250 Mbit/s each"));
  CHECK_THAT(outcome.out, ContainsSubstring("6 pairs of workers; spectral gap of their Metropolis matrix 1"));
}

TEST_CASE("the spectral gap of a ring of workers is its closed form", "[scenarios][topology]") {
  // Metropolis weights on a ring of 8 are 1/3: gap = 1/3 (2 − 2 cos(2π/8)) = 0.1953.
  const TemporaryDirectory folder;
  std::string text = scenario(8, R"("topology": {"kind": "ring"})");
  text.replace(text.find("async_sgd"), 9, "d_psgd");
  CHECK_THAT(topology_of(folder, text).out, ContainsSubstring("8 pairs of workers; spectral gap of their Metropolis matrix 0.1953"));
}

TEST_CASE("peloton topology draws, or says why not", "[scenarios][topology]") {
  const TemporaryDirectory folder;
  const std::string small = scenario(6, R"("topology": {"kind": "star"})");
  const Outcome drawn = topology_of(folder, small, "--svg star.svg");
  CHECK(drawn.code == 0);
  CHECK_THAT(drawn.out, ContainsSubstring("drawn in star.svg"));
  CHECK_THAT(read_file((folder / "star.svg").string()), ContainsSubstring("<svg xmlns=\"http://www.w3.org/2000/svg\""));

  const Outcome refused = topology_of(folder, scenario(5000, R"("topology": {"kind": "ring"})"), "--svg ring.svg");
  CHECK(refused.code == 2);
  CHECK_THAT(refused.out, ContainsSubstring("ring: 5000 workers, a server"));
  CHECK_THAT(refused.err, ContainsSubstring("--svg: 5001 nodes are too many to draw"));
  CHECK_FALSE(std::filesystem::exists(folder / "ring.svg"));
  CHECK(topology_of(folder, small, "--svg nowhere/star.svg").code == 2);
}

TEST_CASE("peloton topology of 100,000 workers takes seconds", "[scenarios][topology]") {
  const TemporaryDirectory folder;
  const Outcome outcome = topology_of(folder, scenario(100'000, R"("topology": {"kind": "two_level", "racks": 100})"), "--svg t.svg");
  INFO(outcome.err);
  CHECK(outcome.code == 0);
  CHECK_THAT(outcome.out, ContainsSubstring("200000 routes: diameter 3 links and 150 us"));
  CHECK_THAT(outcome.out, ContainsSubstring("so at least: diameter 4 links and 200 us"));
  CHECK_THAT(outcome.out, ContainsSubstring("too many for a mixing matrix"));
}

TEST_CASE("a wrong topology or placement ends with its place", "[scenarios][topology]") {
  const TemporaryDirectory folder;
  const auto refused = [&](const std::string& members, const std::string& message) {
    const Outcome outcome = topology_of(folder, scenario(4, members));
    CHECK(outcome.code == 2);
    CHECK_THAT(outcome.err, ContainsSubstring(message));
  };
  refused(R"("topology": {"kind": "fat_tree", "k": 3})", "s.json: /cluster/topology/k: must be even, got 3");
  refused(R"("topology": {"kind": "graphml", "path": "none.graphml"})", "s.json: /cluster/topology/path: no file");
  refused(R"("topology": {"kind": "star"}, "placement": {"workers": ["h0"]})",
          "s.json: /cluster/placement/workers: must name a node for each of the 4 workers, got 1");
}
