#include "sim/topology/placement.hpp"

#include "tests/sim/network/flow_run.hpp"
#include "tests/sim/topology/routes.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

const Place kCluster{"s.json", "/cluster"};

std::unique_ptr<Topology> placed(const std::string& topology, const std::string& placement, std::size_t workers, std::size_t servers,
                                 std::uint64_t seed = 1) {
  return make_placed_topology(OptionType<TopologySpec>::parse(Json::parse(topology), kCluster / "topology"),
                              parse_options<PlacementSpec>(Json::parse(placement), kCluster / "placement"), workers, servers, kCluster,
                              {.seed = seed});
}

/// The hosts of workers 0, 1, … and, last, that of the server.
std::string hosts(const Topology& topology) {
  std::string out;
  const std::size_t ends = topology.workers() + (topology.server() == kNoNode ? 0 : 1);
  for (NodeId i = 0; i < ends; ++i) out += topology.host_name(topology.carrier(i)) + " ";
  return out;
}

}  // namespace

TEST_CASE("workers are placed on the first hosts, round and round, or as listed", "[sim][topology][placement]") {
  // By hand. The server's own host is the one after the hosts that the workers need.
  CHECK(hosts(*placed(R"("star")", R"({"per_host": 2})", 5, true)) == "h0 h0 h1 h1 h2 h3 ");
  CHECK(hosts(*placed(R"("star")", R"({"per_host": 2, "workers": "round_robin"})", 5, true)) == "h0 h1 h2 h0 h1 h3 ");
  CHECK(hosts(*placed(R"("star")", R"({"workers": ["h2", "h0", 1], "server": "h0"})", 3, true)) == "h2 h0 h1 h0 ");
  CHECK(hosts(*placed(R"("star")", R"({"server": "switch"})", 2, true)) == "h0 h1 switch ");
  CHECK(hosts(*placed(R"({"kind": "fat_tree", "k": 2})", R"({"per_host": 3, "server": 1})", 5, true)) == "h0 h0 h0 h1 h1 h1 ");
  // All 16 hosts of the fat-tree take part, not only the least number, and the server keeps h2 for itself.
  CHECK(hosts(*placed(R"({"kind": "fat_tree", "k": 4})", R"({"per_host": 2, "workers": "round_robin"})", 4, true)) == "h0 h1 h3 h4 h2 ");
}

TEST_CASE("random places are drawn by the seed and fill no host beyond its measure", "[sim][topology][placement]") {
  // Invariants: a function of the seed; 12 workers at most 2 on each of 6 hosts fill them all.
  const auto draw = [](std::uint64_t seed) {
    return hosts(*placed(R"("star")", R"({"workers": "random", "per_host": 2})", 12, false, seed));
  };
  CHECK(draw(1) == draw(1));
  CHECK(draw(1) != draw(2));
  const auto topology = placed(R"("star")", R"({"workers": "random", "per_host": 2})", 12, false);
  std::vector<int> count(topology->nodes());
  for (NodeId w = 0; w < 12; ++w) ++count[topology->carrier(w)];
  CHECK(std::count(count.begin(), count.end(), 2) == 6);
}

