#include "algorithms/fedbuff.hpp"

#include <cmath>

#include "tests/algorithms/harness.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

const char* const kBlobs = R"({
  "name": "blobs",
  "cluster": {"workers": 4, "compute": {"distribution": "exponential", "mean": "1 ms"}},
  "task": {"model": {"kind": "softmax"}, "data": {"kind": "blobs", "samples": 200, "features": 5, "classes": 3}, "batch_size": 8},
  "algorithm": {"name": "fedbuff", "learning_rate": 0.1, "buffer": 4},
  "stop": {"updates": 60}})";

/// f_i(x) = ½ (x − a_i)² with a = (1, 4), without noise, from x = 0: worker 0 needs 1 ms a step, worker 1 needs 2.5 ms.
const char* const kTwo = R"({
  "name": "two", "precision": "float64", "wire_dtype": "float64",
  "cluster": {"workers": 2, "compute": {"distribution": "list", "values": [0.001, 0.0025]}, "network": {"model": "none"}},
  "task": {"model": {"kind": "quadratic", "eigenvalues": [1], "centres": [1, 4], "initial": 0}},
  "algorithm": {"name": "fedbuff", "learning_rate": 0.5, "buffer": 2},
  "stop": {"updates": 2}})";

std::vector<UpdateRecord> updates_of(const Scenario& scenario) {
  UpdateLog log;
  Run run(scenario, execution_of());
  run.add_observer(log);
  while (run.advance()) {}
  return log.records;
}

}  // namespace

TEST_CASE("fedbuff with a buffer of one, without weights, is async_sgd", "[algorithms][fedbuff]") {
  // Oracle: reduction, bit for bit. A local step of size 1 changes the model by the gradient; the server's step is async_sgd's.
  for (const std::string precision : {"float32", "float64"}) {
    for (const std::string optimizer : {"sgd", "momentum"}) {
      const std::vector<std::string> both = {"precision=" + precision, "wire_dtype=" + precision};
      std::vector<std::string> buffered = both;
      buffered.push_back(R"(algorithm={"name":"fedbuff","learning_rate":1,"buffer":1,"staleness_weight":"none",)"
                         R"("server_learning_rate":0.1,"server_optimizer":")" +
                         optimizer + "\"}");
      std::vector<std::string> asynchronous = both;
      asynchronous.push_back(R"(algorithm={"name":"async_sgd","learning_rate":0.1,"optimizer":")" + optimizer + "\"}");
      const Scenario one = scenario_of(kBlobs, buffered);
      const Scenario other = scenario_of(kBlobs, asynchronous);
      CHECK(final_values(one) == final_values(other));
      const std::vector<UpdateRecord> a = updates_of(one);
      const std::vector<UpdateRecord> b = updates_of(other);
      REQUIRE(a.size() == b.size());
      for (std::size_t i = 0; i < a.size(); ++i) CHECK((a[i].time == b[i].time && a[i].staleness == b[i].staleness));
    }
  }
}

TEST_CASE("fedbuff with one worker and a buffer of one is local_sgd with message update", "[algorithms][fedbuff]") {
  // Oracle: reduction, bit for bit.
  const std::vector<double> buffered =
      final_values(scenario_of(kBlobs, {"cluster.workers=1", "algorithm.local_steps=3", "algorithm.buffer=1"}));
  const std::vector<double> local = final_values(scenario_of(
      kBlobs, {"cluster.workers=1",
               R"(algorithm={"name":"local_sgd","learning_rate":0.1,"message":"update","schedule":{"kind":"fixed","steps":3}})"}));
  CHECK(buffered == local);
}

TEST_CASE("fedbuff answers before the buffer is full with the version it has", "[algorithms][fedbuff]") {
  // Oracle: the recursion written out. Two workers in step, K = 2: worker 0 always arrives first and is sent the version before the
  // update, so that its next push has staleness 1; worker 1 fills the buffer and is sent the new version.
  double x = 0;
  double before = 0;
  for (int k = 0; k < 8; ++k) {
    const double stale = (k == 0 ? 1.0 : 1 / std::sqrt(2.0)) * 0.5 * (before - 1);
    const double fresh = 0.5 * (x - 4);
    before = x;
    x -= (stale + fresh) / 2;
  }
  CHECK(final_values(scenario_of(kTwo, {R"(cluster.compute={"distribution":"constant","value":"1 ms"})", "stop.updates=8"}))[0] ==
        Approx(x).epsilon(1e-13));
}

