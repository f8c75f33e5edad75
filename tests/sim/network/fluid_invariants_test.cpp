/// Properties of the fluid model on random networks and traffic.

#include <random>

#include "sim/network/fluid.hpp"
#include "tests/sim/network/exact_max_min.hpp"
#include "tests/sim/network/flow_run.hpp"
#include "tests/test.hpp"

using namespace peloton;
using peloton::test::exact_max_min;
using peloton::test::FlowRun;
using peloton::test::SharingProblem;
using peloton::test::topology_of;

namespace {

struct Message {
  std::int64_t at = 0;  // seconds
  NodeId from = 0;
  NodeId to = 0;
  std::uint64_t bits = 0;
};

/// A connected network of `nodes` nodes with links of all kinds, in whole bit/s and seconds; bandwidths times `scale`.
Json random_network(std::mt19937_64& random, std::size_t nodes, std::int64_t scale = 1) {
  Json out{{"kind", "explicit"}, {"nodes", Json::array()}, {"links", Json::array()}};
  const auto link = [&](std::size_t a, std::size_t b) {
    static constexpr const char* sharings[] = {"full", "full", "half", "fatpipe"};
    out["links"].push_back({{"name", "l" + std::to_string(out["links"].size())},
                            {"between", {"n" + std::to_string(a), "n" + std::to_string(b)}},
                            {"bandwidth", scale * static_cast<std::int64_t>(1 + random() % 20)},
                            {"latency", random() % 4},
                            {"sharing", sharings[random() % 4]}});
  };
  for (std::size_t i = 0; i < nodes; ++i) out["nodes"].push_back("n" + std::to_string(i));
  for (std::size_t i = 1; i < nodes; ++i) link(random() % i, i);
  for (std::size_t i = 0; i < nodes; ++i) {
    const std::size_t a = random() % nodes;
    link(a, (a + 1 + random() % (nodes - 1)) % nodes);
  }
  return out;
}

std::vector<Message> random_traffic(std::mt19937_64& random, std::size_t nodes, std::size_t messages) {
  std::vector<Message> out;
  for (std::size_t i = 0; i < messages; ++i) {
    const auto from = static_cast<NodeId>(random() % nodes);
    const auto to = static_cast<NodeId>((from + 1 + random() % (nodes - 1)) % nodes);
    out.push_back({static_cast<std::int64_t>(random() % 30), from, to, random() % 10 == 0 ? 0 : 1 + random() % 200});
  }
  return out;
}

FlowRun run_of(const Topology& topology, const std::vector<Message>& traffic, const NetworkSpec& spec = {}) {
  FlowRun run(topology, spec);
  for (const Message& m : traffic) run.send(static_cast<double>(m.at), m.from, m.to, m.bits);
  return run;
}

/// The fluid model written down slowly, in seconds and without events: between two changes all rates are the exact max-min ones.
std::vector<double> slow_fluid(const Topology& topology, const std::vector<Message>& traffic) {
  std::vector<double> finish(traffic.size(), -1);
  std::vector<double> joins;
  std::vector<double> left;
  std::vector<std::vector<Resource>> routes(traffic.size());
  for (std::size_t i = 0; i < traffic.size(); ++i) {
    joins.push_back(static_cast<double>(traffic[i].at) + topology.cost(traffic[i].from, traffic[i].to).latency.seconds());
    left.push_back(static_cast<double>(traffic[i].bits));
    topology.route(traffic[i].from, traffic[i].to, routes[i]);
  }
  for (double now = 0;;) {
    std::vector<std::size_t> active;
    SharingProblem problem;
    std::vector<std::uint64_t> ids;
    double next = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < traffic.size(); ++i) {
      if (finish[i] >= 0) continue;
      if (joins[i] > now) {
        next = std::min(next, joins[i]);
        continue;
      }
      if (left[i] <= 1e-9) {
        finish[i] = now;
        continue;
      }
      active.push_back(i);
      problem.links_of_flow.emplace_back();
      problem.cap.push_back(0);
      for (const Resource& r : routes[i]) {
        const auto bandwidth = static_cast<std::int64_t>(r.bandwidth);
        if (r.fatpipe) {
          problem.cap.back() = problem.cap.back() == 0 ? bandwidth : std::min(problem.cap.back(), bandwidth);
          continue;
        }
        const auto known = static_cast<std::size_t>(std::find(ids.begin(), ids.end(), r.id) - ids.begin());
        if (known == ids.size()) {
          ids.push_back(r.id);
          problem.bandwidth.push_back(bandwidth);
        }
        problem.links_of_flow.back().push_back(known);
      }
    }
    const std::vector<double> rates = exact_max_min(problem);
    for (std::size_t k = 0; k < active.size(); ++k) next = std::min(next, now + left[active[k]] / rates[k]);
    if (std::isinf(next)) return finish;
    for (std::size_t k = 0; k < active.size(); ++k) left[active[k]] -= rates[k] * (next - now);
    now = next;
  }
}

}  // namespace

TEST_CASE("random traffic ends when the slow fluid model says", "[sim][network][fluid]") {
  // Reference: the model stepped from change to change with exact max-min rates. 150 networks; each rounding to nanoseconds moves an end
  // by at most a nanosecond, and there are at most 60 changes.
  std::mt19937_64 random(3);
  for (int instance = 0; instance < 150; ++instance) {
    const std::size_t nodes = 2 + random() % 6;
    const auto graph = topology_of(random_network(random, nodes).dump());
    const std::vector<Message> traffic = random_traffic(random, nodes, 20);
    FlowRun run = run_of(*graph, traffic);
    run.run();
    const std::vector<double> expected = slow_fluid(*graph, traffic);
    for (std::size_t i = 0; i < traffic.size(); ++i) REQUIRE(run.finish(i) == Approx(expected[i]).epsilon(1e-9).margin(60e-9));
  }
}

