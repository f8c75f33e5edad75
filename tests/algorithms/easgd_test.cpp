#include "algorithms/easgd.hpp"

#include <fmt/format.h>

#include <cmath>
#include <fstream>

#include "tests/algorithms/harness.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

/// Worker i has f_i(x) = (x − a_i)² / 2, without noise, in float64 on a float64 wire, and time passes in computations alone.
const char* const kScalar = R"({
  "name": "scalar", "precision": "float64", "wire_dtype": "float64",
  "cluster": {"workers": 2, "compute": {"distribution": "constant", "value": "1 ms"}, "network": {"model": "none"}},
  "task": {"model": {"kind": "quadratic", "eigenvalues": [1], "centres": [-1, 1]}},
  "algorithm": {"name": "easgd", "learning_rate": 0.5, "period": 1, "beta": 0.5},
  "stop": {"updates": 3}})";

/// Times that make the workers take turns: worker i ends its step number k at k + (i + 1) / n ms, for `steps` steps.
class Turns {
 public:
  Turns(int workers, int steps) : workers_(workers) {
    std::ofstream file(folder_ / "turns.csv");
    file << "worker,time\n";
    for (int i = 0; i < workers; ++i) {
      file << fmt::format("{},{}\n", i, 1 + (i + 1) / static_cast<double>(workers));
      for (int k = 1; k < steps; ++k) file << i << ",1\n";
    }
  }

  [[nodiscard]] std::vector<std::string> settings() const {
    return {fmt::format("cluster.workers={}", workers_), "algorithm.mode=asynchronous",
            R"(cluster.compute={"distribution":"trace","path":"turns.csv","column":"time","worker_column":"worker","unit":"1 ms"})"};
  }
  [[nodiscard]] Execution execution() const {
    Execution out = execution_of();
    out.data_folder = folder_.path();
    return out;
  }

 private:
  TemporaryDirectory folder_;
  int workers_;
};

std::vector<std::string> joined(std::vector<std::string> a, const std::vector<std::string>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// What the paper's steps are made of, for recursions in the open.
struct Elastic {
  double eta;
  double alpha;
  double momentum = 0;  ///< Nesterov's
  std::vector<double> centres;
  std::vector<double> x = std::vector<double>(centres.size(), 1.0);
  std::vector<double> v = std::vector<double>(centres.size(), 0.0);

  /// τ steps of worker i, with e taken off beside the first gradient.
  void chain(std::size_t i, int tau, double e) {
    for (int h = 0; h < tau; ++h) {
      const double g = x[i] - centres[i];
      v[i] = momentum * v[i] + g;
      x[i] -= eta * (momentum > 0 ? g + momentum * v[i] : g) + (h == 0 ? e : 0.0);
    }
  }
};

}  // namespace

TEST_CASE("synchronous easgd on two workers, by hand", "[algorithms][easgd]") {
  // Oracle: hand computation; every number is dyadic, so exact. η = 1/2, β = 1/2, α = 1/4, a = (−1, 1), all start at 1.
  //   x_1: 1 → 0 → −0.25 → −0.375     x_2: 1 → 1 → 1 → 0.9375
  //   x̃ = x̃/2 + mean/2:  (1 + 0.5)/2 = 0.75,   (0.75 + 0.375)/2 = 0.5625,   (0.5625 + 0.28125)/2 = 0.421875
  CHECK(final_values(scenario_of(kScalar, {"stop.updates=1"})) == std::vector{0.75});
  CHECK(final_values(scenario_of(kScalar, {"stop.updates=2"})) == std::vector{0.5625});
  CHECK(final_values(scenario_of(kScalar, {"stop.updates=3"})) == std::vector{0.421875});
}

TEST_CASE("synchronous easgd follows its recursion, with local steps and with momentum", "[algorithms][easgd]") {
  // Oracle: the recursion of the paper's equations 5 and 6, written out; both right-hand sides take the values of the round before.
  // With Nesterov's momentum it is EAMSGD, in the variable where the gradients are taken. The random times must not matter.
  for (const double momentum : {0.0, 0.9}) {
    for (const int tau : {1, 3}) {
      INFO("momentum " << momentum << ", tau " << tau);
      const double beta = 0.6;
      Elastic r{.eta = 0.05, .alpha = beta / 3, .momentum = momentum, .centres = {-1, 0.5, 2}};
      double centre = 1;
      double pulled_to = 1;
      for (int round = 0; round < 20; ++round) {
        for (std::size_t i = 0; i < 3; ++i) r.chain(i, tau, r.alpha * (r.x[i] - pulled_to));
        pulled_to = centre;
        centre = (1 - beta) * centre + beta * (r.x[0] + r.x[1] + r.x[2]) / 3;
      }
      const Scenario s = scenario_of(
          kScalar, {"cluster.workers=3", R"(cluster.compute={"distribution":"exponential","mean":"1 ms"})", "task.model.centres=[-1,0.5,2]",
                    fmt::format("algorithm.period={}", tau), "algorithm.beta=0.6", "algorithm.learning_rate=0.05",
                    momentum > 0 ? "algorithm.optimizer=nesterov:0.9" : "algorithm.optimizer=sgd", "stop.updates=20"});
      CHECK(final_values(s)[0] == Approx(centre).epsilon(1e-12));
    }
  }
}

