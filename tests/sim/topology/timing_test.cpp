/// Messages timed over every topology, and collectives over them, against hand computations.

#include "sim/collectives/collective.hpp"
#include "tests/sim/network/flow_run.hpp"
#include "tests/sim/topology/routes.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

/// When all ranks have the result of a collective whose ranks are the first workers and join at 0, over an otherwise empty network.
std::int64_t collective_ns(const Topology& topology, const CollectiveSpec& spec) {
  Simulation simulation;
  const std::unique_ptr<Network> network = make_network(FluidNetwork{}, topology);
  const std::unique_ptr<Collective> collective = make_collective(spec);
  std::vector<CollectiveMessage> sent;
  std::vector<CollectiveMessage> out;
  const auto send = [&] {
    for (const CollectiveMessage& m : out) {
      sent.push_back(m);
      network->send(simulation, {.from = m.from, .to = m.to, .bits = m.bits}, {EventKind::message_delivered, m.to, sent.size() - 1});
    }
    out.clear();
  };
  for (std::uint32_t rank = 0; rank < spec.ranks; ++rank) collective->join(rank, out);
  send();
  while (!simulation.idle())
    simulation.step([&](const Event& event) {
      if (event.kind == EventKind::network) return network->on_event(simulation, event);
      collective->receive(sent[event.data], out);
      send();
    });
  REQUIRE(collective->finished() == spec.ranks);
  return simulation.now().ns;
}

}  // namespace

