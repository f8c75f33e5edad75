#pragma once

#include <fmt/format.h>

#include "tests/algorithms/harness.hpp"

namespace peloton::test {

/// The counter-example of Chen, Chen, Sun, Wu and Hong (NeurIPS 2020): f_i(x) = (x − a_i)² / 2 with a = (1, 2, 10), one function a worker,
/// from x = 0.0005 with step 0.001, in float64 on a float64 wire. Their mean has its minimiser at 13/3, the median of their gradients
/// x − 1, x − 2, x − 10 vanishes at 2. `task.model.dimension` makes independent copies of it.
inline Scenario counter_example(const std::string& algorithm, const std::vector<std::string>& settings = {}) {
  Json json = Json::parse(R"({
    "name": "counter_example", "precision": "float64", "wire_dtype": "float64",
    "cluster": {"workers": 3, "compute": {"distribution": "constant", "value": "1 ms"}, "network": {"model": "none"}},
    "task": {"model": {"kind": "quadratic", "dimension": 1, "spectrum": {"kind": "linear", "low": 1, "high": 1}, "centres": [1, 2, 10],
                       "initial": 0.0005}},
    "algorithm": {"learning_rate": 0.001},
    "stop": {"updates": 6000}})");
  json["algorithm"]["name"] = algorithm;
  return scenario_of(json.dump(), settings);
}

/// The mean coordinate of the model that a whole run reports.
inline double final_mean(const Scenario& scenario) {
  const std::vector<double> x = final_values(scenario);
  double sum = 0;
  for (const double value : x) sum += value;
  return sum / static_cast<double>(x.size());
}

/// All measurements of a run, without the method's name.
inline std::string measurements_of(const Scenario& scenario) {
  Run run(scenario, execution_of());
  while (run.advance()) {}
  return metrics_csv(run.rows());
}

/// Oracle: reduction. A method with its noise at scale 0 is the one without, bit for bit, on the counter-example and on data; with noise it
/// is another.
inline void check_noiseless(const std::string& noisy, const std::string& plain) {
  const std::string data =
      R"(task={"model":{"kind":"softmax"},"data":{"kind":"blobs","samples":300,"features":6,"classes":3},"batch_size":8})";
  for (const std::vector<std::string>& settings :
       {std::vector<std::string>{"stop.updates=500"}, std::vector<std::string>{data, "precision=float32", "stop.updates=50"}}) {
    const auto with_scale = [&](const char* scale) {
      std::vector<std::string> all = settings;
      all.push_back(fmt::format("algorithm.noise.scale={}", scale));
      return measurements_of(counter_example(noisy, all));
    };
    const std::string expected = measurements_of(counter_example(plain, settings));
    CHECK(with_scale("0") == expected);
    CHECK_FALSE(with_scale("5") == expected);
  }
}

}  // namespace peloton::test