TEST_CASE("fedbuff weighs a push by its staleness and divides by the buffer's size", "[algorithms][fedbuff]") {
  // Oracle: hand computation. Pushes: worker 0 at 1, 2, 3, 4, … ms, worker 1 at 2.5 and 5 ms; K = 2, η = 1/2, H = 1, η_s = 1.
  //   1 ms: (x − a)/2 = −1/2 from version 0;  2 ms: −1/2 from version 0, where the server still is:  x_1 = 0 + (1/2 + 1/2)/2 = 1/2.
  //   2.5 ms: worker 1 from version 0, τ = 1: Δ = −2, s = 1/√2;  3 ms: worker 0 from version 1, τ = 0: Δ = −1/4:
  //       x_2 = 1/2 + (2/√2 + 1/4)/2.
  const double x2 = 0.5 + (2 / std::sqrt(2.0) + 0.25) / 2;
  CHECK(final_values(scenario_of(kTwo))[0] == Approx(x2).epsilon(1e-14));
  const std::vector<UpdateRecord> records = updates_of(scenario_of(kTwo));
  REQUIRE(records.size() == 4);
  CHECK(records[0].weight == 0.5);
  CHECK(records[1].weight == 0.5);
  CHECK(records[2].worker == 1);
  CHECK(records[2].staleness == 1);
  CHECK(records[2].weight == Approx(1 / (2 * std::sqrt(2.0))).epsilon(1e-14));
  CHECK(records[3].weight == 0.5);
  CHECK(final_values(scenario_of(kTwo, {"algorithm.staleness_weight=none"}))[0] == Approx(0.5 + 2.25 / 2).epsilon(1e-14));
}

TEST_CASE("fedbuff's local steps and server momentum follow the recursion", "[algorithms][fedbuff]") {
  // Oracle: the recursion written out for one worker, K = 1: Δ = (x − 4)(1 − 0.5³) by heavy balls that start anew with each pull.
  double x = 0;
  double v = 0;
  for (int k = 0; k < 5; ++k) {
    double y = x;
    double u = 0;
    for (int h = 0; h < 3; ++h) {
      u = 0.5 * u + (y - 4);
      y -= 0.25 * u;
    }
    v = 0.9 * v + (x - y);
    x -= 0.5 * v;
  }
  const std::vector<double> got = final_values(scenario_of(
      kTwo, {"cluster.workers=1", R"(cluster.compute={"distribution":"constant","value":"1 ms"})", "task.model.centres=[4]",
             R"(algorithm={"name":"fedbuff","learning_rate":0.25,"local_steps":3,"buffer":1,"optimizer":{"name":"momentum","beta":0.5},)"
             R"("server_learning_rate":0.5,"server_optimizer":"momentum"})",
             "stop.updates=5"}));
  CHECK(got[0] == Approx(x).epsilon(1e-12));
}

TEST_CASE("the staleness of fedbuff is (n − 1)/K on average", "[algorithms][fedbuff]") {
  // Oracle: closed form. n − 1 other pushes fall between a worker's pull and its push on average, for any law of times, as in async_sgd;
  // every K-th of them makes a version, wherever the pull fell between two versions. 40,000 pushes with variance below (n/K)² and
  // correlated over n pushes: standard error below 0.5 % of the mean; a band of 3 % fails with probability below 1e-8.
  for (const int buffer : {1, 3, 10}) {
    double sum = 0;
    const std::vector<UpdateRecord> records = updates_of(scenario_of(
        kBlobs, {"cluster.workers=31", "algorithm.buffer=" + std::to_string(buffer), "learning=false", "stop={\"gradients\":40000}"}));
    for (const UpdateRecord& r : records) sum += static_cast<double>(r.staleness);
    const double expected = 30.0 / buffer;
    CHECK(std::abs(sum / static_cast<double>(records.size()) - expected) < 0.03 * expected);
  }
}

TEST_CASE("fedbuff does not wait for stragglers", "[algorithms][fedbuff]") {
  // Oracle: the paper's claim in shape (Nguyen et al., AISTATS 2022: 3.3 times faster than synchronous FedAvg). 16 workers with Pareto
  // times of shape 1.5: a synchronous round waits for the largest of 16, 16^{2/3} Γ(1/3) = 17 times the minimum on average, where one
  // worker takes 3 on average. The time to f − f* = 0.02 on a noisy quadratic is less than half.
  const auto time_to_target = [](const std::string& algorithm) {
    Run run(scenario_of(R"({
      "name": "straggling",
      "cluster": {"workers": 16, "compute": {"distribution": "pareto", "minimum": "1 ms", "shape": 1.5}, "network": {"model": "none"}},
      "task": {"model": {"kind": "quadratic", "dimension": 20, "noise": 0.1}}, "algorithm": {"name": "local_sgd"},
      "measure": {"updates": 1, "gradient": false}, "stop": {"suboptimality": 0.02, "updates": 5000}})",
                        {"algorithm=" + algorithm}),
            execution_of());
    while (run.advance()) {}
    REQUIRE(run.summary().status == RunStatus::target);
    return run.cluster().now().seconds();
  };
  const double synchronous = time_to_target(R"({"name":"local_sgd","learning_rate":0.1,"schedule":{"kind":"fixed","steps":2}})");
  const double buffered = time_to_target(R"({"name":"fedbuff","learning_rate":0.1,"local_steps":2,"buffer":8})");
  CHECK(buffered < synchronous / 2);
}
