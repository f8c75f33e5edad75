#include "tests/bench/network_bench.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "sim/network/general_sharing.hpp"
#include "sim/network/network_spec.hpp"
#include "sim/topology/topology_spec.hpp"
#include "tests/bench/ping_pong.hpp"
#include "tests/bench/simgrid_star.hpp"

namespace peloton {

namespace {

constexpr std::uint64_t kModelBits = 8'000'000;

std::unique_ptr<Topology> star(std::size_t workers) { return make_topology(StarTopology{}, workers, true, {}); }

PingPongResult ping_pong(std::unique_ptr<Network> network, const Topology& topology, std::uint64_t deliveries, double compute = 0) {
  const PingPong work{topology.workers(), deliveries, compute};
  const NodeId server = topology.server();
  std::vector<std::uint32_t> rounds(work.workers);
  Simulation simulation;
  simulation.reserve(work.workers);
  const auto send = [&](NodeId from, NodeId to, NodeId worker) {
    network->send(simulation, {.from = from, .to = to, .bits = 8 * PingPong::bytes(worker)}, {EventKind::message_delivered, to, worker});
  };
  const auto start_round = [&](NodeId worker) {
    const double think = work.think(worker, rounds[worker]++);
    if (think == 0) return send(worker, server, worker);
    simulation.schedule_in(to_duration({think}), {EventKind::timer, worker, worker});
  };
  const double seconds = seconds_of([&] {
    for (NodeId w = 0; w < work.workers; ++w) start_round(w);
    for (std::uint64_t delivered = 0; delivered < deliveries;) {
      simulation.step([&](const Event& event) {
        if (event.kind == EventKind::network) return network->on_event(simulation, event);
        const auto worker = static_cast<NodeId>(event.data);
        if (event.kind == EventKind::timer) return send(worker, server, worker);
        ++delivered;
        if (event.node == server) return send(server, worker, worker);
        start_round(worker);
      });
    }
  });
  return {seconds / static_cast<double>(deliveries) * 1e6, simulation.now().seconds()};
}

void constant_ping_pong(std::size_t workers, std::uint64_t deliveries) {
  const std::unique_ptr<Topology> topology = star(workers);
  const double microseconds = ping_pong(make_network(ConstantNetwork{}, *topology), *topology, deliveries).microseconds;
  fmt::print("  constant ping-pong, {:>7} workers: {:6.3f} us/message\n", workers, microseconds);
}

/// 100,000 workers in racks of 40 under one core switch with the server; `busy`: the share of the server's link that they fill.
void tree_ping_pong(std::string_view name, const NetworkSpec& network, double busy, std::uint64_t deliveries) {
  constexpr std::size_t kWorkers = 100'000;
  constexpr double kServerBandwidth = 400e9;
  TwoLevelTopology tree;
  tree.workers_per_rack = 40;
  tree.bandwidth = {10e9};
  tree.server_bandwidth = BitsPerSecond{kServerBandwidth};
  const std::unique_ptr<Topology> topology = make_topology(tree, kWorkers, true, {});
  const double compute = static_cast<double>(kWorkers * kModelBits) / (busy * kServerBandwidth);
  const double microseconds = ping_pong(make_network(network, *topology), *topology, deliveries, compute).microseconds;
  fmt::print("  {:8} ping-pong, {:>7} workers of a two-level tree, server's link offered {:.0f} %: {:6.3f} us/message\n", name, kWorkers,
             100 * busy, microseconds);
}

/// SimGrid on the same work, and when the first messages arrive in both: small differences grow in a closed loop, so that later ones
/// differ between any two solvers.
void beside_simgrid(const PingPong& work, double ours) {
  constexpr unsigned kLimit = 60;
  const StarTopology spec;
  const auto simgrid = simgrid_ping_pong(work, spec.bandwidth.value, spec.latency.value, kLimit);
  if (!simgrid) return fmt::print("           SimGrid: no end of {} messages within {} s\n", work.deliveries, kLimit);
  PingPong first = work;
  first.deliveries = std::min<std::uint64_t>(work.deliveries, 10 * work.workers);
  const std::unique_ptr<Topology> topology = star(work.workers);
  const double here = ping_pong(make_fluid_network({.topology = *topology}), *topology, first.deliveries, work.compute).virtual_seconds;
  const double there =
      simgrid_ping_pong(first, spec.bandwidth.value, spec.latency.value, kLimit).value_or(PingPongResult{}).virtual_seconds;
  fmt::print("           SimGrid {:9.3f} us/message, ratio {:.1f}; message {} arrives at {:.9f} s, here at {:.9f} s\n",
             simgrid->microseconds, simgrid->microseconds / ours, first.deliveries, there, here);
}

/// The star's solver beside the general one and beside SimGrid, with the server's link full all the time, and with workers that compute
/// long enough to leave it half empty. `few`: messages for the slower ones.
void fluid_ping_pong(std::size_t workers, std::uint64_t deliveries, std::uint64_t few) {
  const std::unique_ptr<Topology> topology = star(workers);
  for (const bool saturated : {true, false}) {
    const double compute = saturated ? 0 : 0.032 * static_cast<double>(workers);
    const auto run = [&](FluidSolver solver, std::uint64_t count) {
      return ping_pong(make_fluid_network({.topology = *topology}, solver), *topology, count, compute);
    };
    const double fast = run(FluidSolver::automatic, deliveries).microseconds;
    const double general = run(FluidSolver::general, few).microseconds;
    fmt::print("  fluid    ping-pong, {:>7} workers, {:11}: {:6.3f} us/message; general solver {:9.3f}, ratio {:.1f}\n", workers,
               saturated ? "saturated" : "unsaturated", fast, general, general / fast);
    if (has_simgrid()) beside_simgrid({workers, few, compute}, fast);
  }
}

/// Random flows over random pairs of the first `hosts` hosts of the 16-ary fat-tree, which has 1,024: when one ends, another begins.
/// `apart` adds flows that share nothing with them.
void fat_tree(std::uint64_t hosts, FlowId flows, FlowId apart) {
  constexpr std::uint64_t kChanges = 20'000;
  std::mt19937_64 random(3);
  const std::unique_ptr<Topology> topology = make_topology(FatTreeTopology{.k = 16, .bandwidth = {1e9}}, 1024, false, {});
  const std::unique_ptr<FlowSharing> sharing = make_general_sharing();
  std::vector<Resource> route;
  std::uint64_t order = 0;
  const auto join = [&](Time now, FlowId flow) {
    const std::uint64_t from = random() % hosts;
    const std::uint64_t to = (from + 1 + random() % (hosts - 1)) % hosts;
    topology->route(static_cast<NodeId>(from), static_cast<NodeId>(to), route);
    sharing->join(now, {.flow = flow,
                        .start_order = order++,
                        .bits = 1e6 + static_cast<double>(random() % 15'000'000),
                        .cap = kNoRateCap,
                        .route = route});
  };
  Time now;
  for (FlowId f = 0; f < flows; ++f) join(now, f);
  for (FlowId f = flows; f < flows + apart; ++f) {
    route = {{1'000'000ULL + f / 4, 1}};
    sharing->join(now, {.flow = f, .start_order = order++, .bits = 1e9, .cap = kNoRateCap, .route = route});
  }
  sharing->solve(now);
  std::vector<FlowId> ended;
  std::uint64_t changes = 0;
  const double seconds = seconds_of([&] {
    while (changes < kChanges) {
      now = sharing->next_end();
      ended.clear();
      sharing->take_ended(now, ended);
      for (const FlowId flow : ended) join(now, flow);
      sharing->solve(now);
      changes += 2 * ended.size();
    }
  });
  fmt::print("  fluid    fat-tree, {:>5} flows over {:>4} hosts, {:>6} apart: {:6.1f} k flow events/s\n", flows, hosts, apart,
             static_cast<double>(changes) / seconds * 1e-3);
}

/// Every worker sends the same amount to the server at the same instant, `rounds` times.
void incast(std::size_t workers, int rounds) {
  const std::unique_ptr<Topology> topology = star(workers);
  const std::unique_ptr<Network> network = make_network(FluidNetwork{}, *topology);
  Simulation simulation;
  const double seconds = seconds_of([&] {
    for (int round = 0; round < rounds; ++round) {
      for (NodeId w = 0; w < workers; ++w)
        network->send(simulation, {.from = w, .to = topology->server(), .bits = kModelBits},
                      {EventKind::message_delivered, topology->server(), w});
      while (!simulation.idle())
        simulation.step([&](const Event& event) {
          if (event.kind == EventKind::network) network->on_event(simulation, event);
        });
    }
  });
  fmt::print("  fluid    incast,    {:>7} workers: {:6.2f} M flows/s\n", workers, static_cast<double>(workers) * rounds / seconds * 1e-6);
}

}  // namespace

void bench_network() {
  fmt::print("network on a star with a parameter server, on a two-level tree, on a fat-tree\n");
  constant_ping_pong(1'000, 5'000'000);
  constant_ping_pong(1'000'000, 5'000'000);
  for (const std::size_t workers : {10, 100, 1000}) incast(workers, static_cast<int>(1'000'000 / workers));
  fluid_ping_pong(10, 1'000'000, 500'000);
  fluid_ping_pong(100, 1'000'000, 100'000);
  fluid_ping_pong(1'000, 1'000'000, 10'000);
  fluid_ping_pong(10'000, 500'000, 1'000);
  tree_ping_pong("constant", ConstantNetwork{}, 1, 5'000'000);
  tree_ping_pong("fluid", FluidNetwork{}, 0.1, 500'000);
  tree_ping_pong("fluid", FluidNetwork{}, 0.5, 500'000);
  tree_ping_pong("fluid", FluidNetwork{}, 2, 500'000);
  fat_tree(1024, 4096, 0);
  fat_tree(64, 256, 0);
  fat_tree(64, 256, 100'000);
}

}  // namespace peloton