TEST_CASE("workers on one host share its link", "[sim][topology][placement][fluid]") {
  // Two workers on h0 (8 Mbit/s), a server on h1: 1 MB each at once takes 2 s at half the rate, and 2 latencies of 1 ms.
  const auto topology = placed(R"({"kind": "star", "bandwidth": "8 Mbps", "latency": "1 ms"})", R"({"per_host": 2})", 2, true);
  FlowRun run(*topology);
  const auto a = run.send(0, "w0", "server", 8'000'000);
  const auto b = run.send(0, "w1", "server", 8'000'000);
  run.run();
  CHECK(run.finish_ns(a) == 2'002'000'000);
  CHECK(run.finish_ns(b) == 2'002'000'000);
}

TEST_CASE("messages inside a host take no time, or that of the loopback", "[sim][topology][placement][fluid]") {
  const std::string star = R"({"kind": "star", "bandwidth": "8 Mbps", "latency": "1 ms"})";
  for (const NetworkSpec& network :
       {NetworkSpec(FluidNetwork{}), NetworkSpec(ConstantNetwork{}), NetworkSpec(FifoNetwork{}), NetworkSpec(BroadcastNetwork{})}) {
    const auto plain = placed(star, R"({"per_host": 2})", 2, false);
    FlowRun at_once(*plain, network);
    const auto first = at_once.send(0, "w0", "w1", 8'000'000);
    CHECK(at_once.run().finish_ns(first) == 0);
    // 3 us and 8 Mbit at 8 Gbit/s: 1 ms. Two at once do not slow each other.
    const auto stated = placed(star, R"({"per_host": 2, "loopback_latency": "3 us", "loopback_bandwidth": "8 Gbps"})", 2, false);
    FlowRun run(*stated, network);
    const auto a = run.send(0, "w0", "w1", 8'000'000);
    const auto b = run.send(0, "w1", "w0", 8'000'000);
    run.run();
    CHECK(run.finish_ns(a) == 1'003'000);
    CHECK(run.finish_ns(b) == 1'003'000);
  }
}

TEST_CASE("a broadcast inside a host leaves the medium free", "[sim][topology][placement][broadcast]") {
  // w0 and w1 on h0, w2 on h1, links of 8 Mbit/s and 1 ms, loopback 3 us (by hand): w1 hears w0's 8 Mbit at once, w2 after 1 s and two
  // latencies; a message w1 → w0 meanwhile does not wait, one w2 → w0 does: until 2 s.
  const auto topology = placed(R"({"kind": "star", "bandwidth": "8 Mbps", "latency": "1 ms"})",
                               R"({"workers": ["h0", "h0", "h1"], "loopback_latency": "3 us"})", 3, false);
  const auto network = make_network(BroadcastNetwork{}, *topology);
  Simulation simulation;
  const std::vector<Receiver> receivers{{1, {EventKind::message_delivered, 1, 0}}, {2, {EventKind::message_delivered, 2, 1}}};
  network->broadcast(simulation, 0, 8'000'000, receivers);
  network->send(simulation, {.from = 1, .to = 0, .bits = 8'000'000}, {EventKind::message_delivered, 0, 2});
  network->send(simulation, {.from = 2, .to = 0, .bits = 8'000'000}, {EventKind::message_delivered, 0, 3});
  std::vector<std::int64_t> ends(4);
  while (!simulation.idle()) simulation.step([&](const Event& event) { ends[event.data] = simulation.now().ns; });
  CHECK(ends == std::vector<std::int64_t>{3'000, 1'002'000'000, 3'000, 2'002'000'000});
}

TEST_CASE("links keep their declared names under placed workers", "[sim][topology][placement]") {
  // Parallel links are told apart by their names alone; "*" names every link, not the inside of a host.
  const std::string pair = R"({"kind": "explicit", "nodes": ["a", "b"], "links": [
      {"name": "slow", "between": ["a", "b"], "bandwidth": 10, "latency": 2},
      {"name": "fast", "between": ["a", "b"], "bandwidth": 10, "latency": 1}]})";
  const auto topology = placed(pair, R"({"workers": ["a", "a", "b"]})", 3, false);
  CHECK(topology->link_name(0) == "slow:a->b");
  CHECK(topology->link_name(3) == "fast:b->a");
  NetworkSpec cut(FluidNetwork{});
  cut.links.push_back({.links = {"*"}, .cuts = {{.at = {0}, .lasts = Seconds{5}}}});
  FlowRun run(*topology, cut);
  const auto inside = run.send(0, "w0", "w1", 100);
  const auto outside = run.send(0, "w0", "w2", 100);
  run.run();
  CHECK(run.finish_ns(inside) == 0);
  CHECK(run.finish_ns(outside) == 15'000'000'000);  // begins at 1 s, healed at 5 s, 10 s for the bits
}

TEST_CASE("routes between placed workers are those of their hosts", "[sim][topology][placement]") {
  // Invariant: every route is a chain from host to host; worker i on host i is the default placement in all but the numbers.
  const std::string torus = R"({"kind": "torus2d", "rows": 2, "columns": 3})";
  const auto direct = made(torus, 6, false);
  const auto same = placed(torus, "{}", 6, false);
  const auto shared = placed(torus, R"({"workers": [0, 0, 4, 5], "server": "h5"})", 4, true);
  for (NodeId a = 0; a < 6; ++a)
    for (NodeId b = 0; b < 6; ++b) {
      if (a == b) continue;
      CHECK(same->cost(a, b).latency == direct->cost(a, b).latency);
      CHECK(is_chain(*same, a, b));
      if (a < 5 && b < 5 && shared->carrier(a) != shared->carrier(b)) CHECK(is_chain(*shared, a, b));
    }
  CHECK(shared->find("w3") == 3U);
  CHECK(shared->find("server") == 4U);
  CHECK(shared->find("h0") == 5U);
  CHECK_FALSE(shared->find("w4").has_value());
  CHECK(shared->link_name(0) == "h0->h1");
}

