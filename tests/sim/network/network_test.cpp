#include "sim/network/network.hpp"

#include "tests/sim/network/flow_run.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

TEST_CASE("a message that follows another pays what is left of the latency", "[sim][network]") {
  // Hand computation: 2 · 3 ms and 1 ms for 8 000 bits at 8 Mbit/s. Having waited 0, 2 and 9 ms: 7, 5 and 1 ms.
  const auto star = topology_of(R"({"kind": "star", "bandwidth": "8 Mbps", "latency": "3 ms"})", 2);
  for (const NetworkSpec& spec : {NetworkSpec(FluidNetwork{}), NetworkSpec(ConstantNetwork{})}) {
    for (const auto& [waited, end] : {std::pair(0, 7), std::pair(2, 5), std::pair(9, 1)}) {
      const auto network = make_network(spec, *star);
      CHECK_FALSE(network->keeps_in_line());
      Simulation simulation;
      const Transmission message{.from = 0, .to = 1, .bits = 8'000, .waited = {waited * 1'000'000}};
      network->send(simulation, message, {EventKind::message_delivered, 1, 0});
      while (!simulation.idle())
        simulation.step([&](const Event& event) {
          if (event.kind == EventKind::network) network->on_event(simulation, event);
        });
      CHECK(simulation.now().ns == end * 1'000'000);
    }
  }
}

TEST_CASE("messages between two nodes stand in line where links have queues", "[sim][network]") {
  // Hand computation on the same star: two messages sent at once leave the first link at 1 and 2 ms and the second, 3 ms later, at 5 and
  // 6 ms, and arrive 3 ms after that.
  const auto star = topology_of(R"({"kind": "star", "bandwidth": "8 Mbps", "latency": "3 ms"})", 2);
  CHECK(make_network(FifoNetwork{}, *star)->keeps_in_line());
  FlowRun run(*star, FifoNetwork{});
  const auto first = run.send(0, 0, 1, 8'000);
  const auto second = run.send(0, 0, 1, 8'000);
  run.run();
  CHECK(run.finish_ns(first) == 8'000'000);
  CHECK(run.finish_ns(second) == 9'000'000);
}
