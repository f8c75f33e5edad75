/// Messages that travel while workers compute, by hand and against runs in which they do not.

#include <fstream>

#include "sim/base/state.hpp"
#include "tests/algorithms/harness.hpp"

using namespace peloton;
using namespace peloton::test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Three tensors of 4, 8 and 4 kB, computed in 1/4, 1/4 and 1/2 of a pass; links of 1 byte per µs and 0.5 ms.
const char* const kHand = R"({
  "name": "hand", "learning": false,
  "cluster": {"workers": 1, "compute": {"distribution": "constant", "value": "12 ms"},
              "topology": {"kind": "star", "bandwidth": "8 Mbps", "latency": "0.5 ms"},
              "overlap": {"kind": "layerwise", "bucket": "4 kB", "backward": 0.5}},
  "task": {"model": {"kind": "layers", "table": "net.csv"}},
  "algorithm": {"name": "sync_sgd"},
  "stop": {"updates": 1}})";

const char* const kBlobs = R"({
  "name": "blobs", "seed": 5, "precision": "float64",
  "cluster": {"workers": 5, "compute": {"distribution": "exponential", "mean": "1 ms"},
              "topology": {"kind": "star", "bandwidth": "1 Mbps", "latency": 0}},
  "task": {"model": {"kind": "mlp", "hidden": [6, 5]}, "data": {"kind": "blobs", "samples": 200, "features": 5, "classes": 3},
           "batch_size": 8},
  "algorithm": {"name": "sync_sgd"},
  "stop": {"updates": 30}})";

const std::string kLayerwise = R"(cluster.overlap={"kind":"layerwise","bucket":"100 B"})";

class HandFolder {
 public:
  HandFolder() { std::ofstream(folder_ / "net.csv") << "name,parameters,flops\na,1000,1\nb,2000,1\nc,1000,2\n"; }
  [[nodiscard]] Execution execution() const {
    Execution out = execution_of();
    out.data_folder = folder_.path().string();
    return out;
  }
  /// Nanoseconds until the run ends.
  [[nodiscard]] std::int64_t end(const std::vector<std::string>& settings) const {
    Run run(scenario_of(kHand, settings), execution());
    while (run.advance()) {}
    return run.cluster().now().ns;
  }

 private:
  TemporaryDirectory folder_;
};

struct Ended {
  std::vector<double> values;
  std::array<std::uint64_t, kTrafficKinds> bits;
  double seconds;
  std::vector<Duration> busy;
};

Ended ended(const std::vector<std::string>& settings) {
  Run run(scenario_of(kBlobs, settings), execution_of());
  while (run.advance()) {}
  return {values_of(run.reported_model()), run.cluster().traffic().bits, run.cluster().now().seconds(), run.cluster().busy()};
}

std::vector<std::string> operator+(std::vector<std::string> a, const std::vector<std::string>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

std::vector<std::string> overlapping_methods() {
  std::vector<std::string> out;
  for (const AlgorithmEntry& e : algorithm_registry())
    if (e.info.overlaps) out.emplace_back(e.info.name);
  return out;
}

}  // namespace

TEST_CASE("a round of three layers that overlap, by hand", "[algorithms][overlap]") {
  // The model leaves in order a, b, c and stands in line: a is there at 1 + 4 ms, b 8 ms later, c 4 ms later: 5, 13, 17.
  // Forward, 6 ms, of which a and b need 1.5 and c 3: a until 6.5, b from 13 to 14.5, c from 17 to 20.
  // Backward, 6 ms: c complete at 23, b at 24.5, a at 26.
  // The gradient: c from 23, there at 28; b right behind it, at 36; a at 40. Without overlap: 17 + 12 + 17 = 46.
  const HandFolder folder;
  for (const char* network : {"fluid", "constant"}) {
    INFO(network);
    const std::string setting = std::string("cluster.network=") + network;
    CHECK(folder.end({setting}) == 40'000'000);
    CHECK(folder.end({setting, "cluster.overlap=none"}) == 46'000'000);
  }
}

TEST_CASE("parts pay a latency when they find the way empty", "[algorithms][overlap]") {
  // Hand computation, links ten times as fast: model a 1.4, b 2.2, c 2.6 ms. Forward: a from 1.4 to 2.9, b to 4.4, c to 7.4, so that
  // nothing waits but the beginning. Backward: c at 10.4, b at 11.9, a at 13.4. Each gradient finds the way empty; a: 13.4 + 1 + 0.4.
  CHECK(HandFolder().end({"cluster.topology.bandwidth=\"80 Mbps\""}) == 14'800'000);
}

