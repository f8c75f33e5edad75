#include "scenarios/run.hpp"

#include <cmath>

#include "tests/algorithms/harness.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

const char* const kBase = R"({
  "name": "base", "seed": 5,
  "cluster": {"workers": 6, "compute": {"distribution": "exponential", "mean": "10 ms"}, "network": {"model": "none"}},
  "task": {"model": {"kind": "softmax"}, "data": {"kind": "blobs", "samples": 400, "features": 5, "classes": 4}, "batch_size": 8},
  "algorithm": {"name": "async_sgd", "learning_rate": 0.1},
  "measure": {"updates": 20},
  "stop": {"updates": 200}})";

struct Outcome {
  std::vector<double> model;
  std::vector<MetricsRow> rows;
  RunStatus status;
  double seconds;
};

Outcome outcome(const std::vector<std::string>& settings, std::size_t threads = 1) {
  Run run(scenario_of(kBase, settings), execution_of(threads));
  while (run.advance()) {}
  const Model& model = run.reported_model();
  return {model.values ? values_of(model) : std::vector<double>{}, run.rows(), run.summary().status, run.cluster().now().seconds()};
}

}  // namespace

TEST_CASE("durations doubled after rounding give the same trajectory in twice the time", "[scenarios][run]") {
  // Oracle: metamorphic. A slowdown of 2 for everybody multiplies the rounded durations exactly.
  const Outcome once = outcome({});
  const Outcome twice = outcome({R"(cluster.stragglers=[{"share":"100%","slowdown":2}])"});
  CHECK(once.model == twice.model);
  REQUIRE(once.rows.size() == twice.rows.size());
  for (std::size_t i = 0; i < once.rows.size(); ++i) {
    CHECK(twice.rows[i].time.ns == 2 * once.rows[i].time.ns);
    CHECK(once.rows[i].loss == twice.rows[i].loss);
  }
}

TEST_CASE("permuting the workers leaves the statistics of a run alone", "[scenarios][run]") {
  // Oracle: metamorphic. The same list of speeds dealt in another order: update counts per speed and the mean staleness agree to
  // within the edges of the run (±1 update per worker).
  const auto counts = [](const std::string& values) {
    Run run(scenario_of(kBase, {"cluster.compute={\"distribution\":\"list\",\"values\":" + values + "}", "learning=false",
                                "stop={\"time\":\"100 s\"}"}),
            execution_of());
    while (run.advance()) {}
    std::vector<std::uint64_t> out;
    for (const NodeId w : run.cluster().workers()) out.push_back(run.cluster().totals(w).gradients);
    std::sort(out.begin(), out.end());
    out.push_back(static_cast<std::uint64_t>(std::llround(100 * *run.staleness().total().mean())));
    return out;
  };
  CHECK(counts("[0.01,0.02,0.03,0.05,0.07,0.11]") == counts("[0.07,0.01,0.11,0.03,0.02,0.05]"));
}

TEST_CASE("measurements do not disturb the run", "[scenarios][run]") {
  const Outcome often = outcome({"measure={\"every\":\"1 ms\"}"});
  const Outcome never = outcome({"measure={}"});
  CHECK(often.model == never.model);
  CHECK(often.seconds == never.seconds);
  CHECK(never.rows.size() == 2);
}

TEST_CASE("each stop rule ends the run where it says", "[scenarios][run]") {
  CHECK(outcome({"stop={\"time\":\"123 ms\"}"}).seconds == 0.123);
  CHECK(outcome({"stop={\"gradients\":77}"}).rows.back().gradients == 77);
  CHECK(outcome({"stop={\"epochs\":2}"}).rows.back().samples == 800);
  // 24 parameters: 768 bits a message. The first to reach 100,000 bits is message 131.
  const MetricsRow last = outcome({"stop={\"bits\":100000}"}).rows.back();
  CHECK(last.bits[0] + last.bits[1] >= 100000);
  CHECK(last.bits[0] + last.bits[1] < 100000 + 3 * 768);
  const Outcome target = outcome({"stop={\"loss\":0.8,\"updates\":5000}"});
  CHECK(target.status == RunStatus::target);
  CHECK(*target.rows.back().loss <= 0.8);
  CHECK(*target.rows[target.rows.size() - 2].loss > 0.8);
  CHECK(outcome({"stop={\"accuracy\":0.5,\"updates\":5000}"}).status == RunStatus::target);
}

TEST_CASE("divergence is a result", "[scenarios][run]") {
  const Outcome out =
      outcome({R"(task={"model":{"kind":"quadratic","eigenvalues":[1,1]}})", "algorithm.learning_rate=5", "stop.updates=100000"});
  CHECK(out.status == RunStatus::diverged);
  CHECK(out.rows.back().updates < 1000);
}

TEST_CASE("timing only needs no values and refuses what does", "[scenarios][run]") {
  const Outcome out = outcome({"learning=false"});
  CHECK(out.model.empty());
  CHECK_FALSE(out.rows.back().loss.has_value());
  CHECK(out.rows.back().evaluations == 0);
  CHECK(out.rows.back().gradients >= 200);
  CHECK_THROWS_WITH(outcome({"learning=false", "stop.loss=1"}), "test: /stop: a target of the learning needs \"learning\": true");
}

TEST_CASE("busy and waiting time add up to the run for every worker", "[scenarios][run]") {
  // Oracle: hand computation. Two workers of 10 and 40 ms in rounds of 40 ms: busy 25 % and 100 %.
  Run run(scenario_of(kBase, {"cluster.workers=2", R"(cluster.compute={"distribution":"list","values":[0.01,0.04]})",
                              "algorithm.name=sync_sgd", "stop={\"updates\":10}"}),
          execution_of());
  while (run.advance()) {}
  const RunSummary summary = run.summary();
  CHECK(summary.last.time.ns == 400'000'000);
  CHECK(summary.workers[0].busy.ns == 100'000'000);
  CHECK(summary.workers[0].waiting.ns == 300'000'000);
  CHECK(summary.workers[1].busy.ns == 400'000'000);
  CHECK(summary.workers[1].waiting.ns == 0);
}

TEST_CASE("the data seed moves the data, the seed moves everything else", "[scenarios][run]") {
  const Outcome base = outcome({});
  const Outcome other_seed = outcome({"seed=6"});
  const Outcome other_data = outcome({"data_seed=6"});
  CHECK(base.seconds != other_seed.seconds);
  CHECK(base.rows.front().loss == other_seed.rows.front().loss);  // softmax starts at zero: log 4 on any data
  CHECK(base.seconds == other_data.seconds);
  CHECK(base.model != other_data.model);
}

TEST_CASE("the memory limit counts the versions that workers hold", "[scenarios][run]") {
  Execution execution = execution_of();
  execution.max_memory = Bytes{100e6};
  // 10,000 workers, each with a version of 8 kB: 80 MB and the rest.
  const std::vector<std::string> settings = {"cluster.workers=20000", R"(task={"model":{"kind":"quadratic","dimension":2000}})"};
  try {
    const Run run(scenario_of(kBase, settings), execution);
    FAIL("accepted");
  } catch (const InputError& e) {
    CHECK(std::string(e.what()).find("20001 model versions") != std::string::npos);
  }
}
