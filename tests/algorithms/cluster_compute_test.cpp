#include <algorithm>
#include <cmath>

#include "scenarios/run_report.hpp"
#include "tests/algorithms/harness.hpp"
#include "tests/sim/compute/kolmogorov_smirnov.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

/// Workers that compute one gradient after another, over a network that takes no time.
Scenario workers(std::size_t count, const std::vector<std::string>& settings) {
  std::vector<std::string> all = {"cluster.workers=" + std::to_string(count)};
  all.insert(all.end(), settings.begin(), settings.end());
  return scenario_of(R"({"name": "c", "seed": 1, "learning": false, "cluster": {"workers": 1, "network": "none"},
                         "task": {"model": {"kind": "quadratic", "dimension": 10}}, "algorithm": {"name": "async_sgd"},
                         "stop": {"gradients": 1000}})",
                     all);
}

/// Keeps when each computation ended.
class ComputeLog final : public Observer {
 public:
  void on_compute(const ComputeRecord& r) override { records.push_back(r); }
  std::vector<ComputeRecord> records;
};

std::vector<ComputeRecord> computations(const Scenario& scenario) {
  Run run(scenario, execution_of());
  ComputeLog log;
  run.add_observer(log);
  while (run.advance()) {}
  return log.records;
}

/// When each of a worker's computations ended.
std::vector<std::int64_t> ends(const std::vector<ComputeRecord>& records, NodeId worker) {
  std::vector<std::int64_t> out;
  for (const ComputeRecord& r : records)
    if (r.node == worker) out.push_back(r.finish.ns);
  return out;
}

}  // namespace

TEST_CASE("gradients of n workers with exponential times come as a Poisson process of n times the rate",
          "[algorithms][compute][queueing]") {
  // Superposition of n independent Poisson processes (asynchronous workers never wait here). Kolmogorov–Smirnov on the times between 20000
  // gradients of 20 workers, exponential with mean 10 ms / 20: above 3 with probability 3e-8. Successive times are independent: their
  // correlation has the standard deviation 1/√20000; the bound of 5.5 of them fails with 4e-8.
  const auto records = computations(workers(20, {"cluster.compute=exponential:10ms", "stop.gradients=20000"}));
  REQUIRE(records.size() == 20000);
  std::vector<double> gaps;
  Time before;
  for (const ComputeRecord& r : records) gaps.push_back((r.finish - std::exchange(before, r.finish)).seconds());
  CHECK(kolmogorov_smirnov(gaps, exponential(0.0005)) < 3);
  double product = 0;
  for (std::size_t i = 1; i < gaps.size(); ++i) product += (gaps[i] / 0.0005 - 1) * (gaps[i - 1] / 0.0005 - 1) / 20000;
  CHECK(std::abs(product) < 5.5 / std::sqrt(20000.0));
}

TEST_CASE("workers of a rack are slow together", "[algorithms][compute][slowdowns]") {
  // Exact: workers of constant times that start together and meet the same slow-downs end each computation together; those of the other
  // rack meet others.
  const auto records = computations(
      workers(4, {"cluster.compute=constant:10ms", R"(cluster.topology={"kind":"two_level","workers_per_rack":2})",
                  R"(cluster.slowdowns=[{"groups":"rack","slowdown":4,"every":"exponential:100ms","for":"exponential:50ms"}])"}));
  const auto first = ends(records, 0);
  const auto second = ends(records, 2);
  CHECK(first.size() > 100);
  CHECK(std::equal(first.begin(), first.end() - 1, ends(records, 1).begin()));
  CHECK(std::equal(second.begin(), second.end() - 1, ends(records, 3).begin()));
  CHECK_FALSE(std::equal(first.begin(), first.begin() + 50, second.begin()));
  // Every computation takes at least its 10 ms and at most four times as long.
  for (const ComputeRecord& r : records) CHECK(((r.finish - r.start).ns >= 10'000'000 && (r.finish - r.start).ns <= 40'000'000));
}

TEST_CASE("a topology without racks needs the size of a group", "[algorithms][compute][slowdowns]") {
  const Scenario scenario =
      workers(4, {"cluster.topology=ring", R"(cluster.slowdowns=[{"groups":"rack","slowdown":4,"every":1,"for":1}])"});
  try {
    const Run run(scenario, execution_of());
    FAIL("accepted");
  } catch (const InputError& e) {
    CHECK(std::string(e.what()).starts_with("test: /cluster/slowdowns/0/groups: the topology has no racks"));
  }
}

TEST_CASE("a model's operations decide how long its gradients take", "[algorithms][compute][flops]") {
  // Hand computation: a diagonal quadratic of 10 coordinates takes 20 operations a gradient, at 1 kFLOP/s 20 ms.
  const Scenario scenario = workers(1, {R"(cluster.compute={"distribution":"flops","rate":1000})", "stop.gradients=3"});
  CHECK(ends(computations(scenario), 0) == std::vector<std::int64_t>{20'000'000, 40'000'000, 60'000'000});
  CHECK_THAT(setup_text(Run(scenario, execution_of())),
             Catch::Matchers::ContainsSubstring("computing: 20 FLOP for a sample's gradient at 1 kFLOP/s, 20 ms each"));
}

TEST_CASE("a chain of local steps meets the phases of its steps", "[algorithms][compute][slowdowns]") {
  // Hand computation: 4 steps of 10 ms, three times slower from 15 to 45 ms: steps end at 10; 15 + 15 = 30 (5 ms left at a third); at 45
  // the third has done 5 ms, ends at 50; the fourth at 60.
  const auto records =
      computations(workers(1, {"cluster.compute=constant:10ms", R"(algorithm={"name":"fedbuff","local_steps":4,"buffer":1})",
                               "stop.gradients=4", R"(cluster.slowdowns=[{"groups":1,"slowdown":3,"every":"15 ms","for":"30 ms"}])"}));
  REQUIRE(records.size() == 1);
  CHECK(records[0].finish.ns == 60'000'000);
}
