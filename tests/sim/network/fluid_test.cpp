/// Hand computations of the fluid model. Links are in bit/s and messages in bits, small numbers, so that times are whole seconds.

#include "sim/network/fluid.hpp"

#include "tests/sim/network/flow_run.hpp"
#include "tests/test.hpp"

using namespace peloton;
using peloton::test::FlowRun;
using peloton::test::topology_of;

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

}  // namespace

TEST_CASE("two flows on one link share it, the rest has it alone", "[sim][network][fluid]") {
  // The example of the scenario contract: half-duplex link of 1 Gbit/s, 1 ms; 1 MB and 3 MB from a to b at time 0.
  // After 1 ms both flow at 0.5 Gbit/s: 8 Mbit take 16 ms, until 17 ms. 16 Mbit of the other are left, at 1 Gbit/s: until 33 ms.
  const auto graph = topology_of(R"({"kind": "explicit", "nodes": ["a", "b"],
      "links": [{"name": "l", "between": ["a", "b"], "bandwidth": "1 Gbps", "latency": "1 ms", "sharing": "half"}]})");
  FlowRun run(*graph);
  run.send(0, "a", "b", 8'000'000);
  run.send(0, "a", "b", 24'000'000);
  run.run();
  CHECK(run.finish_ns(0) == 17'000'000);
  CHECK(run.finish_ns(1) == 33'000'000);
}

TEST_CASE("three flows over two links share them max-min fairly", "[sim][network][fluid]") {
  // a ──10── b ──10── c      flow 1: a→b   flow 2: b→c   flow 3: a→c   (bandwidths in B/s, each flow 100 B)
  // Both links hold two flows, so every rate is 5 B/s until the flows end together at 20 s.
  const auto graph = topology_of(R"({"kind": "explicit", "nodes": ["a", "b", "c"],
      "links": [{"name": "ab", "between": ["a", "b"], "bandwidth": 80, "latency": 0},
                {"name": "bc", "between": ["b", "c"], "bandwidth": 80, "latency": 0}]})");
  FlowRun run(*graph);
  run.send(0, "a", "b", 800);
  run.send(0, "b", "c", 800);
  run.send(0, "a", "c", 800);
  run.run();
  for (std::size_t flow = 0; flow < 3; ++flow) CHECK(run.finish_ns(flow) == 20 * kSecond);
  CHECK(run.arrivals() == std::vector<std::size_t>{0, 1, 2});
}

TEST_CASE("a flow that is held back elsewhere leaves its share to others", "[sim][network][fluid]") {
  // a ──10── b ──4── c      flow 1: a→b, 120 bit   flow 2: a→c, 40 bit   flow 3: b→c, 20 bit
  // bc fills first: flows 2 and 3 at 2 bit/s, flow 1 gets 8. At 10 s flow 3 is done (20), flow 2 has 20 left, flow 1 40.
  // Then flow 2 has bc alone, at 4, and flow 1 gets 6: flow 2 ends at 15 s; flow 1 has 10 left, at 10 bit/s: 16 s.
  const auto graph = topology_of(R"({"kind": "explicit", "nodes": ["a", "b", "c"],
      "links": [{"name": "ab", "between": ["a", "b"], "bandwidth": 10, "latency": 0},
                {"name": "bc", "between": ["b", "c"], "bandwidth": 4, "latency": 0}]})");
  FlowRun run(*graph);
  run.send(0, "a", "b", 120);
  run.send(0, "a", "c", 40);
  run.send(0, "b", "c", 20);
  run.run();
  CHECK(run.finish_ns(0) == 16 * kSecond);
  CHECK(run.finish_ns(1) == 15 * kSecond);
  CHECK(run.finish_ns(2) == 10 * kSecond);
}

TEST_CASE("a flow that starts later joins the sharing", "[sim][network][fluid]") {
  // Link of 10 bit/s; A: 100 bit at 0 s, B: 100 bit at 5 s. A has 50 left at 5 s; both at 5 bit/s: A ends at 15 s.
  // B has 50 left, at 10 bit/s: 20 s.
  const auto pair = topology_of(R"({"kind": "complete", "bandwidth": 10, "latency": 0})", 2);
  FlowRun run(*pair);
  run.send(0, 0, 1, 100);
  run.send(5, 0, 1, 100);
  run.run();
  CHECK(run.finish_ns(0) == 15 * kSecond);
  CHECK(run.finish_ns(1) == 20 * kSecond);
}

