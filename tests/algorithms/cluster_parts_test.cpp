/// Messages in parts: servers that hold a shard of the model each, and times of messages that stand for larger ones.

#include "tests/algorithms/harness.hpp"

using namespace peloton;
using namespace peloton::test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// 1000 numbers, 4 kB; links of 1 byte per µs.
const char* const kStar = R"({
  "name": "star", "precision": "float64",
  "cluster": {"workers": 4, "compute": {"distribution": "constant", "value": "1 ms"},
              "topology": {"kind": "star", "bandwidth": "8 Mbps", "latency": 0}},
  "task": {"model": {"kind": "quadratic", "dimension": 1000, "noise": 1}},
  "algorithm": {"name": "sync_sgd", "learning_rate": 0.1},
  "stop": {"updates": 3}})";

struct Ended {
  std::int64_t ns;
  std::array<std::uint64_t, kTrafficKinds> bits;
  std::array<std::uint64_t, kTrafficKinds> bytes;
  std::array<std::uint64_t, kTrafficKinds> messages;
  std::vector<double> values;
};

Ended ended(const std::vector<std::string>& settings) {
  Run run(scenario_of(kStar, settings), execution_of());
  while (run.advance()) {}
  const TrafficTotals& traffic = run.cluster().traffic();
  return {run.cluster().now().ns, traffic.bits, traffic.wire_bytes, traffic.messages, values_of(run.reported_model())};
}

}  // namespace

TEST_CASE("S servers on a star have S times the bandwidth of one", "[algorithms][servers]") {
  // Hand computation: four models and four gradients of 4 kB cross the server's link: 16 ms down, 1 ms of computing, 16 ms up, three
  // times. Two servers have a link each: 8 ms; four: 4 ms, as much as a worker's own link takes; eight change nothing any more.
  const Ended one = ended({});
  CHECK(one.ns == 3 * (16 + 1 + 16) * 1'000'000);
  for (const auto& [servers, down] : {std::pair(2, 8), std::pair(4, 4), std::pair(8, 4)}) {
    const Ended some = ended({"cluster.servers=" + std::to_string(servers)});
    CHECK(some.ns == 3 * (2 * down + 1) * 1'000'000);
    CHECK(some.values == one.values);
    CHECK(some.bits == one.bits);
    for (const std::size_t way : {0U, 1U}) CHECK(some.messages[way] == one.messages[way] * static_cast<std::uint64_t>(servers));
  }
}

TEST_CASE("the server steps when every shard of a gradient is there", "[algorithms][servers]") {
  // Hand computation: one worker, two servers, the second behind a link of a fourth of the bandwidth: 500 numbers, 2 kB, take 8 ms there.
  const std::string far = R"(cluster.topology={"kind":"explicit","nodes":["w","s0","s1","x"],"links":[
      {"name":"a","between":["w","x"],"bandwidth":"inf","latency":0},{"name":"b","between":["s0","x"],"bandwidth":"8 Mbps","latency":0},
      {"name":"c","between":["s1","x"],"bandwidth":"2 Mbps","latency":0}]})";
  const Ended run = ended({far, "cluster.workers=1", "cluster.servers=2", R"(cluster.placement={"workers":["w"],"servers":["s0","s1"]})"});
  CHECK(run.ns == 3 * (8 + 1 + 8) * 1'000'000);
}

TEST_CASE("every part of a message has a header", "[algorithms][servers]") {
  // Hand computation: three rounds and a fourth's models, four workers: 16 models of 4000 bytes in two parts, with 10 bytes each.
  const Ended run = ended({"cluster.servers=2", "cluster.message_header=10"});
  CHECK(run.bytes[static_cast<std::size_t>(Traffic::downlink)] == 16 * (4000 + 2 * 10));
}

TEST_CASE("each server processes its own shards", "[algorithms][servers][processing]") {
  // Hand computation: 4 µs a coordinate on a network that takes no time. One server processes four gradients of 1000, one after another:
  // 16 ms; two servers 500 of each: 8 ms.
  const std::string slow = R"(cluster.processing=[{"per_coordinate":"4 us"}])";
  CHECK(ended({"cluster.network=none", slow}).ns == 3 * (1 + 16) * 1'000'000);
  CHECK(ended({"cluster.network=none", slow, "cluster.servers=2"}).ns == 3 * (1 + 8) * 1'000'000);
}

