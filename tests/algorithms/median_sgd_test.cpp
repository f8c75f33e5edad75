#include "algorithms/median_sgd.hpp"

#include <cmath>

#include "tests/algorithms/counter_example.hpp"

using namespace peloton;
using namespace peloton::test;

TEST_CASE("median_sgd on the counter-example converges to the median of the centres, not their mean", "[algorithms][median_sgd]") {
  // Oracle: closed form. The median of x − 1, x − 2, x − 10 is x − 2, so x_k = 2 + (1 − δ)^k (x_0 − 2); the mean gradient at 2 is −7/3.
  const auto end_of = [](int updates) {
    Run run(counter_example("median_sgd", {fmt::format("stop.updates={}", updates)}), execution_of());
    while (run.advance()) {}
    return std::pair{values_of(run.reported_model())[0], *run.rows().back().grad_norm};
  };
  CHECK(end_of(700).first == Approx(2 + std::pow(0.999, 700) * (0.0005 - 2)).epsilon(1e-12));
  const auto [x, slope] = end_of(20000);
  CHECK(std::abs(x - 2) < 1e-8);
  CHECK(slope == Approx(7.0 / 3).epsilon(1e-8));
}

TEST_CASE("the median of an even number is the mean of the middle two", "[algorithms][median_sgd]") {
  // Oracle: closed form. Centres 0, 1, 5, 20: the gradient of a round is x − 3. And of two: their mean, which is what sync_sgd takes.
  const std::vector<std::string> four = {"cluster.workers=4", "task.model.centres=[0,1,5,20]", "algorithm.learning_rate=0.1",
                                         "stop.updates=30"};
  CHECK(final_values(counter_example("median_sgd", four))[0] == Approx(3 + std::pow(0.9, 30) * (0.0005 - 3)).epsilon(1e-12));
  const std::vector<std::string> two = {"cluster.workers=2", "task.model.centres=[1,8]", "algorithm.learning_rate=0.125", "stop.updates=30",
                                        "task.model.noise=1"};
  CHECK(final_values(counter_example("median_sgd", two))[0] == Approx(final_values(counter_example("sync_sgd", two))[0]).epsilon(1e-12));
}

TEST_CASE("median_sgd with one worker is serial SGD bit for bit", "[algorithms][median_sgd]") {
  // Oracle: reduction to sync_sgd, the optimiser included.
  const std::vector<std::string> one = {"cluster.workers=1", "task.model.centres=[4]", "task.model.noise=1", "algorithm.optimizer=momentum",
                                        "stop.updates=100",  "measure.updates=10"};
  CHECK(measurements_of(counter_example("median_sgd", one)) == measurements_of(counter_example("sync_sgd", one)));
}

TEST_CASE("median_sgd sends gradients and models dense", "[algorithms][median_sgd]") {
  // Oracle: hand computation. 64 d bits each way per worker and round; the server has begun the eleventh round when the run stops.
  Run run(counter_example("median_sgd", {"task.model.dimension=7", "stop.updates=10"}), execution_of());
  while (run.advance()) {}
  CHECK(run.cluster().traffic().bits[static_cast<std::size_t>(Traffic::uplink)] == 10 * 3 * 64 * 7);
  CHECK(run.cluster().traffic().bits[static_cast<std::size_t>(Traffic::downlink)] == 11 * 3 * 64 * 7);
}
