/// The facts of convex tasks and the workers' own losses, as runs report them.

#include <cmath>

#include "scenarios/run_report.hpp"
#include "tests/algorithms/harness.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

/// Two workers pulled to 1 and 5 with curvature 2: x* = 3, f* = mean ½ · 2 · 2² = 4, ζ² = (2 · 2)² = 16.
const char* const kCentres = R"({
  "name": "centres", "precision": "float64", "wire_dtype": "float64",
  "cluster": {"workers": 2, "compute": {"distribution": "constant", "value": "10 ms"}, "network": {"model": "none"}},
  "task": {"model": {"kind": "quadratic", "eigenvalues": [2], "centres": [1, 5], "initial": 0, "noise": 0.5}},
  "algorithm": {"name": "sync_sgd", "learning_rate": 0.1},
  "measure": {"updates": 1, "per_worker": true},
  "stop": {"updates": 3}})";

const char* const kBlobs = R"({
  "name": "blobs", "seed": 5, "precision": "float64", "wire_dtype": "float64",
  "cluster": {"workers": 4, "compute": {"distribution": "exponential", "mean": "10 ms"}, "network": {"model": "none"}},
  "task": {"model": {"kind": "softmax", "l2": 0.1}, "data": {"kind": "blobs", "samples": 400, "features": 5, "classes": 4},
           "partition": {"kind": "sorted"}, "batch_size": "full"},
  "algorithm": {"name": "sync_sgd", "learning_rate": 0.2},
  "measure": {"updates": 50},
  "stop": {"updates": 2000, "suboptimality": 1e-9}})";

}  // namespace

TEST_CASE("a run on centres reports its facts and the workers' losses", "[scenarios][run_facts]") {
  // Oracle: hand computation. At the start x = 0: f_1 = 1, f_2 = 25, f = 13 = f* + 9 and |x − x*| = 3.
  Run run(scenario_of(kCentres), execution_of());
  CHECK_THAT(setup_text(run), Catch::Matchers::ContainsSubstring(
                                  "convex: f* 4, L 2, μ 2 (κ 1), gradient noise σ² 0.25 at x*, heterogeneity ζ² 16 over 2 workers\n"));
  while (run.advance()) {}
  const MetricsRow& first = run.rows().front();
  CHECK(first.suboptimality == 9.0);
  CHECK(first.distance_to_optimum == 3.0);
  CHECK(first.worker_loss_mean == 13.0);
  CHECK(first.worker_loss_worst10 == 25.0);
  CHECK_FALSE(first.worker_accuracy_mean.has_value());
  const Json task = summary_json(run.summary())["task"];
  CHECK(task["optimal_value"] == 4.0);
  CHECK(task["smoothness"] == 2.0);
  CHECK(task["strong_convexity"] == 2.0);
  CHECK(task["condition_number"] == 1.0);
  CHECK(task["gradient_noise"] == 0.25);
  CHECK(task["gradient_noise_batch"].is_null());
  CHECK(task["heterogeneity"] == 16.0);
}

TEST_CASE("full gradients of a strongly convex task meet their target of f − f*", "[scenarios][run_facts]") {
  // Oracle: an iterative optimum is reached by another method, gradient descent, at the rate that μ promises; equal shards, so that
  // the mean of the workers' gradients is ∇f. f − f* ≤ L/2 (1 − ημ)^(2k) ‖x_0 − x*‖² for η ≤ 2/(L + μ).
  Run run(scenario_of(kBlobs), execution_of());
  REQUIRE(run.convex() != nullptr);
  CHECK(run.convex()->heterogeneity.value() > 0.1);
  const double smoothness = run.convex()->smoothness.value();
  CHECK(0.2 <= 2 / (smoothness + 0.1));
  while (run.advance()) {}
  CHECK(run.summary().status == RunStatus::target);
  const MetricsRow& last = run.rows().back();
  const double start = smoothness / 2 * std::pow(*run.rows().front().distance_to_optimum, 2);
  CHECK(static_cast<double>(last.updates) <= std::log(start / 1e-9) / (-2 * std::log(0.98)) + 50);
  CHECK(*last.suboptimality <= 1e-9);
  CHECK(*last.suboptimality >= -1e-12);
  CHECK(*last.distance_to_optimum < 1e-3);
  CHECK_FALSE(last.worker_loss_mean.has_value());
}

TEST_CASE("the worst worker of a sorted partition holds the class that is learned worst", "[scenarios][run_facts]") {
  // Oracle: at the start every logit is 0, so class 0 is predicted: accuracy 1 on the shard of class 0 and 0 on the others (four classes of
  // equal size, four shards), loss ln 4 on all. Later the mean of equal shards is the loss itself.
  Run run(scenario_of(kBlobs, {"measure.per_worker=true", "stop={\"updates\":100}"}), execution_of(2));
  while (run.advance()) {}
  const MetricsRow& first = run.rows().front();
  CHECK(first.worker_accuracy_mean == 0.25);
  CHECK(first.worker_accuracy_worst10 == 0.0);
  CHECK(first.worker_loss_worst10.value() == Approx(std::log(4.0)).epsilon(1e-14));
  const MetricsRow& last = run.rows().back();
  CHECK(last.worker_loss_mean.value() == Approx(*last.loss).epsilon(1e-12));
  CHECK(*last.worker_loss_worst10 > *last.loss);
  CHECK(*last.worker_accuracy_worst10 <= *last.worker_accuracy_mean);
}

TEST_CASE("facts and workers' losses do not disturb a run, nor do threads change them", "[scenarios][run_facts]") {
  // Metamorphic: the same output for any number of threads; the same model with and without them.
  const std::vector<std::string> all = {"measure.per_worker=true", "stop={\"updates\":60}"};
  CHECK(output_of(scenario_of(kBlobs, all), execution_of(1)) == output_of(scenario_of(kBlobs, all), execution_of(3)));
  const std::vector<std::string> none = {"task.optimum=skip", "stop={\"updates\":60}"};
  CHECK(final_values(scenario_of(kBlobs, all)) == final_values(scenario_of(kBlobs, none)));
}

TEST_CASE("a target of f − f* needs to know f*", "[scenarios][run_facts]") {
  const auto refused = [](const std::vector<std::string>& settings) { return Run(scenario_of(kBlobs, settings), execution_of()); };
  CHECK_THROWS_WITH((refused({"task.optimum=skip"})),
                    "test: /stop/suboptimality: needs the minimum f*, which is not known: /task/optimum is \"skip\"");
  CHECK_THROWS_WITH((refused({"task.model.nonconvex=0.1"})),
                    "test: /stop/suboptimality: needs the minimum f*, which is not known: the task is not convex");
}

TEST_CASE("timing-only runs and tasks that are not convex have no facts", "[scenarios][run_facts]") {
  for (const char* setting : {"learning=false", R"(task.model={"kind":"mlp","hidden":[3]})", "task.optimum=skip"}) {
    Run run(scenario_of(kBlobs, {setting, "stop={\"updates\":2}"}), execution_of());
    CHECK(run.convex() == nullptr);
    while (run.advance()) {}
    CHECK(summary_json(run.summary())["task"]["optimal_value"].is_null());
    CHECK_FALSE(run.rows().back().suboptimality.has_value());
    CHECK(setup_text(run).find("convex:") == std::string::npos);
  }
}
