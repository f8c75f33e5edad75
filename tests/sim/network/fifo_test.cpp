#include "sim/network/fifo.hpp"

#include <fmt/format.h>

#include <boost/random/exponential_distribution.hpp>
#include <cmath>
#include <random>

#include "sim/base/random.hpp"
#include "tests/sim/network/flow_run.hpp"
#include "tests/test.hpp"

using namespace peloton;
using peloton::test::FlowRun;
using peloton::test::topology_of;

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

}  // namespace

TEST_CASE("a link sends whole messages, first come, first served", "[sim][network][fifo]") {
  // Link of 10 bit/s and 1 s (by hand): A 100 bit at 0 s leaves until 10 s; B 50 bit, come at 2 s, until 15 s; C 10 bit, come at 20 s,
  // until 21 s. Each arrives 1 s later. The way back is free: D 100 bit at 0 s arrives at 11 s.
  const auto pair = topology_of(R"({"kind": "complete", "bandwidth": 10, "latency": 1})", 2);
  FlowRun run(*pair, FifoNetwork{});
  run.send(0, 0, 1, 100);
  run.send(2, 0, 1, 50);
  run.send(20, 0, 1, 10);
  run.send(0, 1, 0, 100);
  run.run();
  CHECK(run.finish_ns(0) == 11 * kSecond);
  CHECK(run.finish_ns(1) == 16 * kSecond);
  CHECK(run.finish_ns(2) == 22 * kSecond);
  CHECK(run.finish_ns(3) == 11 * kSecond);
}

TEST_CASE("messages that come to a link together go in order of sending", "[sim][network][fifo]") {
  // Star without latency, worker links 10 bit/s, server's 20 (by hand): three messages of 20 bit reach the switch together at 2 s and
  // leave it one after another, 1 s each, in order: 3, 4, 5 s.
  const auto star = topology_of(R"({"kind": "star", "bandwidth": 10, "server_bandwidth": 20, "latency": 0})", 3, true);
  FlowRun run(*star, FifoNetwork{});
  for (const NodeId w : {NodeId{2}, NodeId{0}, NodeId{1}}) run.send(0, w, star->server(), 20);
  run.run();
  for (std::size_t i = 0; i < 3; ++i) CHECK(run.finish_ns(i) == static_cast<std::int64_t>(3 + i) * kSecond);
  CHECK(run.arrivals() == std::vector<std::size_t>{0, 1, 2});
}

TEST_CASE("a message is stored on every node of an empty route", "[sim][network][fifo]") {
  // Closed form: Σ (latency + bits / bandwidth) over the links: (1 + 10) + (2 + 20) + (3 + 5) = 41 s for 100 bit over 10, 5, 20 bit/s.
  const auto line = topology_of(R"({"kind": "explicit", "nodes": ["a", "b", "c", "d"],
      "links": [{"name": "ab", "between": ["a", "b"], "bandwidth": 10, "latency": 1},
                {"name": "bc", "between": ["b", "c"], "bandwidth": 5, "latency": 2},
                {"name": "cd", "between": ["c", "d"], "bandwidth": 20, "latency": 3, "sharing": "fatpipe"}]})");
  FlowRun run(*line, FifoNetwork{});
  run.send(0, "a", "d", 100);
  CHECK(run.run().finish_ns(0) == 41 * kSecond);
}

TEST_CASE("both ways of a half-duplex link share one queue, and on a fatpipe nobody waits", "[sim][network][fifo]") {
  // 10 bit/s without latency, 100 bit there and back at once (by hand): half 10 and 20 s, full and fatpipe 10 and 10 s; a third message,
  // there: half 30 s, full 20 s, fatpipe 10 s.
  const auto finishes = [](std::string_view sharing) {
    const auto graph = topology_of(fmt::format(
        R"({{"kind": "explicit", "nodes": ["a", "b"],
             "links": [{{"name": "l", "between": ["a", "b"], "bandwidth": 10, "latency": 0, "sharing": "{}"}}]}})",
        sharing));
    FlowRun run(*graph, FifoNetwork{});
    run.send(0, "a", "b", 100);
    run.send(0, "b", "a", 100);
    run.send(0, "a", "b", 100);
    run.run();
    return std::vector{run.finish(0), run.finish(1), run.finish(2)};
  };
  CHECK(finishes("half") == std::vector<double>{10, 20, 30});
  CHECK(finishes("full") == std::vector<double>{10, 10, 20});
  CHECK(finishes("fatpipe") == std::vector<double>{10, 10, 10});
}