TEST_CASE("wrong placements are refused with their place", "[sim][topology][placement]") {
  const auto refused = [](const char* topology, const char* placement, const std::string& message) {
    CHECK_THROWS_WITH(placed(topology, placement, 3, true), Catch::Matchers::ContainsSubstring(message));
  };
  refused(R"("star")", R"({"workers": ["h0", "h1"]})",
          "s.json: /cluster/placement/workers: must name a node for each of the 3 workers, got 2");
  refused(
      R"("star")", R"({"workers": ["h0", "h1", "swich"]})",
      "s.json: /cluster/placement/workers/2: must be a node (h0, …) or a host's number below 3, got \"swich\" (did you mean \"switch\"?)");
  refused(R"("star")", R"({"workers": "firs"})",
          "s.json: /cluster/placement/workers: must be one of first, round_robin, random, got \"firs\" (did you mean \"first\"?)");
  refused(R"("star")", R"({"server": "h9"})", "s.json: /cluster/placement/server: must be a node");
  refused(R"("star")", R"({"server": -1})",
          "s.json: /cluster/placement/server: must be the name of a node or the number of a host, got -1");
  refused(R"("star")", R"({"per_host": 0})", "s.json: /cluster/placement/per_host: must be ≥ 1");
  refused(R"({"kind": "fat_tree", "k": 2})", "{}", "must have a host for each of the 3 workers and one for the server, got 2 hosts");
  refused(R"({"kind": "explicit", "nodes": ["a", "b", "c", "d"], "links": [], "placement": {"server": "a"}})", "{}",
          "s.json: /cluster/placement: the topology has a placement of its own");
  CHECK_THROWS_WITH(placed(R"("star")", "{}", 0, false), Catch::Matchers::ContainsSubstring("the scenario has no workers"));
  CHECK_THROWS_WITH(placed(R"({"kind": "explicit", "nodes": ["a", "b"], "links": []})", R"({"workers": ["a", "b"]})", 2, false),
                    "s.json: /cluster/placement: disconnected topology: no path from \"a\" to \"b\"");
}

TEST_CASE("a placement reads back as it was written", "[sim][topology][placement]") {
  for (const char* text :
       {"{}", R"({"workers": "random", "per_host": 3, "server": 4, "loopback_latency": "1 us"})", R"({"workers": ["a", 2]})"}) {
    const Json written = write_options(parse_options<PlacementSpec>(Json::parse(text), {}));
    CHECK(write_options(parse_options<PlacementSpec>(written, {})) == written);
  }
}

TEST_CASE("several servers are on hosts of their own, or where the placement says", "[sim][topology][placement]") {
  // Hand computation: three workers, two on a host, and two servers. On a star: hosts h0 and h1 for the workers, h2 and h3 for the servers.
  const std::string star = R"({"kind": "star"})";
  const auto own = placed(star, R"({"per_host": 2})", 3, 2);
  CHECK(own->servers() == 2);
  CHECK(own->name(3) == "server0");
  CHECK(own->host_name(own->carrier(3)) == "h2");
  CHECK(own->host_name(own->carrier(4)) == "h3");
  const auto shared = placed(star, R"({"workers": ["h0", "h1", "h2"], "servers": ["h1", "h2"]})", 3, 2);
  CHECK(shared->carrier(3) == shared->carrier(1));
  CHECK(shared->find("server1") == 4);
}

TEST_CASE("every topology has room for several servers", "[sim][topology][placement]") {
  // Oracle: invariant. Six workers, then three servers, which all workers reach, named and found by name.
  for (const char* json :
       {R"({"kind": "star"})", R"({"kind": "two_level", "workers_per_rack": 2})", R"({"kind": "ring"})", R"({"kind": "complete"})",
        R"({"kind": "torus2d"})", R"({"kind": "fat_tree"})", R"({"kind": "dragonfly"})", R"({"kind": "random_regular", "degree": 4})",
        R"({"kind": "erdos_renyi", "probability": 0.9})", R"({"kind": "watts_strogatz", "neighbours": 4})"}) {
    INFO(json);
    const Place place{"test.json", "/cluster/topology"};
    const auto topology = make_topology(OptionType<TopologySpec>::parse(Json::parse(json), place), 6, 3, place);
    REQUIRE(topology->servers() == 3);
    CHECK(topology->server() == 6);
    for (NodeId server = 6; server < 9; ++server) {
      CHECK(topology->find(topology->name(server)) == server);
      CHECK(topology->name(server) == "server" + std::to_string(server - 6));
      for (NodeId worker = 0; worker < 6; ++worker) CHECK(topology->cost(worker, server).bandwidth > 0);
    }
  }
}

TEST_CASE("a worker stands in the rack of its host", "[sim][topology][placement]") {
  // Two racks of two hosts; w0 on h3, w1 and w2 on h0; the server beside the core. A star has no racks.
  const auto tree = placed(R"({"kind": "two_level", "racks": 2, "workers_per_rack": 2})", R"({"workers": ["h3", "h0", "h0"]})", 3, 1);
  CHECK(tree->rack(0) == std::optional<std::size_t>(1));
  CHECK(tree->rack(1) == std::optional<std::size_t>(0));
  CHECK(tree->rack(2) == std::optional<std::size_t>(0));
  CHECK_FALSE(tree->rack(tree->server()).has_value());
  CHECK(tree->rack(tree->node("h1", {})) == std::optional<std::size_t>(0));
  CHECK_FALSE(placed(R"("star")", R"({"per_host": 2})", 2, 0)->rack(0).has_value());
}
