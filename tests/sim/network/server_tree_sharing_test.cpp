/// The solver of stars and two-level trees against hand computations and against the general solver.

#include "sim/network/server_tree_sharing.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <random>

#include "tests/sim/network/flow_run.hpp"
#include "tests/test.hpp"

using namespace peloton;
using peloton::test::FlowRun;
using peloton::test::topology_of;

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

/// A star of `workers` workers, links in whole bit/s, no latency.
std::unique_ptr<Topology> star_of(std::size_t workers, std::int64_t bandwidth, std::int64_t server_bandwidth) {
  const Json json{{"kind", "star"}, {"bandwidth", bandwidth}, {"server_bandwidth", server_bandwidth}, {"latency", 0}};
  return topology_of(json.dump(), workers, true);
}

/// Racks of `each` workers, links in whole bit/s, no latency.
std::unique_ptr<Topology> racks_of(std::size_t workers, std::size_t each, std::int64_t bandwidth, std::int64_t rack_bandwidth,
                                   std::int64_t server_bandwidth) {
  const Json json{{"kind", "two_level"}, {"workers_per_rack", each},         {"bandwidth", bandwidth},
                  {"latency", 0},        {"core_bandwidth", rack_bandwidth}, {"server_bandwidth", server_bandwidth}};
  return topology_of(json.dump(), workers, true);
}

/// A star, or, every other time, racks of some of its workers.
std::unique_ptr<Topology> random_tree(std::mt19937_64& random, std::size_t workers) {
  const auto whole = [&](std::uint64_t most) { return 1 + static_cast<std::int64_t>(random() % most); };
  if (random() % 2 == 0) return star_of(workers, whole(10), whole(40));
  return racks_of(workers, 1 + random() % workers, whole(10), whole(20), whole(40));
}

struct Message {
  double at = 0;  // seconds
  NodeId from = 0;
  NodeId to = 0;
  std::uint64_t bits = 0;
  double rate_cap = kNoRateCap;
};

/// Worker ↔ server messages, several of a worker at once now and then; `peers`: one in twenty goes from worker to worker.
std::vector<Message> random_traffic(std::mt19937_64& random, const Topology& star, std::size_t messages, bool peers) {
  std::vector<Message> out;
  const auto workers = static_cast<NodeId>(star.workers());
  for (std::size_t i = 0; i < messages; ++i) {
    const auto worker = static_cast<NodeId>(random() % workers);
    Message m{static_cast<double>(random() % 400) / 10, worker, star.server(), 1 + random() % 200};
    if (random() % 2 == 0) std::swap(m.from, m.to);
    if (random() % 8 == 0) m.rate_cap = static_cast<double>(1 + random() % 4);
    if (peers && workers > 1 && random() % 20 == 0) m = {m.at, worker, (worker + 1) % workers, m.bits};
    out.push_back(m);
  }
  return out;
}

/// Bandwidths of some workers' and switches' links from time 0 on, and changes and cuts later, all at whole seconds.
NetworkSpec random_links(std::mt19937_64& random, const Topology& tree) {
  NetworkSpec out;
  const std::size_t workers = tree.workers();
  const auto change = [&](double at) { return BandwidthChange{{at}, {static_cast<double>(1 + random() % 12)}}; };
  for (std::size_t w = 0; w < workers; ++w) {
    if (random() % 2 == 0) continue;
    LinkSpec link;
    link.links = {tree.link_name(2 * w + random() % 2)};
    link.changes = {change(0)};
    if (random() % 3 == 0) link.changes.push_back(change(5 + static_cast<double>(random() % 20)));
    if (random() % 6 == 0) link.cuts.push_back({{static_cast<double>(random() % 20)}, Seconds{static_cast<double>(1 + random() % 5)}});
    out.links.push_back(link);
  }
  for (std::size_t link = tree.server(); link < tree.links(); ++link) {  // the server's and those of racks
    if (random() % 4 != 0) continue;
    LinkSpec spec;
    spec.links = {tree.link_name(2 * link + random() % 2)};
    spec.changes = {change(10), change(15)};
    if (random() % 4 == 0) spec.cuts.push_back({{12}, Seconds{2}});
    out.links.push_back(spec);
  }
  return out;
}

FlowRun run_of(const Topology& topology, const std::vector<Message>& traffic, FluidSolver solver, const NetworkSpec& spec = {}) {
  NetworkParts parts{.topology = topology};
  if (!spec.links.empty()) parts.conditions = LinkConditions(spec.links, topology, {});
  FlowRun run(topology, make_fluid_network(std::move(parts), solver));
  for (const Message& m : traffic) run.send(m.at, m.from, m.to, m.bits, m.rate_cap);
  return run;
}

