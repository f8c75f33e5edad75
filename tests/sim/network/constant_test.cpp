#include "sim/network/constant.hpp"

#include "tests/sim/network/flow_run.hpp"
#include "tests/test.hpp"

using namespace peloton;
using peloton::test::FlowRun;
using peloton::test::topology_of;

TEST_CASE("a message takes latency plus size over the narrowest bandwidth", "[sim][network][constant]") {
  // Closed form on a star: 2 ms of a worker's link + 3 ms of the server's, and 1 Mbit over min(1 Gbit/s, 250 Mbit/s) = 4 ms: 9 ms.
  // Between workers: 2 + 2 ms and 1 Mbit over 1 Gbit/s = 1 ms: 5 ms.
  const auto star = topology_of(
      R"({"kind": "star", "bandwidth": "1 Gbps", "latency": "2 ms", "server_bandwidth": "250 Mbps", "server_latency": "3 ms"})", 3, true);
  FlowRun run(*star, ConstantNetwork{});
  const auto up = run.send(0, "w0", "server", 1'000'000);
  const auto down = run.send(0, "server", "w2", 1'000'000);
  const auto peer = run.send(0, "w1", "w2", 1'000'000);
  run.run();
  CHECK(run.finish_ns(up) == 9'000'000);
  CHECK(run.finish_ns(down) == 9'000'000);
  CHECK(run.finish_ns(peer) == 5'000'000);
}

TEST_CASE("messages of the constant model do not hinder each other", "[sim][network][constant]") {
  // Invariant: 50 messages over one link at once take as long as one: 1 s + 100 bit / 10 bit/s = 11 s; they arrive in order of sending.
  const auto pair = topology_of(R"({"kind": "complete", "bandwidth": 10, "latency": 1})", 2);
  FlowRun run(*pair, ConstantNetwork{});
  for (int i = 0; i < 50; ++i) run.send(0, 0, 1, 100);
  run.run();
  for (std::size_t i = 0; i < 50; ++i) {
    CHECK(run.finish_ns(i) == 11'000'000'000);
    CHECK(run.arrivals()[i] == i);
  }
}

TEST_CASE("size over bandwidth is rounded once to nanoseconds", "[sim][network][constant]") {
  // 1 bit over 3 Gbit/s is 0.333 ns → 0; 2 bit 0.667 ns → 1; 10 bit 3.333 ns → 3. Infinite bandwidth: the latency alone.
  const auto three = topology_of(R"({"kind": "complete", "bandwidth": "3 Gbps", "latency": 0})", 2);
  FlowRun run(*three, ConstantNetwork{});
  for (const std::uint64_t bits : {1, 2, 10}) run.send(0, 0, 1, bits);
  run.run();
  CHECK(run.finish_ns(0) == 0);
  CHECK(run.finish_ns(1) == 1);
  CHECK(run.finish_ns(2) == 3);

  const auto infinite = topology_of(R"({"kind": "complete", "bandwidth": "inf", "latency": "7 ns"})", 2);
  FlowRun fast(*infinite, ConstantNetwork{});
  fast.send(0, 0, 1, 1'000'000'000'000);
  CHECK(fast.run().finish_ns(0) == 7);
}
