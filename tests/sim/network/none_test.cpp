#include "sim/network/none.hpp"

#include "tests/sim/network/flow_run.hpp"
#include "tests/test.hpp"

using namespace peloton;
using peloton::test::FlowRun;
using peloton::test::topology_of;

TEST_CASE("without a network model messages arrive at once, in order of sending", "[sim][network][none]") {
  // Definition: delivery at the instant of sending, whatever the size and the links.
  const auto ring = topology_of(R"({"kind": "ring", "bandwidth": "1 bps", "latency": "1 s"})", 4);
  FlowRun run(*ring, NoneNetwork{});
  run.send(2, 0, 1, 1'000'000);
  run.send(1, 0, 2, 0);
  run.send(2, 3, 1, 5);
  run.run();
  CHECK(run.finish_ns(0) == 2'000'000'000);
  CHECK(run.finish_ns(1) == 1'000'000'000);
  CHECK(run.finish_ns(2) == 2'000'000'000);
  CHECK(run.arrivals() == std::vector<std::size_t>{1, 0, 2});
}
