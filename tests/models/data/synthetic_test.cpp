#include "models/data/synthetic.hpp"

#include <algorithm>
#include <cmath>

#include "tests/models/data/files.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;
using Catch::Matchers::ContainsSubstring;

namespace {

DataPair load(const SyntheticData& spec, std::uint64_t seed = 1) { return spec.load({"", seed, Place{"mine.json", "/task/data"}}); }

const std::vector<double>& values(const Dataset& data) { return std::get<DenseReals>(data.x).values; }

std::vector<std::size_t> rows_per_device(const Dataset& data) {
  std::vector<std::size_t> counts;
  for (const std::uint32_t device : data.devices) {
    counts.resize(std::max<std::size_t>(counts.size(), device + 1));
    ++counts[device];
  }
  return counts;
}

/// Whether the multiclass perceptron with intercepts makes a pass without a mistake within so many passes.
bool perceptron_separates(const Dataset& data, std::size_t classes, int passes) {
  const std::size_t width = data.features + 1;
  std::vector<double> weights(classes * width, 0.0);
  for (int pass = 0; pass < passes; ++pass) {
    int mistakes = 0;
    for (std::size_t i = 0; i < data.rows; ++i) {
      std::vector<double> x(&values(data)[i * data.features], &values(data)[i * data.features] + data.features);
      x.push_back(1);
      std::vector<double> scores(classes, 0.0);
      for (std::size_t k = 0; k < weights.size(); ++k) scores[k / width] += weights[k] * x[k % width];
      const auto guess = static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
      const auto label = static_cast<std::size_t>(data.labels[i]);
      if (guess == label) continue;
      ++mistakes;
      for (std::size_t j = 0; j < width; ++j) {
        weights[label * width + j] += x[j];
        weights[guess * width + j] -= x[j];
      }
    }
    if (mistakes == 0) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("synthetic rows stand device by device in equal shards", "[models][data][synthetic]") {
  // Hand computation: 103 rows over 10 devices: three of 11, seven of 10; 7 test rows: one for each of the first seven.
  const DataPair data = load({.devices = 10, .samples = 103, .test_samples = 7});
  CHECK(data.train.features == 60);
  CHECK(std::is_sorted(data.train.devices.begin(), data.train.devices.end()));
  CHECK(rows_per_device(data.train) == std::vector<std::size_t>{11, 11, 11, 10, 10, 10, 10, 10, 10, 10});
  CHECK(rows_per_device(data.test) == std::vector<std::size_t>(7, 1));
  CHECK(std::all_of(data.train.labels.begin(), data.train.labels.end(), [](double y) { return y >= 0 && y < 10 && y == std::floor(y); }));
  CHECK(load({.samples = {}, .test_samples = 0}).train.rows == 10000);
}

TEST_CASE("lognormal sizes of devices have the paper's law", "[models][data][synthetic]") {
  // Closed form: sizes are 50 + ⌊exp N(4, 2²)⌋, so size ≤ 104 means N < ln 55, of probability Φ(0.0037) = 0.5015, and size ≤ 453 means
  // N < ln 404, Φ(1.0007) = 0.8415. Of 2000 devices the counts have deviations 22.4 and 16.3; 6 of them: error probability 4·10⁻⁹.
  const DataPair data =
      load({.devices = 2000, .sizes = DeviceSizes::lognormal, .samples = {}, .features = 1, .classes = 2, .test_samples = 0});
  const std::vector<std::size_t> sizes = rows_per_device(data.train);
  REQUIRE(sizes.size() == 2000);
  CHECK(*std::min_element(sizes.begin(), sizes.end()) >= 50);
  const auto below = [&](std::size_t size) {
    return static_cast<double>(std::count_if(sizes.begin(), sizes.end(), [&](std::size_t s) { return s <= size; }));
  };
  CHECK(below(104) == Approx(1003).margin(6 * 22.4));
  CHECK(below(453) == Approx(1683).margin(6 * 16.3));
}

TEST_CASE("synthetic inputs have variances j^-1.2 around the device's centre", "[models][data][synthetic]") {
  // Closed form: over 20 000 rows of one device a sample variance has relative deviation √(2 / 20 000) = 1 %; 6 deviations, 4 features:
  // error probability 8·10⁻⁹.
  const DataPair data = load({.devices = 1, .samples = 20000, .features = 4, .classes = 2, .test_samples = 0});
  for (std::size_t j = 0; j < 4; ++j) {
    double sum = 0;
    double squares = 0;
    for (std::size_t i = 0; i < 20000; ++i) {
      const double x = values(data.train)[i * 4 + j];
      sum += x;
      squares += x * x;
    }
    const double mean = sum / 20000;
    CHECK(squares / 20000 - mean * mean == Approx(std::pow(static_cast<double>(j + 1), -1.2)).epsilon(0.06));
  }
}

TEST_CASE("beta is the variance of the devices' mean inputs", "[models][data][synthetic]") {
  // Closed form: the mean over 60 features and two rows of a device has variance β + 1/60 + Σ_j j^−1.2 / (2 · 60²) = β + 0.0171. Over 400
  // devices the sample mean of squares has relative deviation √(2 / 400) = 7.1 %; 6 deviations: error probability 2·10⁻⁹ each.
  for (const double beta : {0.0, 4.0}) {
    const DataPair data = load({.beta = beta, .devices = 400, .samples = 800, .test_samples = 0});
    double squares = 0;
    for (std::size_t k = 0; k < 400; ++k) {
      double mean = 0;
      for (std::size_t cell = k * 120; cell < (k + 1) * 120; ++cell) mean += values(data.train)[cell] / 120;
      squares += mean * mean / 400;
    }
    CHECK(squares == Approx(beta + 0.0171).epsilon(6 * 0.071));
  }
}

TEST_CASE("each device has a linear model of its own", "[models][data][synthetic]") {
  // Perceptron convergence (Novikoff, 1962): labels that are the argmax of affine scores are separated after finitely many mistakes. The
  // rows of one device are, those of eight devices with models drawn apart are not.
  const SyntheticData one{.devices = 1, .samples = 150, .features = 4, .classes = 3, .test_samples = 50};
  DataPair data = load(one);
  REQUIRE(distinct_labels(data).size() == 3);
  CHECK(perceptron_separates(data.train, 3, 20000));
  CHECK_FALSE(perceptron_separates(load({.devices = 8, .samples = 150, .features = 4, .classes = 3}).train, 3, 2000));
  // Test rows follow the same model: together with the training rows they are still separable.
  data.train.labels.insert(data.train.labels.end(), data.test.labels.begin(), data.test.labels.end());
  auto& x = std::get<DenseReals>(data.train.x).values;
  x.insert(x.end(), values(data.test).begin(), values(data.test).end());
  data.train.rows += data.test.rows;
  CHECK(perceptron_separates(data.train, 3, 20000));
}

TEST_CASE("alpha changes no label", "[models][data][synthetic]") {
  // Invariant of the paper's definition: u_k adds u_k (1 + Σ_j x_j) to the scores of all classes, which leaves their order.
  const DataPair none = load({.alpha = 0, .samples = 500});
  const DataPair large = load({.alpha = 100, .samples = 500});
  CHECK(values(none.train) == values(large.train));
  CHECK(none.train.labels == large.train.labels);
  CHECK(none.test.labels == large.test.labels);
}

TEST_CASE("a synthetic device's laws depend on the seed and its number alone", "[models][data][synthetic]") {
  // Device 0 holds rows 0 … 4 of both, with the same labels; another seed gives others.
  const DataPair few = load({.devices = 2, .samples = 10, .test_samples = 2});
  const DataPair many = load({.devices = 20, .samples = 100, .test_samples = 20});
  CHECK(std::equal(values(few.train).begin(), values(few.train).begin() + 5 * 60, values(many.train).begin()));
  CHECK(std::equal(few.train.labels.begin(), few.train.labels.begin() + 5, many.train.labels.begin()));
  CHECK(values(few.test) == std::vector<double>(values(many.test).begin(), values(many.test).begin() + 2 * 60));
  CHECK(values(few.train) != values(load({.devices = 2, .samples = 10}, 2).train));
}

TEST_CASE("wrong synthetic options are refused", "[models][data][synthetic]") {
  const auto error = [](const Json& json) { return input_error([&] { (void)parse_options<SyntheticData>(json, Place{"f", "/d"}); }); };
  CHECK(error({{"devices", 30}, {"samples", 29}}) == "f: /d/devices: must be ≤ samples (each device has a row), got 30 and 29 samples");
  CHECK(error({{"sizes", "lognormal"}, {"samples", 1000}}) ==
        "f: /d/samples: goes with equal sizes: lognormal ones are drawn for each device, got 1000");
  CHECK(error({{"beta", -1}}) == "f: /d/beta: must be ≥ 0 and ≤ 1000000, got -1");
  CHECK(error({{"samples", 1000000}, {"features", 1074}}) ==
        "f: /d/samples: asks with test_samples and features for 1.075e+09 numbers; the limit is 1.074e+09 (8 GiB)");
  // 1000 devices of at least 50 rows could be within the limit, but they are drawn with 453 rows on average.
  const SyntheticData many{
      .devices = 1000, .sizes = DeviceSizes::lognormal, .samples = {}, .features = 20000, .classes = 2, .test_samples = 0};
  many.validate(Place{"f", "/d"});
  CHECK_THAT(input_error([&] { (void)load(many); }),
             ContainsSubstring("mine.json: /task/data/devices: asks with test_samples and features for"));
}
