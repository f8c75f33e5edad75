#include "sim/network/broadcast.hpp"

#include "tests/sim/network/flow_run.hpp"
#include "tests/test.hpp"

using namespace peloton;
using peloton::test::FlowRun;
using peloton::test::topology_of;

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

/// When a broadcast of 100 bit by node 0 at time 0 reaches nodes 1 … n − 1, and a message of 100 bit from 1 to 0 sent after it.
std::vector<std::int64_t> arrivals_of(const NetworkSpec& spec, const Topology& topology, NodeId n) {
  const auto network = make_network(spec, topology);
  Simulation simulation;
  std::vector<Receiver> receivers;
  for (NodeId i = 1; i < n; ++i) receivers.push_back({i, {EventKind::message_delivered, i, i}});
  network->broadcast(simulation, 0, 100, receivers);
  network->send(simulation, {.from = 1, .to = 0, .bits = 100}, {EventKind::message_delivered, 0, 0});
  std::vector<std::int64_t> out(n);
  while (!simulation.idle()) {
    simulation.step([&](const Event& event) {
      if (event.kind == EventKind::network) return network->on_event(simulation, event);
      out[event.data] = simulation.now().ns;
    });
  }
  return out;
}

}  // namespace

TEST_CASE("a medium carries one message at a time", "[sim][network][broadcast]") {
  // All links 10 bit/s and 0.5 s, so two links in a row have 1 s (by hand): messages of 100 bit between any nodes hold the medium one
  // after another, until 10, 20, 30 s, and arrive 1 s later; one sent at 50 s finds it free.
  const auto star = topology_of(R"({"kind": "star", "bandwidth": 10, "latency": 0.5})", 3, true);
  FlowRun run(*star, BroadcastNetwork{});
  run.send(0, NodeId{0}, NodeId{1}, 100);
  run.send(0, 2, star->server(), 100);
  run.send(5, star->server(), 1, 100);
  run.send(50, star->server(), 0, 100);
  run.run();
  for (std::size_t i = 0; i < 3; ++i) CHECK(run.finish_ns(i) == static_cast<std::int64_t>(10 * (i + 1) + 1) * kSecond);
  CHECK(run.finish_ns(3) == 61 * kSecond);
}

TEST_CASE("all hear a broadcast on a medium; elsewhere it is a message for each", "[sim][network][broadcast]") {
  // Three nodes, pairwise links of 10 bit/s without latency; node 0 broadcasts 100 bit, then node 1 sends 100 bit (by hand).
  // Medium: 10 s for both receivers, the message follows until 20 s. Fluid: links of their own, everything at 10 s.
  // On a star, fifo: both copies pass node 0's link, until 10 and 20 s, and the receivers' links, until 20 and 30 s; node 1's own message
  // passes two free links until 20 s.
  const auto complete = topology_of(R"({"kind": "complete", "bandwidth": 10, "latency": 0})", 3);
  const auto star = topology_of(R"({"kind": "star", "bandwidth": 10, "latency": 0})", 3);
  using Times = std::vector<std::int64_t>;
  CHECK(arrivals_of(BroadcastNetwork{}, *complete, 3) == Times{20 * kSecond, 10 * kSecond, 10 * kSecond});
  CHECK(arrivals_of(FluidNetwork{}, *complete, 3) == Times{10 * kSecond, 10 * kSecond, 10 * kSecond});
  CHECK(arrivals_of(FifoNetwork{}, *star, 3) == Times{20 * kSecond, 20 * kSecond, 30 * kSecond});
}

TEST_CASE("a broadcast goes at the bandwidth of the slowest receiver's way", "[sim][network][broadcast]") {
  // a ──10── b (1 s) and a ──5── c (2 s) by hand: 100 bit hold the medium 20 s; b has them at 21 s, c at 22 s, then 100 bit b → a until 30
  // s.
  const auto graph = topology_of(R"({"kind": "explicit", "nodes": ["a", "b", "c"],
      "links": [{"name": "ab", "between": ["a", "b"], "bandwidth": 10, "latency": 1},
                {"name": "ac", "between": ["a", "c"], "bandwidth": 5, "latency": 2}]})");
  CHECK(arrivals_of(BroadcastNetwork{}, *graph, 3) == std::vector<std::int64_t>{31 * kSecond, 21 * kSecond, 22 * kSecond});
}
