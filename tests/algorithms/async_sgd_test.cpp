#include "algorithms/async_sgd.hpp"

#include <cmath>
#include <numbers>
#include <numeric>

#include "models/kernels/kernels.hpp"
#include "tests/algorithms/harness.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

/// f(x) = h x² / 2 in one dimension from x = 1, without noise, in float64 on a float64 wire: the delayed recursion in the open.
const char* const kScalar = R"({
  "name": "scalar", "precision": "float64", "wire_dtype": "float64",
  "cluster": {"workers": 1, "compute": {"distribution": "constant", "value": "1 ms"}, "network": {"model": "none"}},
  "task": {"model": {"kind": "quadratic", "eigenvalues": [1], "initial": "ones"}},
  "algorithm": {"name": "async_sgd", "learning_rate": 0.1},
  "stop": {"updates": 100}})";

const char* const kBlobs = R"({
  "name": "blobs",
  "cluster": {"workers": 1, "compute": {"distribution": "exponential", "mean": "1 ms"}},
  "task": {"model": {"kind": "softmax"}, "data": {"kind": "blobs", "samples": 200, "features": 5, "classes": 3}, "batch_size": 8},
  "algorithm": {"name": "async_sgd", "learning_rate": 0.1},
  "stop": {"updates": 40}})";

/// Serial SGD written out, with plain arithmetic of the precision T.
template <class T>
std::vector<double> serial_sgd(const Scenario& s, std::size_t steps) {
  const Place place{"test", ""};
  const auto data = load_data(*s.task->data, "", static_cast<std::uint64_t>(s.data_seed), place);
  const auto f = make_objective(s.task->model, data, s.precision, find_kernels("reference"), place);
  const Partition partition(PartitionSpec{}, data->train.labels, 1, static_cast<std::uint64_t>(s.data_seed), place);
  const BatchSampler sampler(
      partition, {.size = *s.task->batch_size, .order = BatchOrder::with_replacement, .seed = static_cast<std::uint64_t>(s.seed)});
  const std::size_t d = f->dimension();
  std::vector<T> x(d);
  std::vector<T> g(d);
  f->initial_point(static_cast<std::uint64_t>(s.seed), {s.precision, x.data(), d});
  const auto workspace = f->workspace();
  std::vector<std::uint32_t> scratch;
  const T eta = static_cast<T>(-0.1);
  for (std::size_t k = 0; k < steps; ++k) {
    const Sample sample{.rows = sampler.rows(0, k, scratch), .seed = static_cast<std::uint64_t>(s.seed), .worker = 0, .step = k};
    f->gradient({s.precision, x.data(), d}, sample, {s.precision, g.data(), d}, *workspace);
    for (std::size_t i = 0; i < d; ++i) x[i] = x[i] + eta * g[i];
  }
  return {x.begin(), x.end()};
}

}  // namespace

TEST_CASE("async_sgd with one worker is serial SGD bit for bit", "[algorithms][async_sgd]") {
  // Oracle: reduction. One worker's gradient is always taken at the model it updates.
  const Scenario narrow = scenario_of(kBlobs);
  CHECK(final_values(narrow, execution_of(1, "reference")) == serial_sgd<float>(narrow, 40));
  const Scenario wide = scenario_of(kBlobs, {"precision=float64", "wire_dtype=float64"});
  CHECK(final_values(wide, execution_of(1, "reference")) == serial_sgd<double>(wide, 40));
}

TEST_CASE("async_sgd with m workers of constant equal delay follows x_{k+1} = x_k − η h x_{k−m+1}", "[algorithms][async_sgd]") {
  // Oracle: closed recursion. All m start at x_0; afterwards the worker that updates at k was last served at update k − m + 1.
  const int m = 7;
  Run run(scenario_of(kScalar, {"cluster.workers=7"}), execution_of(1, "reference"));
  while (run.advance()) {}
  std::vector<double> x{1.0};
  for (int k = 0; k < 100; ++k) {
    const double base = x[static_cast<std::size_t>(std::max(0, k - m + 1))];
    x.push_back(x.back() + -0.1 * base);
  }
  CHECK(values_of(run.reported_model())[0] == x.back());
}

TEST_CASE("the staleness of applied gradients and of those under way adds up to (m − 1) updates", "[algorithms][async_sgd]") {
  // Oracle: invariant. Each update makes the m − 1 other tasks one version staler; a task's staleness leaves the sum when it is applied.
  const std::vector<std::string> laws = {R"({"distribution":"constant","value":"1 ms"})",
                                         R"({"distribution":"uniform","low":"1 ms","high":"3 ms"})",
                                         R"({"distribution":"exponential","mean":"1 ms"})",
                                         R"({"distribution":"shifted_exponential","shift":"1 ms","mean":"1 ms"})",
                                         R"({"distribution":"lognormal","mean":"1 ms","cv":2})",
                                         R"({"distribution":"gamma","mean":"1 ms","shape":0.5})",
                                         R"({"distribution":"pareto","minimum":"1 ms","shape":1.5})",
                                         R"({"distribution":"bimodal","fast":"1 ms","slow":"10 ms","probability":0.1})",
                                         R"({"distribution":"list","values":[0.001,0.002,0.003,0.004,0.01]})",
                                         R"({"distribution":"sqrt","unit":"1 ms"})",
                                         R"({"distribution":"linear","unit":"1 ms"})"};
  for (const std::string& law : laws) {
    INFO(law);
    UpdateLog log;
    Run run(scenario_of(kScalar, {"cluster.workers=5", "cluster.compute=" + law, "stop.updates=3000", "learning=false"}), execution_of());
    run.add_observer(log);
    while (run.advance()) {}
    std::vector<std::int64_t> under_way(5, 0);  // base version of each worker's task
    std::int64_t applied = 0;
    for (const UpdateRecord& r : log.records) {
      CHECK(r.base == under_way[r.worker]);
      applied += r.staleness;
      under_way[r.worker] = r.version;
    }
    std::int64_t current = 0;
    for (const std::int64_t base : under_way) current += 3000 - base;
    CHECK(applied + current == 4 * 3000);
  }
}