TEST_CASE("store and forward takes the parts of a message one behind the other", "[algorithms][overlap]") {
  // Hand computation on queues: the first link ends with a, b, c at 4, 12, 16 ms; 0.5 ms later each begins on the second, which takes
  // a from 4.5 to 8.5, b from 12.5 to 20.5, c to 24.5, and 0.5 ms: 9, 21, 25. Forward: a until 10.5, b from 21 to 22.5, c from 25 to 28.
  // Backward: c 31, b 32.5, a 34. First link: c 31 to 35, b to 43, a to 47; second: c 35.5 to 39.5, b 43.5 to 51.5, a to 55.5, + 0.5.
  CHECK(HandFolder().end({"cluster.network=fifo"}) == 56'000'000);
}

TEST_CASE("parts leave when the one before has arrived and are processed in turn", "[algorithms][overlap][processing]") {
  // Hand computation: as the round of three layers, with a server that needs 3 ms for each message: c, there at 28, until 31; b, there at
  // 36, until 39; a, there at 40, until 43.
  CHECK(HandFolder().end({R"(cluster.processing=[{"per_message":"3 ms"}])"}) == 43'000'000);
}

TEST_CASE("only the first forward and the last backward pass of a chain overlap", "[algorithms][overlap]") {
  // Hand computation: as the round of three layers, with two further mini-batches of 12 ms between: 40 + 24 ms.
  CHECK(HandFolder().end({R"(algorithm={"name":"local_sgd","schedule":"fixed:3"})", "stop.updates=1"}) == 64'000'000);
}

TEST_CASE("a gradient that must be encoded as a whole leaves when it is complete", "[algorithms][overlap]") {
  // Hand computation: k = 40 of 4000 numbers, 40 (32 + 12) = 1760 bits, 220 µs. The model as in the round of three layers: the computation
  // ends at 26 ms, then 1 ms and 0.22 ms. Tensor by tensor (10, 20, 10 of 32 + 10 or 11 bits): 53, 108, 53 bytes, the last from 26 ms.
  const HandFolder folder;
  CHECK(folder.end({R"(algorithm={"name":"sync_sgd","compressor":"topk:0.01"})"}) == 27'220'000);
  const std::int64_t by_tensor = folder.end({R"(algorithm={"name":"sync_sgd","compressor":"topk:ratio=0.01,scope=tensor"})"});
  CHECK(by_tensor == 26'000'000 + 1'000'000 + 10 * (32 + 10) * 125);
}

TEST_CASE("an all-reduce in buckets, by hand", "[algorithms][overlap]") {
  // Two workers, two ring steps for each bucket, half of it each: 1 ms + 2, 4 and 2 ms, twice. c is complete at 6 + 3 = 9 ms and reduced at
  // 9 + 6; b, complete at 10.5, at 15 + 10; a, complete at 12, at 25 + 6 = 31. Without overlap 12 + 2 (1 + 8) = 30: three latencies more do
  // not pay here. With four times the bandwidth: c 9 + 3, b 12 + 4, a 16 + 3 = 19; without 12 + 2 (1 + 2) = 18. Without latency: c 9 + 4,
  // b 13 + 8, a 21 + 4 = 25, against 12 + 16 = 28.
  const HandFolder folder;
  const std::vector<std::string> ring = {"cluster.workers=2", "algorithm.name=allreduce_sgd"};
  CHECK(folder.end(ring) == 31'000'000);
  CHECK(folder.end(ring + std::vector<std::string>{"cluster.overlap=none"}) == 30'000'000);
  CHECK(folder.end(ring + std::vector<std::string>{"cluster.topology.bandwidth=\"32 Mbps\""}) == 19'000'000);
  CHECK(folder.end(ring + std::vector<std::string>{"cluster.topology.latency=0"}) == 25'000'000);
}

TEST_CASE("one bucket of everything is no overlap", "[algorithms][overlap]") {
  // Oracle: reduction. The same events at the same times: the same timing fingerprint.
  for (const std::string& method : overlapping_methods()) {
    INFO(method);
    const auto fingerprint = [&](const std::string& overlap) {
      Run run(scenario_of(kBlobs, {"algorithm={\"name\":\"" + method + "\"}", overlap}), execution_of());
      while (run.advance()) {}
      return run.summary().timing_fingerprint;
    };
    CHECK(fingerprint(R"(cluster.overlap={"kind":"layerwise","bucket":"1 GB"})") == fingerprint("cluster.overlap=none"));
  }
}

