#include "algorithms/d_psgd.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "tests/algorithms/harness.hpp"

using namespace peloton;
using namespace peloton::test;
using Catch::Matchers::ContainsSubstring;

namespace {

const char* const kBlobs = R"({
  "name": "blobs", "precision": "float64", "wire_dtype": "float64",
  "cluster": {"workers": 6, "compute": {"distribution": "exponential", "mean": "1 ms"},
              "topology": {"kind": "complete", "bandwidth": "1 Gbps", "latency": "10 us"}},
  "task": {"model": {"kind": "softmax"}, "data": {"kind": "blobs", "samples": 200, "features": 5, "classes": 3}, "batch_size": 8,
           "partition": "sorted"},
  "algorithm": {"name": "d_psgd", "learning_rate": 0.1, "graph": "ring", "mixing": "metropolis"},
  "stop": {"updates": 40}})";

/// f_i(x) = ½ (x − a_i)², without noise: gossip in the open.
const char* const kCentres = R"({
  "name": "centres", "precision": "float64", "wire_dtype": "float64",
  "cluster": {"workers": 4, "compute": {"distribution": "uniform", "low": "1 ms", "high": "9 ms"}, "topology": "complete",
              "network": {"model": "none"}},
  "task": {"model": {"kind": "quadratic", "eigenvalues": [1], "centres": [1, 2, 10, 3], "initial": "ones"}},
  "algorithm": {"name": "d_psgd", "learning_rate": 0.1, "graph": "ring", "mixing": "uniform"},
  "stop": {"updates": 25}})";

}  // namespace

TEST_CASE("d_psgd on a complete graph with uniform weights is all-reduce", "[algorithms][d_psgd]") {
  // Oracle: reduction, to rounding: Σ 1/n (x − η g_j) against x − η/n Σ g_j.
  const std::vector<double> gossip = final_values(scenario_of(kBlobs, {"algorithm.graph=complete", "algorithm.mixing=uniform"}));
  const std::vector<double> ring = final_values(scenario_of(kBlobs, {R"(algorithm={"name":"allreduce_sgd","learning_rate":0.1})"}));
  REQUIRE(gossip.size() == ring.size());
  for (std::size_t i = 0; i < ring.size(); ++i) CHECK(gossip[i] == Approx(ring[i]).epsilon(1e-10).margin(1e-13));
}

TEST_CASE("gossip on a ring follows its matrix recursion", "[algorithms][d_psgd]") {
  // Oracle: the recursion written out. W = 1/3 for a node and its two neighbours on the ring of four; f_i' = x − a_i.
  const std::vector<double> a = {1, 2, 10, 3};
  for (const bool adapt_first : {true, false}) {
    std::vector<double> x(4, 1.0);
    for (int t = 0; t < 25; ++t) {
      std::vector<double> moved(4);
      std::vector<double> next(4);
      for (std::size_t i = 0; i < 4; ++i) moved[i] = adapt_first ? x[i] - 0.1 * (x[i] - a[i]) : x[i];
      for (std::size_t i = 0; i < 4; ++i) {
        next[i] = (moved[i] + moved[(i + 1) % 4] + moved[(i + 3) % 4]) / 3;
        if (!adapt_first) next[i] -= 0.1 * (x[i] - a[i]);
      }
      x = next;
    }
    const double mean = (x[0] + x[1] + x[2] + x[3]) / 4;
    double spread = 0;
    for (const double xi : x) spread += (xi - mean) * (xi - mean) / 4;
    // The run ends with the last node's step; others may be ahead, so it is read through a network of one speed.
    Run run(scenario_of(kCentres, {std::string("algorithm.order=") + (adapt_first ? "adapt_then_combine" : "combine_then_adapt"),
                                   R"(cluster.compute={"distribution":"constant","value":"1 ms"})"}),
            execution_of());
    while (run.advance()) {}
    CHECK(values_of(run.reported_model())[0] == Approx(mean).epsilon(1e-12));
    CHECK(*run.rows().back().consensus_distance == Approx(std::sqrt(spread)).epsilon(1e-9));
  }
}