TEST_CASE("a flow never ends earlier than alone", "[sim][network][fluid]") {
  // Invariant: the constant model gives the time of each message alone, and the fluid model gives it exactly when it is alone.
  // In company, roundings to nanoseconds may gain 20 ns.
  std::mt19937_64 random(4);
  for (int instance = 0; instance < 100; ++instance) {
    const std::size_t nodes = 2 + random() % 6;
    const auto graph = topology_of(random_network(random, nodes).dump());
    const std::vector<Message> traffic = random_traffic(random, nodes, 20);
    FlowRun together = run_of(*graph, traffic);
    FlowRun constant = run_of(*graph, traffic, ConstantNetwork{});
    together.run();
    constant.run();
    for (std::size_t i = 0; i < traffic.size(); ++i) {
      REQUIRE(together.finish_ns(i) + 20 >= constant.finish_ns(i));
      FlowRun alone = run_of(*graph, {traffic[i]});
      REQUIRE(alone.run().finish_ns(0) == constant.finish_ns(i));
    }
  }
}

TEST_CASE("a link works without a pause while it has bits to carry", "[sim][network][fluid]") {
  // Closed form (conservation of bits): whatever the sharing, a link of C bit/s ends each busy period when the bits that came are through:
  // the last end is Lindley's u ← max(u, a) + s / C over the arrivals a in order. 200 random streams; one nanosecond per change.
  std::mt19937_64 random(5);
  const auto pair = topology_of(R"({"kind": "complete", "bandwidth": 7, "latency": 0})", 2);
  for (int instance = 0; instance < 200; ++instance) {
    std::vector<Message> traffic;
    for (int i = 0; i < 25; ++i) traffic.push_back({static_cast<std::int64_t>(random() % 100), 0, 1, 1 + random() % 60});
    std::sort(traffic.begin(), traffic.end(), [](const Message& a, const Message& b) { return a.at < b.at; });
    FlowRun run = run_of(*pair, traffic);
    run.run();
    double through = 0;
    double last = 0;
    for (const Message& m : traffic) through = std::max(through, static_cast<double>(m.at)) + static_cast<double>(m.bits) / 7;
    for (std::size_t i = 0; i < traffic.size(); ++i) last = std::max(last, run.finish(i));
    REQUIRE(last == Approx(through).epsilon(0).margin(50e-9));
  }
}

TEST_CASE("sizes and bandwidths times the same power of two change nothing", "[sim][network][fluid]") {
  // Invariant: ×1024 is exact in binary, so every quotient and every end is bit for bit the same.
  for (std::uint64_t instance = 0; instance < 50; ++instance) {
    std::mt19937_64 random(instance);
    std::mt19937_64 same_random(instance);
    const std::size_t nodes = 2 + instance % 6;
    const auto graph = topology_of(random_network(random, nodes).dump());
    const auto scaled_graph = topology_of(random_network(same_random, nodes, 1024).dump());
    std::vector<Message> traffic = random_traffic(random, nodes, 20);
    FlowRun run = run_of(*graph, traffic);
    for (Message& m : traffic) m.bits *= 1024;
    FlowRun scaled = run_of(*scaled_graph, traffic);
    REQUIRE(run.run().fingerprint() == scaled.run().fingerprint());
    REQUIRE(run.arrivals() == scaled.arrivals());
  }
}

TEST_CASE("traffic elsewhere does not touch a component, not even in its last bit", "[sim][network][fluid]") {
  // Invariant: on a complete network each way of each link is a component; the ends on 0→1 are the same with and without other traffic.
  std::mt19937_64 random(6);
  const auto complete = topology_of(R"({"kind": "complete", "bandwidth": 7, "latency": 1})", 4);
  for (int instance = 0; instance < 50; ++instance) {
    std::vector<Message> here;
    for (int i = 0; i < 10; ++i) here.push_back({static_cast<std::int64_t>(random() % 20), 0, 1, 1 + random() % 60});
    std::vector<Message> everywhere = here;
    for (const Message& m : random_traffic(random, 4, 40))
      if (m.from != 0 || m.to != 1) everywhere.push_back(m);
    FlowRun alone = run_of(*complete, here);
    FlowRun beside = run_of(*complete, everywhere);
    alone.run();
    beside.run();
    for (std::size_t i = 0; i < here.size(); ++i) REQUIRE(alone.finish_ns(i) == beside.finish_ns(i));
  }
}

TEST_CASE("a run that is saved and restored half-way goes on with the same bytes", "[sim][network][fluid]") {
  // Invariant: after every number of events, the restored copy saves to the same bytes and ends with the same arrivals and fingerprint.
  std::mt19937_64 random(8);
  for (int instance = 0; instance < 5; ++instance) {
    const std::size_t nodes = 2 + random() % 6;
    const auto graph = topology_of(random_network(random, nodes).dump());
    const std::vector<Message> traffic = random_traffic(random, nodes, 20);
    FlowRun whole = run_of(*graph, traffic);
    whole.run();
    for (std::uint64_t events = 0; events <= whole.events(); ++events) {
      FlowRun first = run_of(*graph, traffic);
      first.run(events);
      const std::string saved = save_state(first);
      FlowRun second(*graph);
      restore_state(second, saved);
      REQUIRE(save_state(second) == saved);
      first.run(3);
      second.run(3);
      REQUIRE(save_state(second) == save_state(first));
      second.run();
      REQUIRE(second.arrivals() == whole.arrivals());
      REQUIRE(second.fingerprint() == whole.fingerprint());
      REQUIRE(save_state(second) == save_state(first.run()));
    }
  }
}