/// The loads of all links, as they change.
struct Loads final : Observer {
  bool sees_network() const override { return true; }
  void on_link(const LinkRecord& r) override { now[r.link] = r.load; }
  std::map<std::uint64_t, double> now;
};

}  // namespace

TEST_CASE("workers with slow links leave their share of the server's link to others", "[sim][network][tree]") {
  // Server link 10 bit/s, worker links 20, but w0's 2 (by hand): w0 goes at 2, w1 and w2 share the other 8, 4 each.
  // w0 20 bit: 10 s. w1 40 bit: 10 s. w2 60 bit has 20 left at 10 s, alone at 10: 12 s.
  const auto tree = star_of(3, 20, 10);
  NetworkSpec spec;
  spec.links = {LinkSpec{.links = {"w0->switch"}, .changes = {{{0}, {2}}}}};
  FlowRun run(*tree, spec);
  run.send(0, 0, tree->server(), 20);
  run.send(0, 1, tree->server(), 40);
  run.send(0, 2, tree->server(), 60);
  run.run();
  CHECK(run.finish_ns(0) == 10 * kSecond);
  CHECK(run.finish_ns(1) == 10 * kSecond);
  CHECK(run.finish_ns(2) == 12 * kSecond);
}

TEST_CASE("workers behind a full link of their rack leave their share of the server's link to others", "[sim][network][tree]") {
  // Racks {w0, w1} and {w2, w3}, rack links 6 bit/s, worker links 10, server link 10 (by hand).
  // w0 30 bit, w1 45, w2 40: rack 0 gives 3 each, and the server's link has 4 left for w2. At 10 s w0 and w2 end.
  // Then w3 sends 12: w1 could have 6 of its rack and w3 6 of its, but the server's link gives 5 each. w3 ends at 12.4 s; w1, 15 bit at
  // 10 s and 3 at 12.4 s, goes at 6 from then on: 12.9 s.
  const auto racks = racks_of(4, 2, 10, 6, 10);
  FlowRun run(*racks);
  run.send(0, 0, racks->server(), 30);
  run.send(0, 1, racks->server(), 45);
  run.send(0, 2, racks->server(), 40);
  run.send(10, 3, racks->server(), 12);
  run.run();
  CHECK(run.finish_ns(0) == 10 * kSecond);
  CHECK(run.finish_ns(2) == 10 * kSecond);
  CHECK(run.finish_ns(3) == 12'400'000'000);
  CHECK(run.finish_ns(1) == 12'900'000'000);
}

TEST_CASE("messages of one worker share its own link first", "[sim][network][tree]") {
  // Server link 12 bit/s, worker links 4 (by hand). w0 sends twice 20 bit, w1 once 40: rates 2, 2, 4, the server's link is not full.
  // At 10 s all three end together.
  const auto tree = star_of(2, 4, 12);
  FlowRun run(*tree);
  run.send(0, 0, tree->server(), 20);
  run.send(0, 0, tree->server(), 20);
  run.send(0, 1, tree->server(), 40);
  run.run();
  for (std::size_t i = 0; i < 3; ++i) CHECK(run.finish_ns(i) == 10 * kSecond);
  CHECK(run.arrivals() == std::vector<std::size_t>{0, 1, 2});
}

TEST_CASE("a message between workers moves the flows of a star to the general solver as they are", "[sim][network][tree]") {
  // All links 10 bit/s (by hand). w0 and w1 send 100 bit to the server at 0 s, 5 bit/s each: 80 left each at 4 s.
  // Then w0 sends 60 bit to w1: its link is shared by two flows, 5 each, as the server's. w0→w1 ends at 16 s, the others at 20 s.
  // At 30 s the star's solver takes over again: 100 bit from the server to w0 end at 40 s.
  const auto tree = star_of(2, 10, 10);
  FlowRun run(*tree);
  const auto a = run.send(0, 0, tree->server(), 100);
  const auto b = run.send(0, 1, tree->server(), 100);
  const auto peer = run.send(4, NodeId{0}, NodeId{1}, 60);
  const auto later = run.send(30, tree->server(), 0, 100);
  run.run();
  CHECK(run.finish_ns(a) == 20 * kSecond);
  CHECK(run.finish_ns(b) == 20 * kSecond);
  CHECK(run.finish_ns(peer) == 16 * kSecond);
  CHECK(run.finish_ns(later) == 40 * kSecond);
}

TEST_CASE("both solvers agree on random stars and racks", "[sim][network][tree]") {
  // Reference: the general solver, itself checked against exact rates. 6000 networks with up to 12 workers, links of different bandwidths,
  // some of which change or are cut, caps on flows, and messages between workers in every third. The solvers sum in different orders, so
  // a predicted end half-way between two nanoseconds may be rounded either way, and later ends are shifted with it: 1e-9 of the time, or 2
  // ns.
  std::mt19937_64 random(21);
  for (int instance = 0; instance < 6000; ++instance) {
    const std::size_t workers = 1 + random() % 12;
    const auto tree = random_tree(random, workers);
    const NetworkSpec spec = instance % 2 == 0 ? NetworkSpec{} : random_links(random, *tree);
    const std::vector<Message> traffic = random_traffic(random, *tree, 30, instance % 3 == 0);
    FlowRun fast = run_of(*tree, traffic, FluidSolver::automatic, spec);
    FlowRun general = run_of(*tree, traffic, FluidSolver::general, spec);
    fast.run();
    general.run();
    for (std::size_t i = 0; i < traffic.size(); ++i) {
      const auto reference = static_cast<double>(general.finish_ns(i));
      const auto difference = static_cast<double>(std::abs(fast.finish_ns(i) - general.finish_ns(i)));
      REQUIRE(difference <= std::max(2.0, 1e-9 * reference));
    }
  }
}

TEST_CASE("equal messages end together on both solvers, in order of sending", "[sim][network][tree]") {
  // Ties (invariant): n workers that send equal amounts at once, over links of any bandwidth, end at one instant and arrive in order;
  // 7 bit over a third of a bit/s has no exact end, but one and the same for all.
  for (const std::size_t workers : {1, 2, 3, 7, 50, 60}) {
    const auto tree = workers == 60 ? racks_of(60, 6, 3, 1, 4) : star_of(workers, 1, 3);
    std::vector<Message> traffic;
    for (NodeId w = 0; w < workers; ++w) traffic.push_back({0, w, tree->server(), 7});
    FlowRun fast = run_of(*tree, traffic, FluidSolver::automatic);
    FlowRun general = run_of(*tree, traffic, FluidSolver::general);
    fast.run();
    general.run();
    REQUIRE(fast.fingerprint() == general.fingerprint());
    REQUIRE(fast.arrivals() == general.arrivals());
    for (std::size_t i = 0; i < workers; ++i) REQUIRE(fast.finish_ns(i) == fast.finish_ns(0));
  }
}

TEST_CASE("both solvers report the same loads of a tree's links", "[sim][network][tree]") {
  // Reference: the general solver. After every event the loads last reported are the same.
  std::mt19937_64 random(22);
  for (int instance = 0; instance < 100; ++instance) {
    const std::size_t workers = 1 + random() % 6;
    const auto tree = random_tree(random, workers);
    std::vector<Message> traffic = random_traffic(random, *tree, 15, instance % 4 == 0);
    for (Message& m : traffic) m.at = std::floor(m.at);
    FlowRun fast = run_of(*tree, traffic, FluidSolver::automatic);
    FlowRun general = run_of(*tree, traffic, FluidSolver::general);
    Loads fast_loads;
    Loads general_loads;
    fast.watch(fast_loads);
    general.watch(general_loads);
    for (double t = 0.4142135; t < 60; t += 1) {  // where no message of whole bits at these rates starts or ends
      fast.run_until(t);
      general.run_until(t);
      for (auto& [link, load] : general_loads.now) REQUIRE(fast_loads.now[link] == Approx(load).margin(1e-6));
      for (auto& [link, load] : fast_loads.now) REQUIRE(general_loads.now[link] == Approx(load).margin(1e-6));
    }
  }
}

TEST_CASE("a tree that is saved and restored half-way goes on with the same bytes", "[sim][network][tree]") {
  // Invariant: after every number of events, the restored copy saves to the same bytes and ends with the same arrivals and fingerprint;
  // with changing links, caps, and messages between workers.
  std::mt19937_64 random(23);
  for (int instance = 0; instance < 9; ++instance) {
    const std::size_t workers = 1 + random() % 5;
    const auto tree = instance % 3 == 0 ? star_of(workers, 5, 12) : racks_of(workers, 2, 5, 6, 12);
    const NetworkSpec spec = random_links(random, *tree);
    const std::vector<Message> traffic = random_traffic(random, *tree, 15, instance % 2 == 0);
    FlowRun whole = run_of(*tree, traffic, FluidSolver::automatic, spec);
    whole.run();
    for (std::uint64_t events = 0; events <= whole.events(); ++events) {
      FlowRun first = run_of(*tree, traffic, FluidSolver::automatic, spec);
      first.run(events);
      const std::string saved = save_state(first);
      FlowRun second = run_of(*tree, {}, FluidSolver::automatic, spec);
      restore_state(second, saved);
      REQUIRE(save_state(second) == saved);
      second.run();
      REQUIRE(second.arrivals() == whole.arrivals());
      REQUIRE(second.fingerprint() == whole.fingerprint());
      REQUIRE(save_state(second) == save_state(first.run()));
    }
  }
}
