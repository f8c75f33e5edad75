#include "scenarios/sweep/sweep_plan.hpp"

#include "scenarios/load.hpp"
#include "tests/algorithms/harness.hpp"

using namespace peloton;
using namespace peloton::test;
using Catch::Matchers::ContainsSubstring;

namespace {

const char* const kBase = R"({
  "name": "base", "seed": 5,
  "cluster": {"workers": 3, "compute": {"distribution": "exponential", "mean": "10 ms"}, "network": {"model": "none"}},
  "task": {"model": {"kind": "quadratic", "dimension": 5}},
  "algorithm": {"name": "async_sgd", "learning_rate": 0.1},
  "stop": {"updates": 20}})";

SweepPlan plan_of(const std::string& sweep, const std::vector<std::string>& settings = {}) {
  Json json = Json::parse(kBase);
  for (const std::string& setting : settings) apply_setting(json, setting);
  json["sweep"] = Json::parse(sweep);
  return {json, OptionType<SweepSpec>::parse(json["sweep"], {"s.json", "/sweep"}), "s.json"};
}

std::vector<std::string> labels_of(const SweepPlan& plan) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < plan.size(); ++i) out.push_back(plan.label(i));
  return out;
}

using Labels = std::vector<std::string>;

}  // namespace

TEST_CASE("points are all combinations, the last axis fastest and repeats innermost", "[scenarios][sweep][plan]") {
  const SweepPlan plan = plan_of(R"({"cluster.workers": [2, 4], "algorithm.learning_rate": [0.1, 0.2], "repeat": 2})");
  CHECK(labels_of(plan) ==
        Labels{"cluster.workers 2, algorithm.learning_rate 0.1, seed 5", "cluster.workers 2, algorithm.learning_rate 0.1, seed 6",
               "cluster.workers 2, algorithm.learning_rate 0.2, seed 5", "cluster.workers 2, algorithm.learning_rate 0.2, seed 6",
               "cluster.workers 4, algorithm.learning_rate 0.1, seed 5", "cluster.workers 4, algorithm.learning_rate 0.1, seed 6",
               "cluster.workers 4, algorithm.learning_rate 0.2, seed 5", "cluster.workers 4, algorithm.learning_rate 0.2, seed 6"});
  const SweepPoint p = plan.point(5);
  CHECK(p.index == 5);
  CHECK(p.levels == std::vector<std::size_t>{1, 0});
  CHECK(p.repeat == 1);
  CHECK(p.seed == 6);
  const Json scenario = plan.scenario(5);
  CHECK(scenario["cluster"]["workers"] == 4);
  CHECK(scenario["algorithm"]["learning_rate"] == 0.1);
  CHECK(scenario["seed"] == 6);
  CHECK_FALSE(scenario.contains("sweep"));
}

TEST_CASE("zipped axes go together", "[scenarios][sweep][plan]") {
  const SweepPlan plan =
      plan_of(R"({"zip": [{"cluster.workers": [2, 4], "stop.updates": [10, 20]}], "algorithm.learning_rate": [0.1, 0.2]})");
  CHECK(labels_of(plan) == Labels{"cluster.workers 2, stop.updates 10, algorithm.learning_rate 0.1, seed 5",
                                  "cluster.workers 2, stop.updates 10, algorithm.learning_rate 0.2, seed 5",
                                  "cluster.workers 4, stop.updates 20, algorithm.learning_rate 0.1, seed 5",
                                  "cluster.workers 4, stop.updates 20, algorithm.learning_rate 0.2, seed 5"});
}

TEST_CASE("a condition leaves points out, and the rest are numbered without gaps", "[scenarios][sweep][plan]") {
  const SweepPlan plan = plan_of(R"json({"cluster.workers": [2, 4, 8], "algorithm": [{"name": "async_sgd"}, {"name": "sync_sgd"}],
                                     "where": "cluster.workers < 8 and not (algorithm = 'sync_sgd' and cluster.workers = 2)"})json");
  CHECK(labels_of(plan) == Labels{"cluster.workers 2, algorithm async_sgd, seed 5", "cluster.workers 4, algorithm async_sgd, seed 5",
                                  "cluster.workers 4, algorithm sync_sgd, seed 5"});
  CHECK(plan.point(2).index == 2);
  CHECK_THROWS_WITH(plan_of(R"({"cluster.workers": [2, 4], "where": "cluster.workers > 9"})"),
                    "s.json: /sweep/where: holds for none of the 2 combinations");
}

