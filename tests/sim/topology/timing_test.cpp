/// Messages timed over every topology, and collectives over them, against hand computations.

#include <bit>

#include "sim/collectives/collective.hpp"
#include "tests/sim/network/flow_run.hpp"
#include "tests/sim/topology/routes.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

/// When all ranks have the result of a collective whose ranks are the first workers and join at 0, over an otherwise empty network.
std::int64_t collective_ns(const Topology& topology, const CollectiveSpec& spec, const NetworkSpec& model = FluidNetwork{}) {
  Simulation simulation;
  const std::unique_ptr<Network> network = make_network(model, topology);
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

/// The networks on which a collective that is alone takes its closed form.
const std::vector<NetworkSpec> kModels{FluidNetwork{}, ConstantNetwork{}};

/// A star of 8 Mbit/s and 1 ms a link: α = 2 ms, β = 8 bits a microsecond.
std::unique_ptr<Topology> star(std::uint32_t n) {
  return made(R"({"kind": "star", "bandwidth": "8 Mbps", "latency": "1 ms"})", std::max(n, 1U));
}
constexpr std::int64_t kAlphaNs = 2'000'000;
constexpr std::int64_t kCoordinateNs = 4'000;  ///< 32 bits over β

std::int64_t floor_log2(std::uint32_t n) { return n < 2 ? 0 : 1 + floor_log2(n / 2); }
std::int64_t ceil_log2(std::uint32_t n) { return n < 2 ? 0 : 1 + floor_log2(n - 1); }

CollectiveSpec spec(CollectiveKind kind, std::uint32_t n, std::uint64_t coordinates) {
  CollectiveSpec out;
  out.kind = kind;
  out.ranks = n;
  out.coordinates = coordinates;
  return out;
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

TEST_CASE("rings and Bruck's all-gather take their closed forms on a star", "[sim][topology][timing][fluid]") {
  // With d = 100 n coordinates: n − 1 or 2(n−1) steps of α + 100 · 32/β; Bruck: ⌈log2 n⌉ α + (n−1) M/β, here M = 50 coordinates.
  for (const NetworkSpec& model : kModels)
    for (std::uint32_t n = 1; n <= 17; ++n) {
      CAPTURE(n, std::string(model.model.kind()));
      const auto topology = star(n);
      const std::int64_t step = (std::int64_t{n} - 1) * (kAlphaNs + 100 * kCoordinateNs);
      CHECK(collective_ns(*topology, spec(CollectiveKind::ring_all_reduce, n, 100 * n), model) == 2 * step);
      CHECK(collective_ns(*topology, spec(CollectiveKind::ring_reduce_scatter, n, 100 * n), model) == step);
      CHECK(collective_ns(*topology, spec(CollectiveKind::ring_chunk_all_gather, n, 100 * n), model) == step);
      CHECK(collective_ns(*topology, spec(CollectiveKind::ring_all_gather, n, 100), model) == step);
      CHECK(collective_ns(*topology, spec(CollectiveKind::bruck_all_gather, n, 50), model) ==
            ceil_log2(n) * kAlphaNs + (std::int64_t{n} - 1) * 50 * kCoordinateNs);
    }
}

TEST_CASE("halving and doubling takes its closed form on a star", "[sim][topology][timing][fluid]") {
  // 2 log2(p) α + 2 (1 − 1/p) M/β, and 2 (α + M/β) where n > p, with d = 100 p.
  for (const NetworkSpec& model : kModels)
    for (std::uint32_t n = 1; n <= 17; ++n) {
      CAPTURE(n, std::string(model.model.kind()));
      const std::int64_t p = std::int64_t{1} << floor_log2(n);
      const std::int64_t folds = n > p ? 2 * (kAlphaNs + 100 * p * kCoordinateNs) : 0;
      const CollectiveSpec all_reduce = spec(CollectiveKind::halving_doubling_all_reduce, n, static_cast<std::uint64_t>(100 * p));
      CHECK(collective_ns(*star(n), all_reduce, model) == 2 * floor_log2(n) * kAlphaNs + 2 * (p - 1) * 100 * kCoordinateNs + folds);
    }
}

TEST_CASE("uneven chunks of halving and doubling take the time of the largest parts", "[sim][topology][timing]") {
  // n = p: in each round some pair exchanges the largest part, the first p/2^s chunks of which d mod p are larger by one, and the ranks
  // that wait for it hold the largest part of the next round: 2 Σ_s (α + L_s · 32/β), s = 1 … log2 p, L_s = Σ_{c < p/2^s} chunk c.
  for (const std::uint32_t n : {2U, 4U, 8U, 16U})
    for (const std::int64_t d : {1, 5, 37, 1001}) {
      CAPTURE(n, d);
      std::int64_t closed = 0;
      for (std::int64_t length = n / 2; length > 0; length /= 2)
        closed += 2 * (kAlphaNs + (length * (d / n) + std::min(length, d % n)) * kCoordinateNs);
      CHECK(collective_ns(*star(n), spec(CollectiveKind::halving_doubling_all_reduce, n, static_cast<std::uint64_t>(d)),
                          ConstantNetwork{}) == closed);
    }
}

TEST_CASE("trees take their closed forms on a star", "[sim][topology][timing][fluid]") {
  // A broadcast: ⌈log2 n⌉ (α + M/β) for every n, since a rank sends to one child at a time. A reduce as much where n is a power of two;
  // else parents hear some children at once: for a time M/β less in all where they share a port, and in as many rounds as a position
  // below n has bits set where they do not.
  const std::int64_t message = kAlphaNs + 100 * kCoordinateNs;
  for (const NetworkSpec& model : kModels)
    for (std::uint32_t n = 1; n <= 17; ++n) {
      CAPTURE(n, std::string(model.model.kind()));
      const auto topology = star(n);
      const std::int64_t broadcast = collective_ns(*topology, spec(CollectiveKind::tree_broadcast, n, 100), model);
      const std::int64_t reduce = collective_ns(*topology, spec(CollectiveKind::tree_reduce, n, 100), model);
      CHECK(broadcast == ceil_log2(n) * message);
      std::int64_t rounds = 0;
      for (std::uint32_t position = 0; position < n; ++position) rounds = std::max<std::int64_t>(rounds, std::popcount(position));
      if (model.model.is<ConstantNetwork>() || std::has_single_bit(n))
        CHECK(reduce == rounds * message);
      else
        CHECK((reduce >= rounds * message && reduce <= ceil_log2(n) * message));
      CHECK(collective_ns(*topology, spec(CollectiveKind::tree_all_reduce, n, 100), model) == reduce + broadcast);
    }
}

TEST_CASE("all-reduces of two levels take the closed forms of their parts", "[sim][topology][timing][fluid]") {
  // G groups of g ranks, d = 100 g G coordinates, a ring among the groups:
  //   to one rank of each group (g a power of two):   2 log2(g) (α + M/β) + 2 (G−1) (α + M/(G β))
  //   scattered:                                      2 (g−1) (α + M/(g β)) + 2 (G−1) (α + M/(g G β))
  for (const NetworkSpec& model : kModels)
    for (const std::uint32_t g : {1U, 2U, 3U, 4U, 8U})
      for (const std::uint32_t count : {1U, 2U, 3U, 5U}) {
        CAPTURE(g, count, std::string(model.model.kind()));
        const auto topology = star(g * count);
        CollectiveSpec s = spec(CollectiveKind::scattered_two_level_all_reduce, g * count, 100 * g * count);
        for (std::uint32_t rank = 0; rank < s.ranks; ++rank) s.groups.push_back(rank / g);
        const auto time = [](std::int64_t coordinates) { return kAlphaNs + coordinates * kCoordinateNs; };
        const std::int64_t others = std::int64_t{count} - 1;
        CHECK(collective_ns(*topology, s, model) == 2 * (std::int64_t{g} - 1) * time(100 * count) + 2 * others * time(100));
        if (!std::has_single_bit(g)) continue;
        s.kind = CollectiveKind::two_level_all_reduce;
        CHECK(collective_ns(*topology, s, model) == 2 * floor_log2(g) * time(100 * g * count) + 2 * others * time(100 * g));
      }
}

TEST_CASE("a broadcast whose root the data decides takes the time of its two parts", "[sim][topology][timing][fluid]") {
  // The gathering of n numbers of 32 bits by Bruck, then a tree from the rank of the least one: ⌈log2 n⌉ (2 α + M/β) + (n−1) 32/β.
  for (const NetworkSpec& model : kModels)
    for (std::uint32_t n = 1; n <= 17; ++n) {
      CAPTURE(n, std::string(model.model.kind()));
      const auto topology = star(n);
      CollectiveSpec tree = spec(CollectiveKind::tree_broadcast, n, 100);
      tree.root = n / 2;
      CHECK(collective_ns(*topology, spec(CollectiveKind::bruck_all_gather, n, 1), model) + collective_ns(*topology, tree, model) ==
            ceil_log2(n) * (2 * kAlphaNs + 100 * kCoordinateNs) + (std::int64_t{n} - 1) * kCoordinateNs);
    }
}

TEST_CASE("across racks whose links are shared the schedule decides how long an all-reduce takes", "[sim][topology][timing][fluid]") {
  // Two racks of two, no latency, links of 8 Mbit/s, and 8 Mbit/s to the core for both hosts of a rack: d = 1.2 million coordinates of
  // 32 bits, 4.8 s alone over a link. By hand, ranks in order of the racks (0 1 | 2 3):
  //   ring                4-chunks of 1.2 s, 2 · 3 steps; one message crosses from rack to rack each way        7.2 s
  //   halving–doubling    half 2.4 s inside; a quarter, 1.2 s alone, two at once over the core: 2.4 s; twice     9.6 s
  //   two levels          4.8 s up; a ring of 2: 2 · 2.4 s; 4.8 s down                                        14.4 s
  //   scattered           2.4 s in the racks; a ring of 2 of halves, 1.2 s alone, two at once: 2 · 2.4 s; 2.4 s   9.6 s
  // With the ranks dealt out to the racks (0 2 | 1 3) every message of the ring crosses, two at once: 14.4 s; halving–doubling has the
  // large halves across, 4.8 s, and the quarters inside, 1.2 s, twice: 12 s; two levels are as before.
  const auto racks = [](const char* hosts) {
    return make_placed_topology(
        OptionType<TopologySpec>::parse(
            Json::parse(R"({"kind": "two_level", "racks": 2, "bandwidth": "8 Mbps", "core_bandwidth": "8 Mbps", "latency": 0})"),
            kTopologyPlace),
        parse_options<PlacementSpec>(Json{{"workers", Json::parse(hosts)}}, kTopologyPlace), 4, false, kTopologyPlace, {});
  };
  const auto in_order = racks(R"(["h0", "h1", "h2", "h3"])");
  const auto dealt = racks(R"(["h0", "h2", "h1", "h3"])");
  const auto time_s = [](const Topology& topology, CollectiveKind kind) {
    CollectiveSpec s = spec(kind, 4, 1'200'000);
    for (NodeId rank = 0; rank < 4; ++rank) s.groups.push_back(static_cast<std::uint32_t>(*topology.rack(rank)));
    return static_cast<double>(collective_ns(topology, s)) / 1e9;
  };
  CHECK(time_s(*in_order, CollectiveKind::ring_all_reduce) == 7.2);
  CHECK(time_s(*in_order, CollectiveKind::halving_doubling_all_reduce) == 9.6);
  CHECK(time_s(*in_order, CollectiveKind::two_level_all_reduce) == 14.4);
  CHECK(time_s(*in_order, CollectiveKind::scattered_two_level_all_reduce) == 9.6);
  CHECK(time_s(*dealt, CollectiveKind::ring_all_reduce) == 14.4);
  CHECK(time_s(*dealt, CollectiveKind::halving_doubling_all_reduce) == 12.0);
  CHECK(time_s(*dealt, CollectiveKind::two_level_all_reduce) == 14.4);
  CHECK(time_s(*dealt, CollectiveKind::scattered_two_level_all_reduce) == 9.6);
}