TEST_CASE("one message takes the latencies of its links and its bits over the narrowest", "[sim][topology][timing]") {
  // 8 Mbit over links of 8 Mbit/s and 1 ms: 1 s + 1 ms for each link of the route, by hand; stored and forwarded, 1.001 s for each.
  struct Case {
    const char* json;
    std::size_t workers;
    const char* from;
    const char* to;
    std::int64_t links;
  };
  const std::string common = R"("bandwidth": "8 Mbps", "latency": "1 ms"})";
  for (const Case& c :
       {Case{R"({"kind": "star", )", 4, "w0", "w3", 2}, Case{R"({"kind": "two_level", "racks": 2, )", 4, "w0", "w1", 2},
        Case{R"({"kind": "two_level", "racks": 2, "core_bandwidth": "8 Mbps", )", 4, "w0", "w3", 4},
        Case{R"({"kind": "ring", )", 7, "w6", "w2", 3}, Case{R"({"kind": "complete", )", 4, "w0", "w3", 1},
        Case{R"({"kind": "torus2d", "rows": 4, "columns": 4, )", 16, "w0", "w10", 4},
        Case{R"({"kind": "fat_tree", "k": 4, )", 16, "w0", "w1", 2}, Case{R"({"kind": "fat_tree", "k": 4, )", 16, "w0", "w2", 4},
        Case{R"({"kind": "fat_tree", "k": 4, )", 16, "w0", "w15", 6},
        Case{R"({"kind": "dragonfly", "groups": 3, "routers": 2, "hosts": 2, )", 12, "w0", "w1", 2},
        Case{R"({"kind": "dragonfly", "groups": 3, "routers": 2, "hosts": 2, )", 12, "w0", "w3", 3}}) {
    INFO(c.json << c.from << " " << c.to);
    const auto topology = made(c.json + common, c.workers);
    const auto finish_ns = [&](const NetworkSpec& network) {
      FlowRun run(*topology, network);
      const auto message = run.send(0, c.from, c.to, 8'000'000);
      return run.run().finish_ns(message);
    };
    CHECK(finish_ns(FluidNetwork{}) == 1'000'000'000 + c.links * 1'000'000);
    CHECK(finish_ns(ConstantNetwork{}) == 1'000'000'000 + c.links * 1'000'000);
    CHECK(finish_ns(BroadcastNetwork{}) == 1'000'000'000 + c.links * 1'000'000);
    CHECK(finish_ns(FifoNetwork{}) == c.links * 1'001'000'000);
  }
}

TEST_CASE("messages that meet on a link of a topology share it", "[sim][topology][timing][fluid]") {
  // Links of 8 Mbit/s without latency, messages of 8 Mbit: 1 s alone.
  const std::string common = R"("bandwidth": "8 Mbps", "latency": 0})";
  SECTION("two racks of two, a rack's link as fast as a host's") {
    // w0 → w2 and w1 → w3 share rack0's link up, 4 Mbit/s each; w2 → w3 has what w1 → w3 leaves of w3's link, 4 Mbit/s, too.
    const auto tree = made(R"({"kind": "two_level", "racks": 2, "core_bandwidth": "8 Mbps", )" + common, 4);
    FlowRun run(*tree);
    const auto a = run.send(0, "w0", "w2", 8'000'000);
    const auto b = run.send(0, "w1", "w3", 8'000'000);
    const auto c = run.send(0, "w2", "w3", 8'000'000);
    run.run();
    CHECK(run.finish_ns(a) == 2'000'000'000);
    CHECK(run.finish_ns(b) == 2'000'000'000);
    CHECK(run.finish_ns(c) == 2'000'000'000);
  }
  SECTION("a torus: opposite directions do not meet, the same link is shared") {
    // Row 0 of a 1 × 5 torus: w0 → w2 and w1 → w2 share w1 → w2; w2 → w0 goes the other way.
    const auto torus = made(R"({"kind": "torus2d", "rows": 1, "columns": 5, )" + common, 5);
    FlowRun run(*torus);
    const auto a = run.send(0, "w0", "w2", 8'000'000);
    const auto b = run.send(0, "w1", "w2", 8'000'000);
    const auto c = run.send(0, "w2", "w0", 8'000'000);
    run.run();
    CHECK(run.finish_ns(a) == 2'000'000'000);
    CHECK(run.finish_ns(b) == 2'000'000'000);
    CHECK(run.finish_ns(c) == 1'000'000'000);
  }
  SECTION("a fat-tree: destinations of one digit share the way up, others do not") {
    // k = 4: w0 → w4 and w1 → w6 both go up by the even destinations' switch (4 mod 2 = 6 mod 2 = 0), so share edge0.0 → agg0.0;
    // w0 → w4 and w1 → w5 do not.
    const auto tree = made(R"({"kind": "fat_tree", "k": 4, )" + common, 16);
    FlowRun together(*tree);
    const auto a = together.send(0, "w0", "w4", 8'000'000);
    const auto b = together.send(0, "w1", "w6", 8'000'000);
    together.run();
    CHECK(together.finish_ns(a) == 2'000'000'000);
    CHECK(together.finish_ns(b) == 2'000'000'000);
    FlowRun apart(*tree);
    const auto c = apart.send(0, "w0", "w4", 8'000'000);
    const auto d = apart.send(0, "w1", "w5", 8'000'000);
    apart.run();
    CHECK(apart.finish_ns(c) == 1'000'000'000);
    CHECK(apart.finish_ns(d) == 1'000'000'000);
  }
  SECTION("a dragonfly: one link between two groups") {
    const auto dragonfly = made(R"({"kind": "dragonfly", "groups": 2, "routers": 2, "hosts": 1, )" + common, 4);
    FlowRun run(*dragonfly);
    const auto a = run.send(0, "w0", "w2", 8'000'000);
    const auto b = run.send(0, "w1", "w3", 8'000'000);
    run.run();
    CHECK(run.finish_ns(a) == 2'000'000'000);
    CHECK(run.finish_ns(b) == 2'000'000'000);
  }
}

TEST_CASE("collectives take their α–β closed forms on topologies whose ranks are one step apart", "[sim][topology][timing][fluid]") {
  // Thakur et al. 2005, with α the latency of the way between neighbours and β the bandwidth of a link (8 Mbit/s, no message meets
  // another):
  //   ring all-reduce of d = 60,000 coordinates of 32 bits over n = 6: 2(n−1)(α + d/n · 32/β) = 10 (α + 40 ms)
  //   ring all-gather of 60,000 · 32 bits: (n−1)(α + 240 ms)
  //   1 × 6 torus and ring: neighbours one link apart, α = 1 ms; star, one rack, one edge switch, one router: two links, α = 2 ms.
  const std::string common = R"("bandwidth": "8 Mbps", "latency": "1 ms"})";
  const CollectiveSpec reduce{.kind = CollectiveKind::ring_all_reduce, .ranks = 6, .coordinates = 60'000};
  const CollectiveSpec gather{.kind = CollectiveKind::ring_all_gather, .ranks = 6, .coordinates = 60'000};
  for (const char* one_link : {R"({"kind": "torus2d", "rows": 1, "columns": 6, )", R"({"kind": "ring", )", R"({"kind": "complete", )"}) {
    const auto topology = made(one_link + common, 6);
    CHECK(collective_ns(*topology, reduce) == 10 * 41'000'000);
    CHECK(collective_ns(*topology, gather) == 5 * 241'000'000);
  }
  for (const char* two_links : {R"({"kind": "star", )", R"({"kind": "two_level", "racks": 1, )", R"({"kind": "fat_tree", "k": 12, )",
                                R"({"kind": "dragonfly", "groups": 1, "routers": 1, "hosts": 6, )"}) {
    const auto topology = made(two_links + common, 6);
    CHECK(collective_ns(*topology, reduce) == 10 * 42'000'000);
    CHECK(collective_ns(*topology, gather) == 5 * 242'000'000);
  }
}