TEST_CASE("whole objects come before values inside them, whatever the order of the axes", "[scenarios][sweep][plan]") {
  const SweepPlan plan = plan_of(
      R"({"algorithm.learning_rate": [0.3], "algorithm": [{"name": "sync_sgd", "learning_rate": 0.5}], "cluster.stragglers": [[{"share": 0.5, "slowdown": 2}]],
                  "cluster.stragglers.0.slowdown": [7]})");
  const Json scenario = plan.scenario(0);
  CHECK(scenario["algorithm"] == Json::parse(R"({"name": "sync_sgd", "learning_rate": 0.3})"));
  CHECK(scenario["cluster"]["stragglers"][0]["slowdown"] == 7);
}

TEST_CASE("a scenario may leave to the axes what every run needs", "[scenarios][sweep][plan]") {
  CHECK(plan_of(R"({"algorithm": ["async_sgd"]})").size() == 1);
  CHECK(plan_of(R"({"algorithm": [{"name": "async_sgd"}, {"name": "sync_sgd"}]})", {"algorithm=null"}).size() == 2);
}

TEST_CASE("seeds come from the repeat alone: points differ by their axes and share their random numbers", "[scenarios][sweep][plan]") {
  // Oracle: reduction. Neither the step size nor the point's number has a say in the computing times: equal timing fingerprints for
  // equal repeats, and different ones for different repeats.
  const SweepPlan plan = plan_of(R"({"algorithm.learning_rate": [0.1, 0.05], "repeat": 2})");
  std::vector<std::string> timing;
  std::vector<std::string> learning;
  for (std::size_t i = 0; i < plan.size(); ++i) {
    Run run(parse_options<Scenario>(plan.scenario(i), {}), execution_of());
    while (run.advance()) {}
    timing.push_back(run.summary().timing_fingerprint);
    learning.push_back(*run.summary().learning_fingerprint);
  }
  CHECK(timing[0] == timing[2]);
  CHECK(timing[1] == timing[3]);
  CHECK(timing[0] != timing[1]);
  CHECK(learning[0] != learning[2]);
}

TEST_CASE("all points are checked before the first one runs, and errors are at their axes", "[scenarios][sweep][plan]") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"({"cluster.wrokers": [1, 2]})", "s.json: /sweep/cluster.wrokers: unknown key (did you mean \"workers\"?)"},
      {R"({"algoritm.learning_rate": [1]})", "/sweep/algoritm.learning_rate: /algoritm: unknown key (did you mean \"algorithm\"?)"},
      {R"({"cluster.workers": [1, "two"]})", "s.json: /sweep/cluster.workers/1: must be a whole number, got \"two\""},
      {R"({"cluster.workers": [1, -2]})", "s.json: /sweep/cluster.workers/1: must be ≥ 0"},
      {R"({"cluster.compute": [{"distribution": "pareto", "minimum": 1, "shape": 0.5}]})",
       "s.json: /sweep/cluster.compute/0: /cluster/compute/shape: must be > 1"},
      {R"({"cluster.workers.x": [1]})", "s.json: /sweep/cluster.workers.x: \"x\" lies inside 3, which has no members"},
      {R"({"cluster.stragglers": [[]], "cluster.stragglers.0": [{"share": 1, "slowdown": 2}]})",
       "s.json: /sweep/cluster.stragglers.0: index 0 is beyond a list of 0"},
      {R"({"zip": [{"cluster.workers": [1, 2], "stop.updates": [5, "x"]}]})",
       "s.json: /sweep/zip/0/stop.updates/1: must be a whole number"},
      {R"({"stop": [{}]})", "s.json: point with stop {}: needs a stop rule"},
      {R"({"seed": [1, 2], "repeat": 3})", "s.json: /sweep/repeat: repeats a run with the next seeds, but the seed is an axis already"},
      {R"({"seed": {"range": [1, 2000, 1]}, "data_seed": {"range": [1, 2000, 1]}})", "s.json: /sweep: has 4000000 points; at most 1000000"},
  };
  for (const auto& [sweep, expected] : cases) {
    INFO(sweep);
    CHECK_THROWS_WITH(plan_of(sweep), ContainsSubstring(expected));
  }
}
