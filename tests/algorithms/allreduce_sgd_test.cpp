#include "algorithms/allreduce_sgd.hpp"

#include <cmath>

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

TEST_CASE("every schedule of the all-reduce makes the same steps and moves the same bits", "[algorithms][allreduce_sgd]") {
  // Oracle: reduction, and 2(n − 1) d b bits a step, whatever the schedule; the last step's may be on their way.
  const std::vector<double> ring = final_values(scenario_of(kBlobs));
  for (const char* collective :
       {R"("halving_doubling")", R"("tree")", R"("two_level:2")", R"({"name":"two_level","group_size":3,"between":"halving_doubling"})",
        R"({"name":"two_level","group_size":5,"within":"scatter"})"}) {
    INFO(collective);
    const Scenario scenario = scenario_of(kBlobs, {std::string("algorithm.collective=") + collective});
    CHECK(final_values(scenario) == ring);
    Run run(scenario, execution_of());
    while (run.advance()) {}
    const std::uint64_t each = 2 * 4 * 18 * 64;
    CHECK(run.cluster().traffic().total_bits() <= 40 * each);
    CHECK(run.cluster().traffic().total_bits() > 39 * each);
  }
}

TEST_CASE("a step of two workers takes the closed form of its schedule", "[algorithms][allreduce_sgd]") {
  // Oracle: closed form. n = 2, gradients of 18 · 64 bits ready at 1 ms, α = 20 µs, β = 1 Gbit/s. Halving and doubling: two exchanges of
  // 9 numbers. Tree: worker 0 has the sum when worker 1's vector has arrived.
  const auto first_update_ns = [](const std::string& collective) {
    Run run(scenario_of(kBlobs, {"cluster.workers=2", R"(cluster.compute={"distribution":"constant","value":"1 ms"})",
                                 R"(cluster.topology={"kind":"star","bandwidth":"1 Gbps","latency":"10 us"})", "stop.updates=1",
                                 "algorithm.collective=" + collective}),
            execution_of());
    while (run.advance()) {}
    return run.cluster().now().ns;
  };
  CHECK(first_update_ns("halving_doubling") == 1'000'000 + 2 * (20'000 + 9 * 64));
  CHECK(first_update_ns("tree") == 1'000'000 + 20'000 + 18 * 64);
}

TEST_CASE("messages that cannot be added are gathered from all by all", "[algorithms][allreduce_sgd]") {
  // Oracle: reduction to sync_sgd with the same compressor of the uplink; bits: n (n − 1) messages a step, of 3 numbers of 64 bits with
  // indices of 5 bits (⌊0.2 · 18⌋ = 3, ⌈log2 18⌉ = 5).
  const Scenario scenario = scenario_of(kBlobs, {"algorithm.compressor=topk:0.2"});
  CHECK(final_values(scenario) ==
        final_values(scenario_of(kBlobs, {"algorithm.name=sync_sgd", "algorithm.compressor=topk:0.2", "cluster.topology=star"})));
  Run run(scenario, execution_of());
  while (run.advance()) {}
  const std::uint64_t each = 5 * 4 * 3 * (64 + 5);
  CHECK(run.cluster().traffic().total_bits() <= 40 * each);
  CHECK(run.cluster().traffic().total_bits() > 39 * each);
  CHECK(run.algorithm().setup_note() == "messages of topk cannot be added on the way: a ring all-gather takes the place of the all-reduce");
}

TEST_CASE("messages of a linear compressor are all-reduced", "[algorithms][allreduce_sgd]") {
  // Oracle: reduction. The identity on a wire of the parameters' own type changes nothing, neither numbers nor times.
  for (const char* collective : {"ring", "halving_doubling"}) {
    const std::string schedule = std::string("algorithm.collective=") + collective;
    const Scenario plain = scenario_of(kBlobs, {schedule});
    const Scenario encoded = scenario_of(kBlobs, {schedule, "algorithm.compressor=identity"});
    CHECK(final_values(encoded) == final_values(plain));
    Run a(plain, execution_of());
    Run b(encoded, execution_of());
    while (a.advance()) {}
    while (b.advance()) {}
    CHECK(a.cluster().now().ns == b.cluster().now().ns);
    CHECK(a.cluster().traffic().bits == b.cluster().traffic().bits);
  }
}

TEST_CASE("error feedback of allreduce_sgd is that of sparse_sgd", "[algorithms][allreduce_sgd]") {
  // Oracle: reduction, with a constant step size, which sparse_sgd multiplies into its messages: η/n Σ C(g_i + e_i) = Σ C(η/n (g_i + e_i))
  // up to rounding. Without error feedback the two part.
  const std::vector<std::string> plain = {"algorithm.optimizer=sgd", "algorithm.compressor=topk:0.2"};
  const auto with = [](std::vector<std::string> settings, const std::string& more) {
    settings.push_back(more);
    return settings;
  };
  const std::vector<double> gathered = final_values(scenario_of(kBlobs, with(plain, "algorithm.error_feedback=true")));
  const std::vector<double> server = final_values(
      scenario_of(kBlobs, {R"(algorithm={"name":"sparse_sgd","learning_rate":0.1,"compressor":"topk:0.2"})", "cluster.topology=star"}));
  const std::vector<double> forgetful = final_values(scenario_of(kBlobs, plain));
  REQUIRE(gathered.size() == server.size());
  double apart = 0;
  double parted = 0;
  for (std::size_t i = 0; i < server.size(); ++i) {
    apart = std::max(apart, std::abs(gathered[i] - server[i]));
    parted = std::max(parted, std::abs(forgetful[i] - server[i]));
  }
  CHECK(apart < 1e-12);
  CHECK(parted > 1e-3);
}

TEST_CASE("allreduce_sgd refuses what cannot be", "[algorithms][allreduce_sgd]") {
  const auto error_of = [](const std::vector<std::string>& settings) {
    try {
      Run run(scenario_of(kBlobs, settings), execution_of());
    } catch (const InputError& e) {
      return std::string(e.what());
    }
    return std::string("none");
  };
  CHECK(error_of({"algorithm.compressor=sign", "algorithm.collective=tree"}) ==
        "test: /algorithm/collective: must be \"ring\" with the compressor \"sign\", whose messages cannot be added on the way but are "
        "gathered round a ring, got \"tree\"");
  CHECK(error_of({"algorithm.error_feedback=true"}) ==
        "test: /algorithm/error_feedback: needs a \"compressor\": without one nothing is left out, got true");
  CHECK(error_of({"algorithm.collective=two_level"}) ==
        "test: /algorithm/collective: needs \"group_size\": worker w0 stands in no rack of the topology");
}