TEST_CASE("the ways of a link share it as its sharing says", "[sim][network][fluid]") {
  // One link of 10 bit/s, a→b 100 bit, b→a 100 bit and again a→b 100 bit, all at 0 s, by hand:
  //   full:    two flows at 5 on the way there, one at 10 on the way back: 20 s, 10 s, 20 s
  //   half:    three flows at 10/3: all end at 30 s
  //   fatpipe: each at 10: all end at 10 s
  const auto finishes = [](const std::string& sharing) {
    const auto graph = topology_of(
        R"({"kind": "explicit", "nodes": ["a", "b"], "links": [{"name": "l", "between": ["a", "b"], "bandwidth": 10, "latency": 0,
            "sharing": ")" +
        sharing + "\"}]}");
    FlowRun run(*graph);
    run.send(0, "a", "b", 100);
    run.send(0, "b", "a", 100);
    run.send(0, "a", "b", 100);
    run.run();
    return std::vector{run.finish_ns(0), run.finish_ns(1), run.finish_ns(2)};
  };
  CHECK(finishes("full") == std::vector{20 * kSecond, 10 * kSecond, 20 * kSecond});
  CHECK(finishes("half") == std::vector{30 * kSecond, 30 * kSecond, 30 * kSecond});
  CHECK(finishes("fatpipe") == std::vector{10 * kSecond, 10 * kSecond, 10 * kSecond});
}

TEST_CASE("a fatpipe on the way caps a flow and leaves the rest to others", "[sim][network][fluid]") {
  // a ═2═ b ──10── c, ab a fatpipe. Flow 1: a→c, 20 bit; flow 2: a→c, 20 bit; flow 3: b→c, 100 bit.
  // Flows 1 and 2 have 2 bit/s each, flow 3 the 6 that are left: at 10 s the first two end, 40 bit of flow 3 are left, at 10: 14 s.
  const auto graph = topology_of(R"({"kind": "explicit", "nodes": ["a", "b", "c"],
      "links": [{"name": "ab", "between": ["a", "b"], "bandwidth": 2, "latency": 0, "sharing": "fatpipe"},
                {"name": "bc", "between": ["b", "c"], "bandwidth": 10, "latency": 0}]})");
  FlowRun run(*graph);
  run.send(0, "a", "c", 20);
  run.send(0, "a", "c", 20);
  run.send(0, "b", "c", 100);
  run.run();
  CHECK(run.finish_ns(0) == 10 * kSecond);
  CHECK(run.finish_ns(1) == 10 * kSecond);
  CHECK(run.finish_ns(2) == 14 * kSecond);
}

TEST_CASE("the latency passes before a flow joins the sharing", "[sim][network][fluid]") {
  // a ──(3 s)── s ──10── t and b ──(0 s)── s. Flow 1: a→t, 50 bit, waits 3 s; flow 2: b→t, 100 bit, flows from 0 s on.
  // At 3 s flow 2 has 70 left. Both at 5: flow 1 ends at 13 s, flow 2 has 20 left, at 10: 15 s.
  const auto graph = topology_of(R"({"kind": "explicit", "nodes": ["a", "b", "s", "t"],
      "links": [{"name": "as", "between": ["a", "s"], "bandwidth": "inf", "latency": 3},
                {"name": "bs", "between": ["b", "s"], "bandwidth": "inf", "latency": 0},
                {"name": "st", "between": ["s", "t"], "bandwidth": 10, "latency": 0}]})");
  FlowRun run(*graph);
  run.send(0, "a", "t", 50);
  run.send(0, "b", "t", 100);
  run.run();
  CHECK(run.finish_ns(0) == 13 * kSecond);
  CHECK(run.finish_ns(1) == 15 * kSecond);
}

TEST_CASE("a message without bits arrives after the latency and takes no share", "[sim][network][fluid]") {
  // Link of 10 bit/s and 2 s; A: 100 bit at 0 s, B: nothing at 1 s. B arrives at 3 s; A at 2 + 10 = 12 s as if alone.
  const auto pair = topology_of(R"({"kind": "complete", "bandwidth": 10, "latency": 2})", 2);
  FlowRun run(*pair);
  run.send(0, 0, 1, 100);
  run.send(1, 0, 1, 0);
  run.run();
  CHECK(run.finish_ns(0) == 12 * kSecond);
  CHECK(run.finish_ns(1) == 3 * kSecond);
  // Nor does it cost a recomputation: its sending and arrival; A's sending, end of latency, recomputation, completion and arrival.
  CHECK(run.events() == 7);
}

