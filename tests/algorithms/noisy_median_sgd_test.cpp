#include "algorithms/noisy_median_sgd.hpp"

#include <cmath>

#include "tests/algorithms/counter_example.hpp"

using namespace peloton;
using namespace peloton::test;

TEST_CASE("noisy_median_sgd without noise is median_sgd bit for bit", "[algorithms][noisy_median_sgd]") {
  check_noiseless("noisy_median_sgd", "median_sgd");
}

TEST_CASE("noisy_median_sgd moves from the median towards the mean as the noise grows", "[algorithms][noisy_median_sgd]") {
  // Oracle: closed form. A median shifts with its numbers, so E v(x) = x − x* exactly and E x_k = x* + (1 − δ)^k (x_0 − x*), where x* is
  // minus the expected median of b ξ_i − a_i, computed by quadrature with its standard deviation s. 50,000 copies after many rounds have
  // a mean with standard error s √(δ / (2 − δ) / 50,000); a band of six of them fails with probability below 2e-9.
  struct FixedPoint {
    std::string law;
    double scale;
    double x;
    double deviation;
  };
  for (const FixedPoint& p :
       {FixedPoint{"gaussian", 1, 2.1996, 0.872}, FixedPoint{"gaussian", 10, 4.1617, 6.903}, FixedPoint{"laplace", 10, 4.0649, 6.117}}) {
    INFO(p.law << " noise, b = " << p.scale);
    const double delta = 0.1;
    const double mean = final_mean(counter_example(
        "noisy_median_sgd", {fmt::format(R"(algorithm.noise={{"scale":{},"law":"{}"}})", p.scale, p.law), "task.model.dimension=50000",
                             "task.model.initial=4", "algorithm.learning_rate=0.1", "stop.updates=40"}));
    CHECK(std::abs(mean - (p.x + std::pow(1 - delta, 40) * (4 - p.x))) < 6 * p.deviation * std::sqrt(delta / (2 - delta) / 50000));
  }
}
