#include "algorithms/sync_sgd.hpp"

#include <fmt/format.h>

#include <cmath>

#include "tests/algorithms/counter_example.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

const char* const kQuadratic = R"({
  "name": "quadratic", "precision": "float64", "wire_dtype": "float64",
  "cluster": {"workers": 4, "compute": {"distribution": "exponential", "mean": "1 s"}, "network": {"model": "none"}},
  "task": {"model": {"kind": "quadratic", "eigenvalues": [1, 2, 4], "initial": "ones"}},
  "algorithm": {"name": "sync_sgd", "learning_rate": 0.1},
  "stop": {"updates": 50}})";

}  // namespace

TEST_CASE("sync_sgd on a noiseless quadratic is gradient descent", "[algorithms][sync_sgd]") {
  // Oracle: closed form. All gradients agree, so x_j(k) = (1 − η h_j)^k from x = 1 (minimiser 0).
  Run run(scenario_of(kQuadratic), execution_of());
  while (run.advance()) {}
  const std::vector<double> x = values_of(run.reported_model());
  for (const auto& [j, h] : {std::pair{0U, 1.0}, std::pair{1U, 2.0}, std::pair{2U, 4.0}})
    CHECK(x[j] == Approx(std::pow(1 - 0.1 * h, 50)).epsilon(1e-12));
}

TEST_CASE("a synchronous round takes the maximum of n exponential times on average", "[algorithms][sync_sgd]") {
  // Oracle: closed form. E max of n exponentials of mean 1 s is the harmonic number H_n; its variance is Σ 1/i² < π²/6.
  // 20,000 rounds: standard error below 0.0091 s; a band of 0.05 fails with probability below 1e-7.
  for (const int n : {1, 4, 16}) {
    double harmonic = 0;
    for (int i = 1; i <= n; ++i) harmonic += 1.0 / i;
    Run run(scenario_of(kQuadratic, {"cluster.workers=" + std::to_string(n), "learning=false", "stop.updates=20000"}), execution_of());
    while (run.advance()) {}
    CHECK(std::abs(run.cluster().now().seconds() / 20000 - harmonic) < 0.05);
  }
}

TEST_CASE("sync_sgd waits for the straggler, async_sgd does not", "[algorithms][sync_sgd]") {
  // Constant 1 s, one of four workers ten times slower. 40 gradients' worth of updates:
  // synchronous: 10 rounds of 10 s = 100 s. Asynchronous: 3 workers give 3 updates a second and the straggler 0.1: 40 updates by t = 13 s.
  const std::vector<std::string> slow = {R"(cluster.compute={"distribution":"constant","value":"1 s"})",
                                         R"(cluster.stragglers=[{"workers":[2],"slowdown":10}])", "learning=false"};
  const auto time_of = [&](std::vector<std::string> settings) {
    settings.insert(settings.begin(), slow.begin(), slow.end());
    Run run(scenario_of(kQuadratic, settings), execution_of());
    while (run.advance()) {}
    return run.cluster().now().seconds();
  };
  CHECK(time_of({"stop.updates=10"}) == 100);
  CHECK(time_of({"stop.updates=40", "algorithm.name=async_sgd"}) == 13);
}

TEST_CASE("a synchronous round's bits and staleness", "[algorithms][sync_sgd]") {
  // 4 workers, d = 3, float64 wire: 192 bits each way per worker and round; the server has begun the 51st round when the run stops.
  Run run(scenario_of(kQuadratic), execution_of());
  while (run.advance()) {}
  CHECK(run.cluster().traffic().bits[static_cast<std::size_t>(Traffic::uplink)] == 50 * 4 * 192);
  CHECK(run.cluster().traffic().bits[static_cast<std::size_t>(Traffic::downlink)] == 51 * 4 * 192);
  CHECK(*run.staleness().total().max() == 0);
  CHECK(run.staleness().total().count() == 50 * 4);
}

TEST_CASE("sync_sgd averages the workers' gradients in worker order whatever the order of arrival", "[algorithms][sync_sgd]") {
  // Oracle: invariant. Other delays, same gradients: the trajectory is the same bit for bit.
  const std::vector<std::string> noisy = {"task.model.noise=1"};
  const auto final_values = [&](const std::string& law) {
    std::vector<std::string> settings = noisy;
    settings.push_back("cluster.compute=" + law);
    Run run(scenario_of(kQuadratic, settings), execution_of());
    while (run.advance()) {}
    return values_of(run.reported_model());
  };
  CHECK(final_values(R"({"distribution":"exponential","mean":"1 s"})") == final_values(R"({"distribution":"constant","value":"1 s"})"));
}

