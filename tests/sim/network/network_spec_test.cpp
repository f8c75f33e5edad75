#include "sim/network/network_spec.hpp"

#include "tests/sim/network/flow_run.hpp"
#include "tests/test.hpp"

using namespace peloton;
using peloton::test::FlowRun;
using peloton::test::topology_of;

TEST_CASE("a network model is chosen by its name", "[sim][network][spec]") {
  // Two messages of 10 bit share a link of 10 bit/s with latency 1 s: none 0 s, constant 2 s, fluid 3 s (by hand).
  const auto pair = topology_of(R"({"kind": "complete", "bandwidth": 10, "latency": 1})", 2);
  const auto last_arrival = [&](const NetworkSpec& spec) {
    FlowRun run(*pair, spec);
    run.send(0, 0, 1, 10);
    run.send(0, 0, 1, 10);
    return run.run().finish(1);
  };
  const auto parse = [](const char* text) { return OptionType<NetworkSpec>::parse(Json::parse(text), {"s.json", "/cluster/network"}); };
  CHECK(last_arrival(parse(R"({"model": "none"})")) == 0);
  CHECK(last_arrival(parse(R"({"model": "Constant"})")) == 2);
  CHECK(last_arrival(parse(R"("fluid")")) == 3);
  CHECK(last_arrival(NetworkSpec{}) == 3);  // the default is fluid
  CHECK_THROWS_WITH(parse(R"({"model": "fluit"})"), Catch::Matchers::ContainsSubstring("s.json: /cluster/network/model") &&
                                                        Catch::Matchers::ContainsSubstring("did you mean \"fluid\"?"));
}