TEST_CASE("where messages take no time overlap changes nothing", "[algorithms][overlap]") {
  // Oracle: reduction, for every method that overlaps: the same model at the same time. (A gradient counts when its first bucket leaves, so
  // that some more have been counted when the run ends.)
  for (const std::string& method : overlapping_methods()) {
    for (const char* network : {"none", "fluid"}) {
      INFO(method << " " << network);
      const std::vector<std::string> settings = {"algorithm={\"name\":\"" + method + "\"}", std::string("cluster.network=") + network,
                                                 R"(cluster.topology={"kind":"star","bandwidth":"inf","latency":0})"};
      const Ended none = ended(settings);
      const Ended overlap = ended(settings + std::vector{kLayerwise});
      CHECK(overlap.values == none.values);
      CHECK(overlap.seconds == none.seconds);
      CHECK(overlap.busy == none.busy);
    }
  }
}

TEST_CASE("overlap makes the rounds of synchronous methods shorter and nothing else", "[algorithms][overlap]") {
  // Oracle: reduction. The same gradients at the same models: the same numbers, the same bits. (Of an all-reduce the bits of the last one
  // are under way when the run ends; and with so few numbers, chunks of a bucket differ in length, so that it may take longer.)
  for (const std::string& method : overlapping_methods()) {
    if (method == "async_sgd" || method == "fedbuff") continue;  // who comes first depends on the time
    INFO(method);
    const std::vector<std::string> settings = {"algorithm={\"name\":\"" + method + "\"}"};
    const Ended none = ended(settings);
    const Ended overlap = ended(settings + std::vector{kLayerwise});
    CHECK(overlap.values == none.values);
    if (method == "allreduce_sgd") continue;
    CHECK(overlap.seconds < none.seconds);
    CHECK(overlap.bits == none.bits);
  }
}

TEST_CASE("a worker is busy while it computes and not while it waits for layers", "[algorithms][overlap]") {
  // Hand computation: at 25 ms the worker of the round of three layers has computed 6 ms forward and 5 ms backward; at 15 ms 3 ms.
  const HandFolder folder;
  for (const auto& [at, busy] : {std::pair("15 ms", 3.0), std::pair("25 ms", 11.0), std::pair("39 ms", 12.0)}) {
    Run run(scenario_of(kHand, {std::string("stop.time=\"") + at + "\""}), folder.execution());
    while (run.advance()) {}
    CHECK(run.cluster().busy().front().ns == static_cast<std::int64_t>(busy * 1e6));
  }
}

TEST_CASE("overlap is refused where it has no meaning", "[algorithms][overlap]") {
  const auto refused = [](const std::vector<std::string>& settings) {
    return Run(scenario_of(kBlobs, settings + std::vector{kLayerwise}), execution_of());
  };
  CHECK_THROWS_WITH(refused({"algorithm={\"name\":\"d_psgd\"}"}),
                    ContainsSubstring("test: /cluster/overlap: must be \"none\" with \"d_psgd\"") && ContainsSubstring("allreduce_sgd"));
  for (const char* method : {"sasg", "lsgd", "easgd", "lasg"})
    CHECK_THROWS_WITH(refused({std::string("algorithm={\"name\":\"") + method + "\"}"}), ContainsSubstring(method));
  CHECK_THROWS_WITH(refused({"cluster.network=broadcast"}), ContainsSubstring("test: /cluster/overlap: a broadcast medium"));
  CHECK_THROWS_WITH(scenario_of(kBlobs, {"cluster.overlap=layer_wise:bucket=-1"}),
                    ContainsSubstring("/cluster/overlap/bucket: must be ≥ 0"));
  CHECK_THROWS_WITH(scenario_of(kBlobs, {"cluster.overlap=layerwize"}), ContainsSubstring("did you mean \"layerwise\"?"));
}

TEST_CASE("a twin sees the same run with overlap", "[algorithms][overlap][twin]") {
  // Oracle: reduction. Synchronous methods have no staleness that a twin could remove.
  Run run(scenario_of(kBlobs, {kLayerwise, R"(twin={"remove":"delay"})"}), execution_of());
  while (run.advance()) {}
  for (const MetricsRow& row : run.rows()) CHECK(row.twin_distance == 0.0);
}