TEST_CASE("gossip's iterates do not depend on computing times", "[algorithms][d_psgd]") {
  // Oracle: invariant. A node waits for its neighbours' parts of the same step, whatever the order of arrival: the mean after all nodes
  // have made 25 steps is that of equal times. Nodes ahead of the last are stopped by the run's end at different steps, hence one step of
  // everybody more: at equal times the loss is the same to the last digit of the mean's recursion.
  const auto mean_trajectory = [](const std::string& law) {
    Run run(scenario_of(kCentres, {"cluster.compute=" + law, "algorithm.graph=complete", "algorithm.mixing=uniform"}), execution_of());
    while (run.advance()) {}
    return values_of(run.reported_model())[0];
  };
  const double equal = mean_trajectory(R"({"distribution":"constant","value":"1 ms"})");
  CHECK(mean_trajectory(R"({"distribution":"exponential","mean":"1 ms"})") == Approx(equal).epsilon(1e-12));
}

TEST_CASE("nodes far apart may differ by many steps, neighbours by one", "[algorithms][d_psgd]") {
  // Oracle: invariant, with one node ten times slower on a long path.
  struct Steps final : Observer {
    std::vector<std::int64_t> of;
    std::int64_t widest = 0;
    void on_compute(const ComputeRecord& r) override {
      of.resize(std::max<std::size_t>(of.size(), r.node + 1UL));
      of[r.node] = r.version + 1;
      if (of.size() < 12) return;
      for (std::size_t i = 0; i + 1 < of.size(); ++i) CHECK(std::abs(of[i] - of[i + 1]) <= 2);
      widest = std::max(widest, of.back() - of.front());
    }
  } steps;
  Run run(scenario_of(kBlobs,
                      {"cluster.workers=12", "algorithm.graph=path", "learning=false", "stop.updates=12",
                       R"(cluster.compute={"distribution":"list","values":[0.1,0.01,0.01,0.01,0.01,0.01,0.01,0.01,0.01,0.01,0.01,0.01]})"}),
          execution_of());
  run.add_observer(steps);
  while (run.advance()) {}
  CHECK(steps.widest >= 8);
}

TEST_CASE("gossip sends d numbers along every edge both ways in each step", "[algorithms][d_psgd]") {
  // Oracle: closed form. A ring of six has six edges; d = 18 numbers of 64 bits.
  Run run(scenario_of(kBlobs, {R"(cluster.compute={"distribution":"constant","value":"1 ms"})", "cluster.network=none", "stop.updates=10"}),
          execution_of());
  while (run.advance()) {}
  CHECK(run.cluster().traffic().total_bits() == 10 * 12 * 18 * 64);
}

TEST_CASE("the set-up states the spectral gap", "[algorithms][d_psgd]") {
  // Oracle: closed form. Ring of six with weights 1/3: λ2 = 1/3 + 2/3 cos(2π/6) = 2/3, λ6 = −1/3; the gap is 1/3.
  const Run run(scenario_of(kBlobs), execution_of());
  CHECK_THAT(run.algorithm().setup_note(), ContainsSubstring("6 edges") && ContainsSubstring("spectral gap 0.3333"));
}

TEST_CASE("a round is planned on the random graph that the run gossips on", "[algorithms][d_psgd]") {
  // Oracle: invariant. The number of edges of an Erdős–Rényi graph depends on the run's seed; with equal times ten steps send ten rounds.
  std::vector<std::uint64_t> planned;
  for (int seed = 1; seed <= 5; ++seed) {
    Run run(scenario_of(kBlobs,
                        {fmt::format("seed={}", seed), "cluster.workers=12", R"(algorithm.graph={"kind":"erdos_renyi","probability":0.5})",
                         "cluster.compute=constant:0.001", "cluster.network=none", "stop.updates=10"}),
            execution_of());
    const RoundPlan plan = run.algorithm().plan({.workers = 12, .dimension = 18, .tensors = {18}, .bits_per_number = 64});
    while (run.advance()) {}
    CHECK(run.cluster().traffic().messages[static_cast<std::size_t>(Traffic::peer)] == 10 * plan.peer.count);
    planned.push_back(plan.peer.count);
  }
  CHECK(std::adjacent_find(planned.begin(), planned.end(), std::not_equal_to<>()) != planned.end());
}
