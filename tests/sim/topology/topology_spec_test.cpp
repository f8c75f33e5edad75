#include "sim/topology/topology_spec.hpp"

#include "tests/test.hpp"

using namespace peloton;

namespace {

const Place kPlace{"s.json", "/cluster/topology"};

TopologySpec parse(const char* text) { return OptionType<TopologySpec>::parse(Json::parse(text), kPlace); }

}  // namespace

TEST_CASE("a topology is chosen by its kind", "[sim][topology][spec]") {
  // With 4 workers and a server: star 6 nodes (a switch), ring and complete 5, explicit as declared. The default is a star of
  // 1 Gbit/s and 50 us: two links are 100 us.
  CHECK(make_topology(parse(R"({"kind": "star"})"), 4, true, kPlace)->nodes() == 6);
  CHECK(make_topology(parse(R"("Ring")"), 4, true, kPlace)->nodes() == 5);
  CHECK(make_topology(parse(R"({"kind": "complete", "latency": "1 ms"})"), 4, true, kPlace)->nodes() == 5);
  CHECK(make_topology(parse(R"({"kind": "explicit", "nodes": ["a", "b"], "links": [{"name": "l", "between": ["a", "b"]}]})"), 0, false,
                      kPlace)
            ->nodes() == 2);
  const auto standard = make_topology(TopologySpec{}, 4, true, kPlace);
  CHECK(standard->cost(0, 4).latency.ns == 100'000);
  CHECK(standard->cost(0, 4).bandwidth == 1e9);
}

TEST_CASE("what was read as a topology is written so that it reads the same", "[sim][topology][spec]") {
  // Invariant: write ∘ parse is the identity on what write gave.
  for (const char* text : {R"("star")", R"({"kind": "star", "server_bandwidth": "10 Gbps"})", R"({"kind": "ring", "bandwidth": "inf"})",
                           R"({"kind": "explicit", "nodes": ["a", "b"], "links": [{"name": "l", "between": ["a", "b"], "sharing": "half"}],
                               "routes": [{"from": "a", "to": "b", "links": ["l"]}], "placement": {"server": "b"}})"}) {
    const Json written = write_options(parse(text));
    CHECK(write_options(OptionType<TopologySpec>::parse(written, kPlace)) == written);
  }
}

TEST_CASE("wrong options of a topology are refused with their place", "[sim][topology][spec]") {
  const auto refused = [](const char* text, const char* message) { CHECK_THROWS_WITH(parse(text), message); };
  refused(R"({"kind": "strar"})",
          "s.json: /cluster/topology/kind: must be one of star, two_level, ring, complete, torus2d, fat_tree, dragonfly, random_regular, "
          "erdos_renyi, watts_strogatz, graphml, latency_matrix, explicit, got \"strar\" (did you mean \"star\"?)");
  refused(R"({"kind": "star", "bandwidth": 0})", "s.json: /cluster/topology/bandwidth: must be > 0, got 0");
  refused(R"({"kind": "star", "server_bandwidth": "-1 Gbps"})", "s.json: /cluster/topology/server_bandwidth: must be > 0, got \"-1 Gbps\"");
  refused(R"({"kind": "ring", "latency": "-1 ms"})",
          "s.json: /cluster/topology/latency: must be ≥ 0 and ≤ 3600 (in seconds; an hour at most), got \"-1 ms\"");
  refused(R"({"kind": "complete", "lateny": "1 ms"})", "s.json: /cluster/topology/lateny: unknown key (did you mean \"latency\"?)");
  for (const char* kind : {R"("star")", R"("ring")", R"("complete")"})
    CHECK_THROWS_WITH(make_topology(parse(kind), 0, false, kPlace), Catch::Matchers::ContainsSubstring("needs the number of workers"));
}
