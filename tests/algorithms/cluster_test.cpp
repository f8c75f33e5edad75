#include "algorithms/cluster.hpp"

#include "sim/network/network_spec.hpp"
#include "sim/topology/topology_spec.hpp"
#include "tests/test.hpp"

using namespace peloton;

namespace {

/// Writes down what it is told.
class Listener final : public Algorithm {
 public:
  void on_start(Cluster&) override {}
  void on_control(Cluster&, const ControlMessage& m) override {
    controls.push_back(m.kind);
    numbers.assign(m.numbers.begin(), m.numbers.end());
  }
  void on_collective(Cluster& c, const CollectiveDone& d) override {
    done.push_back(d);
    times.push_back(c.now());
  }
  void on_timer(Cluster&, NodeId node, std::uint64_t tag) override { timers.emplace_back(node, tag); }
  void on_node_down(Cluster&, NodeId node) override { down.push_back(node); }
  void on_node_up(Cluster&, NodeId node) override { up.push_back(node); }
  Model reported_model(Cluster&) const override { return {}; }
  RoundPlan plan(const PlanContext&) const override { return {}; }
  void visit_state(StateVisitor&, Cluster&) override {}

  std::vector<std::uint32_t> controls;
  std::vector<double> numbers;
  std::vector<CollectiveDone> done;
  std::vector<Time> times;
  std::vector<std::pair<NodeId, std::uint64_t>> timers;
  std::vector<NodeId> down;
  std::vector<NodeId> up;
};

/// Four workers and a server on a star whose links need 1 ms and 1 Mbit/s; no learning.
struct Bench {
  std::unique_ptr<Topology> topology = make_topology(
      OptionType<TopologySpec>::parse(Json::parse(R"({"kind":"star","bandwidth":"1 Mbps","latency":"1 ms"})"), {}), 4, true, {});
  std::unique_ptr<Network> network = make_network(OptionType<NetworkSpec>::parse(Json("constant"), {}), *topology);
  ComputeModel compute{{OptionType<ComputeSpec>::parse(Json("constant:0.001"), {})}, {.workers = 4}, {}};
  Cluster cluster{parts()};
  Listener listener;

  Cluster::Parts parts() {
    return {.workers = 4,
            .server = topology->server(),
            .compute = &compute,
            .topology = *topology,
            .network = *network,
            .sampler = nullptr,
            .learning = nullptr,
            .dimension = 100,
            .tensors = {100},
            .wire = Precision::float32,
            .header_bytes = 0,
            .seed = 1};
  }
  void run() {
    while (!cluster.simulation().idle()) cluster.step(listener);
  }
};

}  // namespace

TEST_CASE("control messages carry numbers, cost the bits they are said to have, and count apart", "[algorithms][cluster]") {
  // Hand computation: 200 bits at 1 Mbit/s and two links of 1 ms: 2.2 ms.
  Bench b;
  const std::vector<double> numbers = {1.5, -2.25};
  b.cluster.send_control(0, b.cluster.server(), 7, numbers, 200);
  b.run();
  CHECK(b.listener.controls == std::vector<std::uint32_t>{7});
  CHECK(b.listener.numbers == numbers);
  CHECK(b.cluster.now().ns == 2'200'000);
  CHECK(b.cluster.traffic().bits == std::array<std::uint64_t, kTrafficKinds>{0, 0, 0, 200});
  CHECK(b.cluster.traffic().messages == std::array<std::uint64_t, kTrafficKinds>{0, 0, 0, 1});
}

TEST_CASE("a collective tells each member once, at its own time", "[algorithms][cluster]") {
  // Hand computation: a flat broadcast of 1000 bits from worker 2 to three others that do not share a link in this network model:
  // 1 ms + 2 · 1 ms each; the root has its result at once.
  Bench b;
  CollectiveSpec spec;
  spec.kind = CollectiveKind::flat_broadcast;
  spec.ranks = 4;
  spec.root = 2;
  spec.coordinates = 1000;
  spec.bits_per_coordinate = 1;
  b.cluster.open_collective(5, spec, {0, 1, 2, 3});
  CHECK(b.cluster.is_open(5));
  b.cluster.join(5, 2);
  b.run();
  REQUIRE(b.listener.done.size() == 4);
  CHECK(b.listener.done[0].node == 2);
  CHECK(b.listener.done[0].first);
  CHECK(b.listener.times[0].ns == 0);
  CHECK(b.listener.done[3].last);
  CHECK(b.listener.times[3].ns == 3'000'000);
  CHECK_FALSE(b.cluster.is_open(5));
}

TEST_CASE("members of a collective may be any nodes in any order", "[algorithms][cluster]") {
  Bench b;
  CollectiveSpec spec;
  spec.kind = CollectiveKind::ring_all_reduce;
  spec.ranks = 3;
  spec.coordinates = 30;
  spec.bits_per_coordinate = 32;
  b.cluster.open_collective(1, spec, {3, 0, 2});
  for (const NodeId node : {0U, 2U, 3U}) b.cluster.join(1, node);
  b.run();
  CHECK(b.listener.done.size() == 3);
  // Closed form: 2(n − 1) (α + 10 · 32 bit / β) with α = 2 ms.
  CHECK(b.cluster.now().ns == 4 * (2'000'000 + 320'000));
  CHECK(b.cluster.traffic().total_bits() == 2 * 2 * 30 * 32);
}

TEST_CASE("an all-gather passes on messages of the lengths that its members give", "[algorithms][cluster]") {
  // Hand computation: 1000, 2000 and 3000 bits go two hops each round a ring of three, which do not share links in this network model: the
  // longest takes 2 (2 ms + 3 ms). An all-reduce has no such lengths.
  Bench b;
  CollectiveSpec spec;
  spec.kind = CollectiveKind::ring_all_gather;
  spec.ranks = 3;
  spec.coordinates = 7;
  b.cluster.open_collective(1, spec, {0, 1, 2});
  for (const NodeId node : {0U, 1U, 2U}) b.cluster.join(1, node, 1000 * (node + 1));
  b.run();
  CHECK(b.listener.done.size() == 3);
  CHECK(b.cluster.now().ns == 10'000'000);
  CHECK(b.cluster.traffic().total_bits() == 2 * 6000);
  spec.kind = CollectiveKind::ring_all_reduce;
  b.cluster.open_collective(2, spec, {0, 1, 2});
  CHECK_THROWS_AS(b.cluster.join(2, 0, 1000), BrokenInvariant);
}

TEST_CASE("timers and failures of nodes reach the method", "[algorithms][cluster]") {
  Bench b;
  b.cluster.set_timer(3, Time{5}, 9);
  b.cluster.simulation().schedule(Time{6}, {EventKind::node_down, 1, 0});
  b.cluster.simulation().schedule(Time{7}, {EventKind::node_up, 1, 0});
  b.run();
  CHECK(b.listener.timers == std::vector<std::pair<NodeId, std::uint64_t>>{{3, 9}});
  CHECK(b.listener.down == std::vector<NodeId>{1});
  CHECK(b.listener.up == std::vector<NodeId>{1});
}
