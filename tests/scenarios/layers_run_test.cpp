/// Networks known by their layers, in runs without learning.

#include <cmath>

#include "tests/algorithms/harness.hpp"

using namespace peloton;
using namespace peloton::test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A step computes for 150 ms, of which 100 ms are the backward pass.
const char* const kResnet = R"({
  "name": "resnet", "learning": false,
  "cluster": {"workers": 16, "compute": {"distribution": "constant", "value": "150 ms"},
              "topology": {"kind": "star", "bandwidth": "10 Gbps", "latency": "10 us"}},
  "task": {"model": {"kind": "layers", "table": "resnet50"}, "batch_size": 64},
  "algorithm": {"name": "allreduce_sgd"},
  "stop": {"updates": 1}})";

double seconds(const std::vector<std::string>& settings) {
  Run run(scenario_of(kResnet, settings), execution_of());
  while (run.advance()) {}
  return run.cluster().now().seconds();
}

/// Of a ring over 16 workers: 2(n − 1)(α + ⌈d/n⌉ b/β).
double ring(std::size_t coordinates) { return 30 * (20e-6 + std::ceil(static_cast<double>(coordinates) / 16) * 32 / 10e9); }

}  // namespace

TEST_CASE("a step of ResNet-50 without overlap is its computation and the ring", "[scenarios][layers]") {
  // Oracle: closed form. The first worker to be done may see shorter chunks, by one coordinate of 3.2 ns in 30 messages.
  CHECK(seconds({}) == Approx(0.15 + ring(25'557'032)).margin(1e-6));
}

TEST_CASE("the buckets of ResNet-50 are reduced as they come", "[scenarios][layers]") {
  // Oracle: the recursion e_k = max(e_{k−1}, r_k) + ring_k over the buckets, complete at r_k.
  const std::string layerwise = "cluster.overlap=layerwise";
  const Run run(scenario_of(kResnet, {layerwise}), execution_of());
  REQUIRE(run.layers() != nullptr);
  const LayerSchedule& layers = *run.layers();
  CHECK(layers.size() == 4);  // 102 MB in buckets of at least 25 MB
  double end = 0;
  for (std::size_t k = 0; k < layers.size(); ++k) {
    const double ready = 0.05 + layers.released(k, {100'000'000}).seconds();
    end = std::max(end, ready) + ring(layers.buckets()[k].end - layers.buckets()[k].begin);
  }
  const double overlapped = seconds({layerwise});
  CHECK(overlapped == Approx(end).margin(1e-6));
  CHECK(overlapped < 0.15 + 0.6 * ring(25'557'032));
}

TEST_CASE("a table of layers is for timing alone", "[scenarios][layers]") {
  CHECK_THROWS_WITH(scenario_of(kResnet, {"learning=true"}),
                    "test: /learning: must be false: the model \"layers\" is a table of sizes and times without values");
  CHECK_THROWS_WITH(Run(scenario_of(kResnet, {"task.batch_size=full"}), execution_of()),
                    ContainsSubstring("test: /task/batch_size: must be a number of samples"));
  CHECK_THROWS_WITH(Run(scenario_of(kResnet, {R"(task.data={"kind":"blobs"})"}), execution_of()),
                    ContainsSubstring("the model \"layers\" uses no data"));
}

TEST_CASE("a mini-batch of a table of layers has its samples and takes their time", "[scenarios][layers]") {
  // Hand computation: 16 workers and 64 images; at 1 ms each a mini-batch takes 64 ms. Without a number of them it has 32.
  const std::vector<std::string> each = {R"(cluster.compute={"distribution":"constant","value":"1 ms","scale_with":"samples"})",
                                         "cluster.network=none"};
  Run run(scenario_of(kResnet, each), execution_of());
  while (run.advance()) {}
  CHECK(run.cluster().now().ns == 64'000'000);
  CHECK(run.cluster().samples() == 16 * 64);
  CHECK(seconds({each[0], each[1], R"(task={"model":"layers:resnet50"})"}) == 0.032);
}