TEST_CASE("asynchronous easgd with workers that take turns follows algorithm 1 of the paper", "[algorithms][easgd]") {
  // Oracle: the paper's algorithm, one worker after the other. The update before the first steps moves nothing (n of 30 + n updates).
  for (const int tau : {1, 2}) {
    INFO("tau " << tau);
    const Turns turns(3, 100);
    Elastic r{.eta = 0.1, .alpha = 0.3, .centres = {-1, 0.5, 2}};
    double centre = 1;
    for (std::size_t i = 0; i < 3; ++i) r.chain(i, tau, 0);
    for (int k = 0; k < 30; ++k) {
      const auto i = static_cast<std::size_t>(k % 3);
      const double e = r.alpha * (r.x[i] - centre);
      centre += e;
      r.chain(i, tau, e);
    }
    const Scenario s =
        scenario_of(kScalar, joined(turns.settings(), {"task.model.centres=[-1,0.5,2]", "algorithm.learning_rate=0.1", "algorithm.beta=0.9",
                                                       fmt::format("algorithm.period={}", tau), "stop.updates=33"}));
    CHECK(final_values(s, turns.execution())[0] == Approx(centre).epsilon(1e-12));
  }
}

TEST_CASE("round-robin easgd on x² / 2 is stable exactly for α ≤ (4 − 2η) / (4 − η)", "[algorithms][easgd]") {
  // Oracle: closed form (the paper's section 3), for every number of workers, from both sides. Limits 0.9744, 0.6667, 0.1818.
  // After 2500 turns each, the slowest case is at 1e-6 below the limit and at 1e3 above it.
  for (const int p : {1, 3, 8}) {
    const Turns turns(p, 2501);
    for (const double eta : {0.1, 1.0, 1.8}) {
      const double limit = (4 - 2 * eta) / (4 - eta);
      const auto size_at = [&](double alpha) {
        const Scenario s = scenario_of(
            kScalar, joined(turns.settings(),
                            {R"(task.model={"kind":"quadratic","eigenvalues":[1]})", fmt::format("algorithm.learning_rate={}", eta),
                             fmt::format("algorithm.beta={}", alpha * p), fmt::format("stop.updates={}", 2501 * p)}));
        return std::abs(final_values(s, turns.execution())[0]);
      };
      INFO("p " << p << ", eta " << eta << ", limit " << limit);
      CHECK(size_at(0.98 * limit) < 1e-3);
      CHECK_FALSE(size_at(1.02 * limit) <= 100);  // far beyond, or no longer a number
    }
  }
}

TEST_CASE("with one worker both modes of easgd are the same method", "[algorithms][easgd]") {
  // Oracle: reduction. α = β, and x̃ + α (x − x̃) = (1 − β) x̃ + β x. The asynchronous mode counts the first, empty pull as an update.
  const std::vector<std::string> one{"cluster.workers=1", "task.model.centres=[0.25]", "algorithm.period=3", "algorithm.learning_rate=0.1",
                                     "algorithm.optimizer=momentum"};
  const double together = final_values(scenario_of(kScalar, joined(one, {"stop.updates=25"})))[0];
  const double alone = final_values(scenario_of(kScalar, joined(one, {"algorithm.mode=asynchronous", "stop.updates=26"})))[0];
  CHECK(alone == Approx(together).epsilon(1e-12));
  CHECK(std::abs(together - 1) > 0.1);  // it did move
}

TEST_CASE("easgd sends 32 d bits up and down per worker and τ steps", "[algorithms][easgd]") {
  // Oracle: closed form. Constant times, τ = 2 steps of 1 ms: four rounds have ended at 8.5 ms, and the first pull came before them.
  for (const char* learning : {"learning=true", "learning=false"}) {
    const std::vector<std::string> settings{"cluster.workers=5",         R"(task.model={"kind":"quadratic","dimension":7})",
                                            "algorithm.period=2",        "wire_dtype=float32",
                                            R"(stop={"time":"8.5 ms"})", learning};
    const std::uint64_t each = std::uint64_t{5} * 32 * 7;
    Run together(scenario_of(kScalar, settings), execution_of());
    while (together.advance()) {}
    const TrafficTotals& sync = together.cluster().traffic();
    CHECK(sync.bits[static_cast<std::size_t>(Traffic::uplink)] == 4 * each);
    CHECK(sync.bits[static_cast<std::size_t>(Traffic::downlink)] == 5 * each);
    CHECK(sync.total_bits() == 9 * each);
    CHECK(together.cluster().updates() == 4);

    Run alone(scenario_of(kScalar, joined(settings, {"algorithm.mode=asynchronous"})), execution_of());
    while (alone.advance()) {}
    const TrafficTotals& async = alone.cluster().traffic();
    CHECK(async.bits[static_cast<std::size_t>(Traffic::uplink)] == 5 * each);
    CHECK(async.bits[static_cast<std::size_t>(Traffic::downlink)] == 5 * each);
    CHECK(async.messages[static_cast<std::size_t>(Traffic::control)] == 4 * 5);
    CHECK(async.total_bits() == 10 * each);
    CHECK(alone.cluster().updates() == 5 * 5);
  }
}

TEST_CASE("easgd's workers keep a distance from each other that grows as the force weakens", "[algorithms][easgd]") {
  // Oracle: closed form. At the fixed point of equation 5, η (x_i − a_i) + α (x_i − x̃) = 0: with x̃ = mean a = 0 and a = ∓1 the workers
  // are at ∓η / (η + α).
  for (const double beta : {0.1, 0.5, 0.9}) {
    INFO("beta " << beta);
    Run run(scenario_of(kScalar, {fmt::format("algorithm.beta={}", beta), "algorithm.learning_rate=0.25", "stop.updates=2000"}),
            execution_of());
    while (run.advance()) {}
    CHECK(std::abs(values_of(run.reported_model())[0]) < 1e-9);
    CHECK(run.rows().back().consensus_distance.value() == Approx(0.25 / (0.25 + beta / 2)).epsilon(1e-9));
  }
}
