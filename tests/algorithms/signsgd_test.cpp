#include "algorithms/signsgd.hpp"

#include <algorithm>
#include <cmath>

#include "tests/algorithms/counter_example.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

/// n workers on ½ ‖x‖² with noise of deviation 1, 1000 coordinates from x = 0: one round moves x to −δ v.
Scenario one_round(const std::string& algorithm, int workers) {
  Json json = Json::parse(R"({
    "name": "one_round", "precision": "float64", "wire_dtype": "float64",
    "cluster": {"network": {"model": "none"}},
    "task": {"model": {"kind": "quadratic", "dimension": 1000, "noise": 1, "initial": 0}},
    "algorithm": {"learning_rate": 1},
    "stop": {"updates": 1}})");
  json["algorithm"]["name"] = algorithm;
  json["cluster"]["workers"] = workers;
  return scenario_of(json.dump());
}

std::uint64_t bits_of(const Run& run, Traffic kind) { return run.cluster().traffic().bits[static_cast<std::size_t>(kind)]; }

}  // namespace

TEST_CASE("signsgd stalls one step around the median of the centres, far from the minimiser", "[algorithms][signsgd]") {
  // Oracle: hand computation, as published. x runs through 0.0005, 0.0015, …, 1.9995 in 1999 rounds, then alternates about a_2 = 2. There
  // the mean gradient x − 13/3 is −2.3328, and −2.3338 on the other side.
  const auto end_of = [](int updates) {
    Run run(counter_example("signsgd", {fmt::format("stop.updates={}", updates)}), execution_of());
    while (run.advance()) {}
    return std::pair{values_of(run.reported_model())[0], *run.rows().back().grad_norm};
  };
  const auto [above, steep] = end_of(6000);
  CHECK(above == Approx(2.0005).epsilon(1e-10));
  CHECK(steep == Approx(13.0 / 3 - 2.0005).epsilon(1e-9));
  CHECK(end_of(6001).first == Approx(1.9995).epsilon(1e-10));
  CHECK(end_of(1000).first == Approx(1.0005).epsilon(1e-10));
}

TEST_CASE("the majority vote of an odd number is the sign of the median", "[algorithms][signsgd]") {
  // Oracle: identity (Chen et al., 2020), coordinate by coordinate on the same stochastic gradients, none of which is zero.
  for (const int workers : {1, 3, 5, 9}) {
    const std::vector<double> vote = final_values(one_round("signsgd", workers));
    const std::vector<double> median = final_values(one_round("median_sgd", workers));
    int agree = 0;
    for (std::size_t j = 0; j < vote.size(); ++j) agree += vote[j] == (median[j] > 0 ? 1.0 : -1.0) ? 1 : 0;
    CHECK(agree == 1000);
  }
}

TEST_CASE("votes of an even number can tie, and a tie moves nothing", "[algorithms][signsgd]") {
  // Oracle: hand computation. With centres 1 and 2, gradients at 1.5 are 1/2 and −1/2: a tie. From 0 both are negative: x moves up, and
  // the vote ties as soon as x has passed 1.
  const std::vector<std::string> two = {"cluster.workers=2", "task.model.centres=[1,2]", "algorithm.learning_rate=0.25", "stop.updates=40"};
  const auto from = [&](double x) {
    std::vector<std::string> settings = two;
    settings.push_back(fmt::format("task.model.initial={}", x));
    return final_values(counter_example("signsgd", settings))[0];
  };
  CHECK(from(1.5) == 1.5);
  CHECK(from(0.125) == 1.125);
  CHECK(from(2.875) == 1.875);
}

TEST_CASE("a gradient of zero on every worker moves its coordinate as the option says", "[algorithms][signsgd]") {
  // Oracle: hand computation. f = 0 (a dead unit): plus drifts by −δ a round, keep stays, random walks by ±δ, the majority of three coins.
  const auto end_of = [](const std::string& zero) {
    return final_values(counter_example("signsgd", {R"(task.model={"kind":"quadratic","dimension":400,"initial":0,)"
                                                    R"("spectrum":{"kind":"linear","low":0,"high":0}})",
                                                    "algorithm.learning_rate=0.25", "stop.updates=4", "algorithm.zero=" + zero}));
  };
  CHECK(end_of("plus") == std::vector<double>(400, -1.0));
  CHECK(end_of("keep") == std::vector<double>(400, 0.0));
  // Four fair steps end at 0 with probability 6/16: 150 of 400 expected, standard error 9.7; a band of 60 fails with probability 1e-9.
  const std::vector<double> walks = end_of("random");
  const auto at = [&](double x) { return static_cast<double>(std::count(walks.begin(), walks.end(), x)); };
  CHECK(std::abs(at(0) - 150) < 60);
  CHECK(at(-1) + at(-0.5) + at(0) + at(0.5) + at(1) == 400);
  CHECK(at(0.5) + at(1) > 0);
  CHECK(at(-0.5) + at(-1) > 0);
}

TEST_CASE("signsgd sends one bit a coordinate each way, 1.6 where a zero must be told", "[algorithms][signsgd]") {
  // Oracle: hand computation with d = 1003: d bits, or 8 ⌈d / 5⌉ = 1608. 10 rounds; the server has begun the eleventh. The first model
  // goes out dense, 64 d bits a worker.
  const auto bits = [](const std::string& centres, std::uint64_t n, const std::string& zero) {
    Run run(counter_example("signsgd", {fmt::format("cluster.workers={}", n), "task.model.centres=" + centres, "task.model.dimension=1003",
                                        "stop.updates=10", "algorithm.zero=" + zero}),
            execution_of());
    while (run.advance()) {}
    return std::pair{bits_of(run, Traffic::uplink) / n, bits_of(run, Traffic::downlink) / n - 64 * 1003};
  };
  using Bits = std::pair<std::uint64_t, std::uint64_t>;
  CHECK(bits("[1,2,10]", 3, "plus") == Bits{10 * 1003, 10 * 1003});
  CHECK(bits("[1,2,10]", 3, "keep") == Bits{10 * 1608, 10 * 1608});
  CHECK(bits("[1,2]", 2, "plus") == Bits{10 * 1003, 10 * 1608});
}

TEST_CASE("signsgd is sync_sgd with the sign as codec and the majority vote as aggregator", "[algorithms][signsgd]") {
  // Oracle: reduction, on all measurements of a run on data with stragglers and a network.
  const std::string presets =
      R"({"name":"sync_sgd","learning_rate":0.01,"compressor":"sign","aggregator":"majority_vote","downlink":"sign"})";
  const std::string data =
      R"(task={"model":{"kind":"softmax"},"data":{"kind":"blobs","samples":300,"features":6,"classes":3},"batch_size":8})";
  const std::vector<std::string> settings = {data,
                                             "precision=float32",
                                             "wire_dtype=float32",
                                             "measure.updates=5",
                                             "stop.updates=50",
                                             R"(cluster.stragglers=[{"workers":[1],"slowdown":4}])",
                                             R"(cluster.network={"model":"fluid"})"};
  std::vector<std::string> spelled = settings;
  spelled.push_back("algorithm=" + presets);
  std::vector<std::string> named = settings;
  named.emplace_back("algorithm.learning_rate=0.01");
  CHECK(measurements_of(counter_example("signsgd", named)) == measurements_of(counter_example("signsgd", spelled)));
}