TEST_CASE("infinite bandwidth leaves the latency alone", "[sim][network][fluid]") {
  // Links of infinite bandwidth and 2 s: any number of flows of any size arrives after 2 s.
  const auto pair = topology_of(R"({"kind": "complete", "bandwidth": "inf", "latency": 2})", 2);
  FlowRun run(*pair);
  for (int i = 0; i < 10; ++i) run.send(0, 0, 1, 1'000'000'000'000'000ULL);
  run.run();
  for (std::size_t i = 0; i < 10; ++i) CHECK(run.finish_ns(i) == 2 * kSecond);
}

TEST_CASE("n workers that send to the server together take n times as long as one", "[sim][network][fluid]") {
  // Closed form: the server's link carries n messages of s bits: 2 latencies + n · s / bandwidth = 0.1 ms + n · 8 ms at 1 Gbit/s.
  // The batch of starts costs one recomputation: per message a start, an end of latency and a delivery; one solve, one completion.
  for (const std::size_t n : {1, 2, 10, 1000}) {
    const auto star = topology_of(R"("star")", n, true);
    FlowRun run(*star);
    for (NodeId w = 0; w < n; ++w) run.send(0, w, star->server(), 8'000'000);
    run.run();
    for (std::size_t w = 0; w < n; ++w) {
      REQUIRE(run.finish_ns(w) == 100'000 + static_cast<std::int64_t>(n) * 8'000'000);
      REQUIRE(run.arrivals()[w] == w);
    }
    CHECK(run.events() == 3 * n + 2);
  }
}

TEST_CASE("a star with a fast server is as fast as its workers", "[sim][network][fluid]") {
  // Server link 10 Gbit/s, workers 1 Gbit/s, 4 messages of 1 Mbit up and 4 down at once: the ways do not meet, the workers' links
  // limit: 1 ms + 0.1 ms. With 20 workers the server's link limits: 20 Mbit over 10 Gbit/s = 2 ms + 0.1 ms.
  for (const auto& [n, milliseconds] : {std::pair<NodeId, int>{4, 1}, {20, 2}}) {
    const auto star = topology_of(R"({"kind": "star", "server_bandwidth": "10 Gbps"})", n, true);
    FlowRun run(*star);
    for (NodeId w = 0; w < n; ++w) run.send(0, w, star->server(), 1'000'000);
    for (NodeId w = 0; w < n; ++w) run.send(0, star->server(), w, 1'000'000);
    run.run();
    for (std::size_t i = 0; i < 2 * n; ++i) REQUIRE(run.finish_ns(i) == 100'000 + milliseconds * 1'000'000);
  }
}

TEST_CASE("flows that end at one instant are delivered in the order in which they were sent", "[sim][network][fluid]") {
  // Link of 10 bit/s without latency, by hand: A 60 bit at 0 s, B 50 bit at 2 s, C 30 bit at 6 s.
  // A alone until 2 s, 40 left; A and B at 5 until 6 s: A 20, B 30, C 30 left at 10/3 each: A ends at 12 s; B and C have 10 left each
  // and end together at 14 s. B was sent before C.
  const auto pair = topology_of(R"({"kind": "complete", "bandwidth": 10, "latency": 0})", 2);
  FlowRun run(*pair);
  run.send(6, 0, 1, 30);  // C is declared first, but sent last
  run.send(2, 0, 1, 50);
  run.send(0, 0, 1, 60);
  run.run();
  CHECK(run.finish_ns(2) == 12 * kSecond);
  CHECK(run.finish_ns(1) == 14 * kSecond);
  CHECK(run.finish_ns(0) == 14 * kSecond);
  CHECK(run.arrivals() == std::vector<std::size_t>{2, 1, 0});
}

TEST_CASE("a message answered at the instant of its arrival joins the same recomputation", "[sim][network][fluid]") {
  // Two nodes, link of 10 bit/s each way without latency; 10 bit there at 0 s and, when they arrive at 1 s, 10 bit back: 2 s.
  const auto pair = topology_of(R"({"kind": "complete", "bandwidth": 10, "latency": 0})", 2);
  const auto network = make_network(FluidNetwork{}, *pair);
  Simulation simulation;
  network->send(simulation, {.from = 0, .to = 1, .bits = 10}, {EventKind::message_delivered, 1, 0});
  std::vector<std::int64_t> arrivals;
  while (!simulation.idle()) {
    simulation.step([&](const Event& event) {
      if (event.kind == EventKind::network) return network->on_event(simulation, event);
      arrivals.push_back(simulation.now().ns);
      if (event.node == 1) network->send(simulation, {.from = 1, .to = 0, .bits = 10}, {EventKind::message_delivered, 0, 0});
    });
  }
  CHECK(arrivals == std::vector<std::int64_t>{kSecond, 2 * kSecond});
}

TEST_CASE("predictions that were overtaken leave nothing behind", "[sim][network][fluid]") {
  // Invariant (bounded memory): beside one flow of 10^6 s, 20,000 short ones come and go, each of which cancels a far prediction.
  // The saved state of engine and network, which lists every pending key, stays small.
  const auto pair = topology_of(R"({"kind": "complete", "bandwidth": 10, "latency": 0})", 2);
  const auto network = make_network(FluidNetwork{}, *pair);
  Simulation simulation;
  network->send(simulation, {.from = 0, .to = 1, .bits = 10'000'000}, {EventKind::message_delivered, 1, 0});
  for (const double start : {10, 20}) simulation.schedule(to_time({start}), {EventKind::timer, 0, 0});
  for (int short_flows = 0; short_flows < 20'000;) {
    simulation.step([&](const Event& event) {
      if (event.kind == EventKind::network) return network->on_event(simulation, event);
      if (event.kind == EventKind::message_delivered) return void(++short_flows);
      simulation.schedule_in(to_duration({20}), event);  // the other timer is due before: the far predictions never are the next event
      network->send(simulation, {.from = 0, .to = 1, .bits = 10}, {EventKind::message_delivered, 1, 1});
    });
  }
  CHECK(save_state(simulation).size() < 200'000);
}