TEST_CASE("the variance of staleness is m(m − 1) for exponential times and 0 for constant ones", "[algorithms][async_sgd]") {
  // Oracle: closed form. Memoryless homogeneous workers: staleness is geometric with mean m − 1.
  // 400,000 updates at m = 8: the sample variance 56 has a standard error below 0.6 (kurtosis of a geometric law, correlated samples
  // counted as one in four); a band of 3 fails with probability below 1e-6.
  const auto variance = [](const std::string& law) {
    UpdateLog log;
    Run run(scenario_of(kScalar, {"cluster.workers=8", "cluster.compute=" + law, "stop.updates=400000", "learning=false"}), execution_of());
    run.add_observer(log);
    while (run.advance()) {}
    double sum = 0;
    double squares = 0;
    for (std::size_t i = 8; i < log.records.size(); ++i) {
      const auto s = static_cast<double>(log.records[i].staleness);
      sum += s;
      squares += s * s;
    }
    const auto n = static_cast<double>(log.records.size() - 8);
    return squares / n - (sum / n) * (sum / n);
  };
  CHECK(std::abs(variance(R"({"distribution":"exponential","mean":"1 ms"})") - 56) < 3);
  CHECK(variance(R"({"distribution":"constant","value":"1 ms"})") == 0);
}

TEST_CASE("the delayed quadratic is stable exactly below 2 sin(π / (2(2τ + 1)))", "[algorithms][async_sgd]") {
  // Oracle: closed form (characteristic roots of x_{k+1} = x_k − a x_{k−τ}), from both sides. τ = m − 1.
  for (const int tau : {0, 1, 2, 5, 10, 20}) {
    const double limit = 2 * std::sin(std::numbers::pi / (2 * (2 * tau + 1)));
    const auto size_at = [&](double a) {
      const std::string step = "algorithm.learning_rate=" + real_text(a);
      Run run(scenario_of(kScalar, {"cluster.workers=" + std::to_string(tau + 1), step, "stop.updates=20000", "stop.divergence=1e9"}),
              execution_of());
      while (run.advance()) {}
      return std::abs(values_of(run.reported_model())[0]);
    };
    INFO("tau " << tau);
    CHECK(size_at(0.98 * limit) < 0.5);
    CHECK_FALSE(size_at(1.02 * limit) <= 2.0);  // far beyond, or no longer a number
  }
}

TEST_CASE("gradients staler than max_staleness are dropped, with the accepted share of the closed forms", "[algorithms][async_sgd]") {
  // Oracle: closed forms. Constant times, s < m − 1: (s + 1) / m. Exponential times: the root of p = 1 − (p(m−1) / (1 + p(m−1)))^{s+1},
  // 0.608 at m = 16, s = 8 (an approximation of independent arrivals: band 0.01; the sampling error of 2e5 arrivals is below 0.002).
  const auto share = [](const std::string& law) {
    Run run(scenario_of(kScalar, {"cluster.workers=16", "cluster.compute=" + law, "algorithm.max_staleness=8", "learning=false",
                                  "stop={\"gradients\":200000}"}),
            execution_of());
    while (run.advance()) {}
    CHECK(*run.staleness().total().max() <= 8);
    CHECK(run.staleness().dropped() + run.cluster().updates() >= 200000 - 16);  // the last ones are still on their way
    return static_cast<double>(run.cluster().updates()) / 200000;
  };
  CHECK(share(R"({"distribution":"constant","value":"1 ms"})") == Approx(0.5625).epsilon(1e-3));
  CHECK(std::abs(share(R"({"distribution":"exponential","mean":"1 ms"})") - 0.608) < 0.01);
}

TEST_CASE("the delay-adaptive step is min(1, n / staleness)", "[algorithms][async_sgd]") {
  // Oracle: hand computation. Worker 1 needs 10.5 ms a task, worker 0 needs 1 ms: worker 1's first gradient arrives with staleness 10.
  UpdateLog log;
  Run run(scenario_of(kScalar, {"cluster.workers=2", R"(cluster.compute={"distribution":"list","values":[0.001,0.0105]})",
                                "algorithm.delay_adaptive=true", "stop.updates=12"}),
          execution_of());
  run.add_observer(log);
  while (run.advance()) {}
  const UpdateRecord& slow = log.records[10];
  REQUIRE(slow.worker == 1);
  CHECK(slow.staleness == 10);
  CHECK(slow.weight == Approx(2.0 / 10));
  CHECK(log.records[9].weight == 1.0);
}