TEST_CASE("messages wait at a link as the M/D/1 queue says", "[sim][network][fifo]") {
  // Closed form (Pollaczek–Khinchine): Poisson arrivals of rate λ at a link that takes s per message wait ρ s / (2 (1 − ρ)) on average,
  // ρ = λ s: with s = 1 ms and ρ = 0.6, 0.75 ms. 40 independent streams of 5,000 messages, the first 500 left out (a queue that starts
  // empty forgets it within some tens of messages at this load). The mean of 40 means is compared at 5 of its standard errors: were
  // the seed drawn anew, a right simulator would fail with probability 1.2e-5 (Student's t, 39 degrees of freedom).
  const auto pair = topology_of(R"({"kind": "complete", "bandwidth": 1000000, "latency": 0})", 2);
  constexpr double kService = 1e-3;
  constexpr double kLoad = 0.6;
  constexpr int kStreams = 40;
  std::vector<double> means;
  for (std::uint32_t stream = 0; stream < kStreams; ++stream) {
    RandomStream random(7, Purpose::test, stream, 0);
    boost::random::exponential_distribution<double> gap(kLoad / kService);
    FlowRun run(*pair, FifoNetwork{});
    std::vector<double> starts;
    double t = 0;
    for (int i = 0; i < 5000; ++i) {
      t += gap(random);
      starts.push_back(t);
      run.send(t, 0, 1, 1000);
    }
    run.run();
    double wait = 0;
    for (std::size_t i = 500; i < starts.size(); ++i) wait += run.finish(i) - starts[i] - kService;
    means.push_back(wait / static_cast<double>(starts.size() - 500));
  }
  double mean = 0;
  double square = 0;
  for (const double m : means) mean += m / kStreams;
  for (const double m : means) square += (m - mean) * (m - mean);
  const double error = std::sqrt(square / (kStreams - 1) / kStreams);
  const double expected = kLoad * kService / (2 * (1 - kLoad));
  CHECK(error < 0.02 * expected);  // the check has an edge
  CHECK(std::abs(mean - expected) < 5 * error);
}

TEST_CASE("a link's queue follows Lindley's recursion", "[sim][network][fifo]") {
  // Reference: u ← max(u, a) + s over the arrivals in order, in whole nanoseconds, for random streams with ties.
  std::mt19937_64 random(12);
  const auto pair = topology_of(R"({"kind": "complete", "bandwidth": 1000000000, "latency": 0})", 2);  // 1 bit a nanosecond
  for (int instance = 0; instance < 100; ++instance) {
    FlowRun run(*pair, FifoNetwork{});
    std::int64_t now = 0;
    std::int64_t through = 0;
    std::vector<std::int64_t> expected;
    for (int i = 0; i < 50; ++i) {
      now += static_cast<std::int64_t>(random() % 4) * 100;
      const std::uint64_t bits = random() % 300;
      through = std::max(through, now) + static_cast<std::int64_t>(bits);
      expected.push_back(through);
      run.send(static_cast<double>(now) * 1e-9, 0, 1, bits);
    }
    run.run();
    for (std::size_t i = 0; i < expected.size(); ++i) REQUIRE(run.finish_ns(i) == expected[i]);
  }
}

TEST_CASE("store and forward is saved and restored half-way", "[sim][network][fifo]") {
  // Invariant: after every number of events, the restored copy saves to the same bytes and ends with the same arrivals.
  const auto star = topology_of(R"({"kind": "star", "bandwidth": 10, "latency": 1})", 4, true);
  const auto make = [&](bool with_traffic) {
    FlowRun run(*star, FifoNetwork{});
    std::mt19937_64 same(5);
    for (int i = 0; with_traffic && i < 12; ++i) {
      const auto worker = static_cast<NodeId>(same() % 4);
      run.send(static_cast<double>(same() % 10), worker, same() % 2 == 0 ? star->server() : (worker + 1) % 4, same() % 50);
    }
    return run;
  };
  FlowRun whole = make(true);
  whole.run();
  for (std::uint64_t events = 0; events <= whole.events(); ++events) {
    FlowRun first = make(true);
    first.run(events);
    const std::string saved = save_state(first);
    FlowRun second = make(false);
    restore_state(second, saved);
    REQUIRE(save_state(second) == saved);
    second.run();
    REQUIRE(second.arrivals() == whole.arrivals());
    REQUIRE(second.fingerprint() == whole.fingerprint());
  }
}