TEST_CASE("servers are nodes with names", "[algorithms][servers]") {
  const Run run(scenario_of(kStar, {"cluster.servers=3"}), execution_of());
  CHECK(run.topology().servers() == 3);
  CHECK(run.topology().name(run.topology().server()) == "server0");
  CHECK(run.topology().find("server2") == run.topology().server() + 2);
  CHECK_FALSE(run.topology().find("server").has_value());
}

TEST_CASE("what cannot be sharded is refused", "[algorithms][servers]") {
  const auto made = [](const std::vector<std::string>& settings) { return Run(scenario_of(kStar, settings), execution_of()); };
  CHECK_THROWS_WITH(
      made({"cluster.servers=2", R"(algorithm={"name":"sync_sgd","compressor":"topk:0.1"})"}),
      "test: /cluster/servers: must be 1 with the codec \"topk\", which encodes whole vectors: none of the 2 servers has one");
  CHECK_THROWS_WITH(made({"cluster.servers=2", R"(algorithm={"name":"allreduce_sgd"})"}),
                    "test: /cluster/servers: must be 1: \"allreduce_sgd\" has no server");
  CHECK_THROWS_WITH(made({"cluster.servers=2", "cluster.network=broadcast"}),
                    ContainsSubstring("a broadcast medium carries whole messages"));
  CHECK_THROWS_WITH(made({"cluster.servers=2", R"(cluster.placement={"server":"h0"})"}),
                    "test: /cluster/placement/server: must name a node for each of the 2 servers (cluster.servers), got 1");
  CHECK_THROWS_WITH(made({"cluster.servers=3", R"(cluster.placement={"servers":["h0","h1"]})"}),
                    "test: /cluster/placement/servers: must name a node for each of the 3 servers (cluster.servers), got 2");
  CHECK_THROWS_WITH(made({R"(cluster.placement={"server":"h0","servers":["h1"]})"}), ContainsSubstring("not both"));
}

TEST_CASE("nominal parameters scale the time of models and gradients, and no bits", "[algorithms][nominal_parameters]") {
  // Hand computation: 2500 nominal for 1000 real parameters: every message takes 2.5 times as long.
  const Ended real = ended({});
  const Ended nominal = ended({"task.nominal_parameters=2500"});
  CHECK(nominal.ns == 3 * (40 + 1 + 40) * 1'000'000);
  CHECK(nominal.bits == real.bits);
  CHECK(nominal.bytes == real.bytes);
  CHECK(nominal.values == real.values);
}

TEST_CASE("nominal parameters scale compressed messages and reductions, not numbers of the protocol", "[algorithms][nominal_parameters]") {
  // Hand computation. The first model dense, 32 000 bits for each of four workers; three times 1000 bits up; twice 1600 down, since a
  // majority of four may be none; at 8 bits per µs. Ten times as long with ten times the parameters.
  const std::string signs = R"(algorithm={"name":"signsgd"})";
  CHECK(ended({signs}).ns == 3'000'000 + 4 * (32'000 + 3 * 1000 + 2 * 1600) * 125);
  CHECK(ended({signs, "task.nominal_parameters=10000"}).ns == 3'000'000 + 40 * (32'000 + 3 * 1000 + 2 * 1600) * 125);
  // A ring of four: 6 steps of 250 numbers, 1 ms each; twice as long.
  const std::string ring = R"(algorithm={"name":"allreduce_sgd"})";
  CHECK(ended({ring}).ns == 3 * (1 + 6) * 1'000'000);
  CHECK(ended({ring, "task.nominal_parameters=2000"}).ns == 3 * (1 + 12) * 1'000'000);
}

TEST_CASE("a summary marks nominal parameters", "[algorithms][nominal_parameters]") {
  Run run(scenario_of(kStar, {"task.nominal_parameters=2500"}), execution_of());
  while (run.advance()) {}
  const Json summary = summary_json(run.summary());
  CHECK(summary["nominal_parameters"]["parameters"] == 2500);
  CHECK(summary["nominal_parameters"]["scale"] == 2.5);
  Run plain(scenario_of(kStar), execution_of());
  while (plain.advance()) {}
  CHECK_FALSE(summary_json(plain.summary()).contains("nominal_parameters"));
}
