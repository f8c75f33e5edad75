#include "algorithms/allreduce_sgd.hpp"

#include "tests/algorithms/harness.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

const char* const kBlobs = R"({
  "name": "blobs", "precision": "float64", "wire_dtype": "float64",
  "cluster": {"workers": 5, "compute": {"distribution": "exponential", "mean": "1 ms"},
              "topology": {"kind": "ring", "bandwidth": "1 Gbps", "latency": "10 us"}},
  "task": {"model": {"kind": "softmax"}, "data": {"kind": "blobs", "samples": 200, "features": 5, "classes": 3}, "batch_size": 8},
  "algorithm": {"name": "allreduce_sgd", "learning_rate": 0.1, "optimizer": "momentum"},
  "stop": {"updates": 40}})";

}  // namespace

TEST_CASE("allreduce_sgd steps as sync_sgd", "[algorithms][allreduce_sgd]") {
  // Oracle: reduction. The same gradients in the same order make the same mean.
  const std::vector<double> ring = final_values(scenario_of(kBlobs));
  const std::vector<double> server = final_values(scenario_of(kBlobs, {"algorithm.name=sync_sgd", "cluster.topology=star"}));
  CHECK(ring == server);
}

TEST_CASE("one step takes the gradient's time and 2(n − 1)(α + ⌈d/n⌉ b/β)", "[algorithms][allreduce_sgd]") {
  // Oracle: closed form. All gradients are ready at 1 ms. d = 18 over n = 5: chunks of 4 and 3 numbers of 64 bits; the longest is on its
  // way in every step. β = 1 Gbit/s, α = 10 µs: 8 · (10 µs + 4 · 64 ns). The next gradient ends 1 ms later.
  const std::vector<std::string> settings = {R"(cluster.compute={"distribution":"constant","value":"1 ms"})", "cluster.network=constant",
                                             "stop.updates=1", "algorithm.optimizer=sgd"};
  Run run(scenario_of(kBlobs, settings), execution_of());
  while (run.advance()) {}
  CHECK(run.objective()->dimension() == 18);
  // The first worker to have all chunks makes the update: it saw 8 steps, of which the shorter chunks save some nanoseconds.
  const double seconds = run.cluster().now().seconds();
  CHECK(seconds <= 1e-3 + 8 * (10e-6 + 4 * 64e-9) + 1e-12);
  CHECK(seconds >= 1e-3 + 8 * (10e-6 + 3 * 64e-9) - 1e-12);
}

TEST_CASE("a ring's bits are 2(n − 1) d b in each step", "[algorithms][allreduce_sgd]") {
  // Oracle: closed form, over whole steps: the run ends when the first worker has the last chunk, others are still on their way.
  Run run(scenario_of(kBlobs, {"stop.updates=20"}), execution_of());
  while (run.advance()) {}
  const std::uint64_t each = 2 * 4 * 18 * 64;
  const std::uint64_t bits = run.cluster().traffic().bits[static_cast<std::size_t>(Traffic::peer)];
  CHECK(bits <= 20 * each);
  CHECK(bits > 19 * each);
  CHECK(run.cluster().traffic().total_bits() == bits);
}

TEST_CASE("a slow worker delays the ring without any other barrier", "[algorithms][allreduce_sgd]") {
  // Oracle: hand computation. On an instant network a step takes as long as its slowest gradient: 7 ms.
  Run run(scenario_of(kBlobs, {R"(cluster.compute={"distribution":"list","values":[0.001,0.002,0.007,0.003,0.001]})",
                               "cluster.network=none", "stop.updates=10"}),
          execution_of());
  while (run.advance()) {}
  CHECK(run.cluster().now().ns == 70'000'000);
}