TEST_CASE("a codec that loses nothing changes nothing, up or down", "[algorithms][sync_sgd]") {
  // Oracle: reduction. The identity sends every number as it is: the same models, and the same bits in either direction. Compressed, the
  // way down carries the step and everybody makes it.
  const auto run_with = [](std::vector<std::string> settings) {
    settings.insert(settings.end(), {"task.model.noise=1", "measure.updates=5"});
    return measurements_of(scenario_of(kQuadratic, settings));
  };
  const std::string plain = run_with({});
  CHECK(run_with({"algorithm.compressor=identity"}) == plain);
  CHECK(run_with({"algorithm.downlink=identity"}) == plain);
  CHECK(run_with({"algorithm.compressor=identity", "algorithm.downlink=identity"}) == plain);
  CHECK_FALSE(run_with({"algorithm.compressor=sign"}) == plain);
}

TEST_CASE("a compressed way down makes everybody step along what was sent", "[algorithms][sync_sgd]") {
  // Oracle: hand computation. From x = (1, 1, 1) on eigenvalues 1, 2, 4 the mean gradient is (1, 2, 4) and top-1 of it (0, 0, 4): with
  // η = 1/8 first x_3 moves, 1 → 1/2, then x_2, which wins the tie between gradients of 2: 1 → 3/4, then x_3 again: 1/2 → 1/4. An index
  // needs ⌈log2 3⌉ = 2 bits.
  Run run(scenario_of(kQuadratic, {"algorithm.learning_rate=0.125", "algorithm.downlink=topk:0.34", "stop.updates=3"}), execution_of());
  while (run.advance()) {}
  CHECK(values_of(run.reported_model()) == std::vector<double>{1, 0.75, 0.25});
  CHECK(run.cluster().traffic().bits[static_cast<std::size_t>(Traffic::downlink)] == 4 * (192 + 3 * (64 + 2)));
}

TEST_CASE("noise at n workers reaches the mean with variance b² / n", "[algorithms][sync_sgd]") {
  // Oracle: closed form. At the minimiser 0 one round with η = 1 gives x = −mean b ξ. 100,000 coordinates: the mean square has the relative
  // standard error √(2 / 100,000) = 0.0045; a band of 0.028 fails with probability below 1e-9.
  const std::vector<double> x =
      final_values(scenario_of(kQuadratic, {R"(task.model={"kind":"quadratic","dimension":100000,"initial":0})",
                                            "algorithm.learning_rate=1", "algorithm.noise.scale=3", "stop.updates=1"}));
  double squares = 0;
  for (const double value : x) squares += value * value;
  CHECK(squares / 100000 == Approx(9.0 / 4).epsilon(0.028));
}

TEST_CASE("on a broadcast medium a round's model is sent once for all workers", "[algorithms][sync_sgd]") {
  // 4 workers, d = 3, float64: 192 bit each way, at 192 bit/s without latency, workers that compute 1 s; by hand:
  //   medium: the model 1 s for all, computing 1 s, four gradients one after another 4 s: 6 s a round; 192 bit down a round.
  //   fluid:  the server's link carries four models in 4 s, computing 1 s, four gradients in 4 s: 9 s a round; 768 bit down a round.
  // After 10 rounds the server has sent the 11th model.
  for (const auto& [model, seconds, down] : {std::tuple("broadcast", 60.0, 11 * 192U), std::tuple("fluid", 90.0, 11 * 768U)}) {
    Run run(scenario_of(kQuadratic, {R"(cluster.compute={"distribution":"constant","value":"1 s"})", "stop.updates=10",
                                     R"(cluster.topology={"kind":"star","bandwidth":192,"latency":0})",
                                     fmt::format("cluster.network.model={}", model)}),
            execution_of());
    while (run.advance()) {}
    CHECK(run.cluster().now().seconds() == seconds);
    CHECK(run.cluster().traffic().bits[static_cast<std::size_t>(Traffic::downlink)] == down);
    CHECK(run.cluster().traffic().bits[static_cast<std::size_t>(Traffic::uplink)] == 40 * 192U);
  }
}
