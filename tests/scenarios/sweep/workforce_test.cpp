#include "scenarios/sweep/workforce.hpp"

#include <set>

#include "tests/algorithms/harness.hpp"

using namespace peloton;
using namespace peloton::test;
using Catch::Matchers::ContainsSubstring;

namespace {

Json task_scenario(Count seed, Count updates = 50) {
  Json json = Json::parse(R"({
    "name": "task",
    "cluster": {"workers": 3, "compute": {"distribution": "exponential", "mean": "10 ms"}, "network": {"model": "none"}},
    "task": {"model": {"kind": "softmax"}, "data": {"kind": "blobs", "samples": 100, "features": 4, "classes": 3}, "batch_size": 4},
    "algorithm": {"name": "async_sgd", "learning_rate": 0.1}, "measure": {"updates": 10}})");
  json["seed"] = seed;
  json["stop"] = {{"updates", updates}};
  return json;
}

/// The outcomes of these scenarios, by index.
std::vector<PointOutcome> outcomes_of(const std::vector<Json>& scenarios, std::size_t jobs, const Execution& execution = execution_of()) {
  ThreadWorkforce workforce(execution, jobs);
  std::vector<PointOutcome> out(scenarios.size());
  std::size_t next = 0;
  const bool whole = run_points(workforce, {.next = [&]() -> std::optional<PointTask> {
                                              if (next == scenarios.size()) return std::nullopt;
                                              const std::size_t index = next++;
                                              return PointTask{index, scenarios[index]};
                                            },
                                            .done = [&](PointOutcome outcome) { out[outcome.index] = std::move(outcome); }});
  CHECK(whole);
  return out;
}

}  // namespace

TEST_CASE("a point gives the same results alone, with one job and with three", "[scenarios][sweep][workforce]") {
  std::vector<Json> scenarios;
  for (Count seed = 1; seed <= 7; ++seed) scenarios.push_back(task_scenario(seed));
  const std::vector<PointOutcome> one = outcomes_of(scenarios, 1);
  const std::vector<PointOutcome> three = outcomes_of(scenarios, 3);
  for (std::size_t i = 0; i < scenarios.size(); ++i) {
    const std::string alone = output_of(parse_options<Scenario>(scenarios[i], {}), execution_of());
    CHECK(metrics_csv(one[i].rows) + one[i].summary.dump() == alone);
    CHECK(metrics_csv(three[i].rows) + three[i].summary.dump() == alone);
    CHECK(one[i].machine.contains("wall_seconds"));
  }
}

TEST_CASE("a point that fails does not stop the others", "[scenarios][sweep][workforce]") {
  Json bad = task_scenario(1);
  bad["task"]["data"] = {{"kind", "libsvm"}, {"path", "absent"}};
  const std::vector<PointOutcome> out = outcomes_of({task_scenario(1), bad, task_scenario(2)}, 2);
  CHECK(out[0].kind == PointOutcome::Kind::finished);
  CHECK(out[1].kind == PointOutcome::Kind::refused);
  CHECK_THAT(out[1].error, ContainsSubstring("absent"));
  CHECK(out[2].kind == PointOutcome::Kind::finished);
}

TEST_CASE("a point above the memory limit fails, points that fit one by one run one by one", "[scenarios][sweep][workforce]") {
  Json large = task_scenario(1, 5);
  large["cluster"]["workers"] = 20;
  large["task"] = Json::parse(R"({"model": {"kind": "quadratic", "dimension": 100000}})");  // 21 versions of 400 kB and the rest
  Execution execution = execution_of();
  execution.max_memory = Bytes{resident_memory() + 50e6};
  const std::vector<PointOutcome> fit = outcomes_of({large, large, large, large, large, large, large, large}, 8, execution);
  for (const PointOutcome& outcome : fit) CHECK(outcome.kind == PointOutcome::Kind::finished);
  large["task"]["model"]["dimension"] = 2'000'000;
  CHECK_THAT(outcomes_of({large}, 1, execution)[0].error, ContainsSubstring("is above the limit"));
}

TEST_CASE("stopped points are dropped, and none of them is told as done", "[scenarios][sweep][workforce]") {
  ThreadWorkforce workforce(execution_of(), 2);
  std::size_t next = 0;
  std::set<std::size_t> done;
  const bool whole = run_points(workforce, {.next = [&]() -> std::optional<PointTask> {
                                              const std::size_t index = next++;
                                              return PointTask{index, task_scenario(1, index == 0 ? 5 : 2'000'000'000)};
                                            },
                                            .done = [&](const PointOutcome& outcome) { done.insert(outcome.index); },
                                            .stopped = [&] { return !done.empty(); }});
  CHECK_FALSE(whole);
  CHECK(done == std::set<std::size_t>{0});
  CHECK(workforce.pending() == 0);
}

TEST_CASE("what the receiver of outcomes throws ends everything", "[scenarios][sweep][workforce]") {
  ThreadWorkforce workforce(execution_of(), 2);
  std::size_t next = 0;
  const auto run = [&] {
    run_points(workforce, {.next = [&]() -> std::optional<PointTask> {
                             const std::size_t index = next++;
                             return PointTask{index, task_scenario(1, index == 0 ? 5 : 2'000'000'000)};
                           },
                           .done = [](const PointOutcome&) { throw Failure("disk full"); }});
  };
  CHECK_THROWS_WITH(run(), "disk full");
}
