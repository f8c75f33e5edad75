#include "tests/bench/network_bench.hpp"

#include <fmt/format.h>

#include <chrono>

#include "sim/network/network_spec.hpp"
#include "sim/topology/topology_spec.hpp"

namespace peloton {

namespace {

constexpr std::uint64_t kModelBits = 8'000'000;

/// Wall seconds that `work` takes.
template <class Work>
double seconds_of(Work&& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::unique_ptr<Topology> star(std::size_t workers) { return make_topology(StarTopology{}, workers, true, {}); }

/// Asynchronous workers that compute nothing: the answer to each message is a message back, of a size that differs between workers.
void ping_pong(const NetworkSpec& spec, std::size_t workers, std::uint64_t deliveries) {
  const std::unique_ptr<Topology> topology = star(workers);
  const std::unique_ptr<Network> network = make_network(spec, *topology);
  const NodeId server = topology->server();
  const auto size = [](std::uint64_t worker) { return kModelBits + worker * 7919 % 1'000'003; };
  Simulation simulation;
  simulation.reserve(workers);
  const double seconds = seconds_of([&] {
    for (NodeId w = 0; w < workers; ++w) network->send(simulation, w, server, size(w), {EventKind::message_delivered, server, w});
    for (std::uint64_t delivered = 0; delivered < deliveries;) {
      simulation.step([&](const Event& event) {
        if (event.kind == EventKind::network) return network->on_event(simulation, event);
        ++delivered;
        const auto worker = static_cast<NodeId>(event.data);
        const NodeId to = event.node == server ? worker : server;
        network->send(simulation, event.node, to, size(worker), {EventKind::message_delivered, to, worker});
      });
    }
  });
  fmt::print("  {:8} ping-pong, {:>7} workers: {:6.2f} M messages/s, {:6.2f} M events/s\n", spec.kind(), workers,
             static_cast<double>(deliveries) / seconds * 1e-6, static_cast<double>(simulation.events()) / seconds * 1e-6);
}

/// Every worker sends the same amount to the server at the same instant, `rounds` times.
void incast(std::size_t workers, int rounds) {
  const std::unique_ptr<Topology> topology = star(workers);
  const std::unique_ptr<Network> network = make_network(FluidNetwork{}, *topology);
  Simulation simulation;
  const double seconds = seconds_of([&] {
    for (int round = 0; round < rounds; ++round) {
      for (NodeId w = 0; w < workers; ++w)
        network->send(simulation, w, topology->server(), kModelBits, {EventKind::message_delivered, topology->server(), w});
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
  fmt::print("network on a star with a parameter server\n");
  ping_pong(ConstantNetwork{}, 1'000, 20'000'000);
  ping_pong(ConstantNetwork{}, 1'000'000, 10'000'000);
  for (const std::size_t workers : {10, 100, 1000}) incast(workers, static_cast<int>(1'000'000 / workers));
  ping_pong(FluidNetwork{}, 10, 500'000);
  ping_pong(FluidNetwork{}, 100, 100'000);
  ping_pong(FluidNetwork{}, 1'000, 20'000);
}

}  // namespace peloton
