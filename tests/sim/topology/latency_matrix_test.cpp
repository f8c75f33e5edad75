#include "sim/topology/latency_matrix.hpp"

#include <fstream>

#include "tests/sim/network/flow_run.hpp"
#include "tests/sim/topology/routes.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

std::unique_ptr<Topology> matrix(const std::string& text, const std::string& members, std::size_t workers = 0, bool server = false) {
  const TemporaryDirectory folder;
  std::ofstream(folder / "m") << text;
  return made(R"({"kind": "latency_matrix", "path": "m", )" + members + "}", workers, server, {.data_folder = folder.path().string()});
}

}  // namespace

TEST_CASE("a message takes half the round trip of its own direction", "[sim][topology][latency_matrix]") {
  // 0 → 1: 8 ms, back 4 ms; within place 1: 2 ms. One way: half of it.
  const std::string text = "0 8\n4 2\n";
  const auto topology = matrix(text, R"("unit": "ms", "bandwidth": 5)", 1, true);
  CHECK(topology->cost(0, 1).latency.ns == 4'000'000);
  CHECK(topology->cost(1, 0).latency.ns == 2'000'000);
  CHECK(topology->inside(1).latency.ns == 1'000'000);
  CHECK(topology->cost(0, 1).bandwidth == 5);
  CHECK(topology->name(0) == "w0");
  CHECK(topology->name(1) == "server");
  CHECK(matrix(text, R"("unit": "10 ms", "values": "one_way")")->cost(0, 1).latency.ns == 80'000'000);
  CHECK(matrix(text, R"("unit": 1e-3, "symmetry": "mean")")->cost(1, 0).latency.ns == 3'000'000);
}

TEST_CASE("messages of a latency matrix share the access links of their places", "[sim][topology][latency_matrix]") {
  // Place i's way up is resource 2i, its way down 2i + 1, called after the backbone.
  const auto topology = matrix("0 1 1\n1 0 1\n1 1 0\n", R"("unit": "ms")", 3, false);
  CHECK(route_of(*topology, 0, 2)[0].id == route_of(*topology, 0, 1)[0].id);
  CHECK(route_of(*topology, 0, 2)[1].id == route_of(*topology, 1, 2)[1].id);
  CHECK(topology->link_name(route_of(*topology, 0, 2)[0].id) == "w0->backbone");
  CHECK(topology->link_name(route_of(*topology, 0, 2)[1].id) == "backbone->w2");
  CHECK_FALSE(topology->find("backbone").has_value());
}

TEST_CASE("messages cross the backbone of a latency matrix on every network", "[sim][topology][latency_matrix]") {
  // One way 4 ms there, 2 ms back; 8 kbit over access links of 8 Mbit/s: 1 ms each (by hand). The two ways do not meet.
  // Fifo: 1 + 4 + 1 and 1 + 2 + 1 ms. A second message there is through the first link at 2 ms, comes at 6 and is through the second at 7.
  // Others take 1 ms over both links: 4 + 1 and 2 + 1 ms; a medium carries one after the other: 4 + 1, 2 + 2 ms.
  const auto topology = matrix("0 8\n4 0\n", R"("unit": "ms", "bandwidth": "8 Mbps")", 2, false);
  const auto ends = [&](const NetworkSpec& network, std::size_t there) {
    FlowRun run(*topology, network);
    for (std::size_t i = 0; i < there; ++i) run.send(0, NodeId{0}, NodeId{1}, 8'000);
    run.send(0, NodeId{1}, NodeId{0}, 8'000);
    run.run();
    std::vector<std::int64_t> out;
    for (std::size_t i = 0; i <= there; ++i) out.push_back(run.finish_ns(i) / 1'000);
    return out;
  };
  using Microseconds = std::vector<std::int64_t>;
  CHECK(ends(FifoNetwork{}, 1) == Microseconds{6'000, 4'000});
  CHECK(ends(FifoNetwork{}, 2) == Microseconds{6'000, 7'000, 4'000});
  CHECK(ends(FluidNetwork{}, 1) == Microseconds{5'000, 3'000});
  CHECK(ends(ConstantNetwork{}, 1) == Microseconds{5'000, 3'000});
  CHECK(ends(BroadcastNetwork{}, 1) == Microseconds{5'000, 4'000});
}

TEST_CASE("AWS regions are nodes by name", "[sim][topology][latency_matrix][data]") {
  SKIP_WITHOUT("traces/aws-latency/p50.json");
  // Published: ca-central-1 to us-east-1 16.312 ms there and back.
  const auto aws = made(R"({"kind": "latency_matrix", "path": "traces/aws-latency/p50.json", "unit": "ms"})", 0, false,
                        {.data_folder = data_path("").string()});
  CHECK(aws->cost(aws->node("ca-central-1", {}), aws->node("us-east-1", {})).latency.ns == 8'156'000);
}

TEST_CASE("wrong latency matrices are refused with their place", "[sim][topology][latency_matrix]") {
  const auto refused = [](const std::string& text, const std::string& members, const std::string& message) {
    CHECK_THROWS_WITH(matrix(text, members), Catch::Matchers::ContainsSubstring(message));
  };
  refused("0 8\n4 0\n", R"("unit": "ms", "symmetry": "required")", "m: must be symmetric, got 8 from row 1 to row 2 and 4 back");
  refused("0 8\n4 0\n", R"("values": "one_way")", "s.json: /cluster/topology: needs the key \"unit\"");
  refused("0 8\n4 0\n", R"("unit": "mss")", "s.json: /cluster/topology/unit: ");
  refused("0 8\n4 0\n", R"("unit": 0)", "s.json: /cluster/topology/unit: must be > 0");
  refused("0 8000\n4 0\n", R"("unit": "h")",
          "m: latencies must be ≥ 0 and ≤ 3600 (in seconds; an hour at most), got 14400000 s from row 1");
  CHECK_THROWS_WITH(matrix("0 8\n4 0\n", R"("unit": "ms")", 2, true),
                    Catch::Matchers::ContainsSubstring("and one for the server, got 2 hosts"));
}
