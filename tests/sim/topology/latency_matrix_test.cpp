#include "sim/topology/latency_matrix.hpp"

#include <fstream>

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
