#include "models/data/blobs.hpp"

#include <algorithm>

#include "tests/models/data/files.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;
using Catch::Matchers::ContainsSubstring;

namespace {

DataPair load(const BlobsData& spec, std::uint64_t seed) { return spec.load({"", seed, {}}); }
const std::vector<double>& values(const Dataset& data) { return std::get<DenseReals>(data.x).values; }

double squared_distance(const double* a, const double* b, std::size_t size) {
  double sum = 0;
  for (std::size_t j = 0; j < size; ++j) sum += (a[j] - b[j]) * (a[j] - b[j]);
  return sum;
}

}  // namespace

TEST_CASE("blobs: shapes and balanced labels in turn", "[models][data][blobs]") {
  const DataPair data = load({.samples = 25, .features = 3, .classes = 10, .test_samples = 4}, 1);
  CHECK(data.train.rows == 25);
  CHECK(data.test.rows == 4);
  CHECK(data.test.features == 3);
  CHECK(values(data.train).size() == 75);
  CHECK(values(data.test).size() == 12);
  for (std::size_t i = 0; i < 25; ++i) CHECK(data.train.labels[i] == static_cast<double>(i % 10));
  CHECK(load({.test_samples = 0}, 1).test.rows == 0);
}

TEST_CASE("a blobs row depends on the seed and its number alone", "[models][data][blobs]") {
  // Invariant: more rows, of either set, leave the others as they are. Another seed changes everything, and no test row is a training row.
  const DataPair few = load({.samples = 40, .features = 5, .classes = 4, .test_samples = 10}, 7);
  const DataPair many = load({.samples = 400, .features = 5, .classes = 4, .test_samples = 30}, 7);
  CHECK(std::equal(values(few.train).begin(), values(few.train).end(), values(many.train).begin()));
  CHECK(std::equal(values(few.test).begin(), values(few.test).end(), values(many.test).begin()));
  const DataPair other = load({.samples = 40, .features = 5, .classes = 4, .test_samples = 10}, 8);
  for (std::size_t k = 0; k < values(few.train).size(); ++k) CHECK(values(few.train)[k] != values(other.train)[k]);
  for (std::size_t k = 0; k < values(few.test).size(); ++k) CHECK(values(few.train)[k] != values(few.test)[k]);
}

TEST_CASE("blobs: variance within a class and distance between classes", "[models][data][blobs]") {
  // Closed form. Rows of one class: half the squared difference of two features is spread² · χ²(1), here over 2 classes · 1000 pairs ·
  // 50 features, a mean with relative deviation √(2 / 10⁵) = 0.45 %; 6 deviations: error probability 2·10⁻⁹.
  const double spread = 3;
  const DataPair data = load({.samples = 4000, .features = 50, .classes = 2, .test_samples = 0, .spread = spread}, 11);
  const double* x = values(data.train).data();
  double within = 0;
  for (std::size_t i = 0; i < 4000; i += 4) {
    within += squared_distance(x + i * 50, x + (i + 2) * 50, 50);
    within += squared_distance(x + (i + 1) * 50, x + (i + 3) * 50, 50);
  }
  CHECK(within / (2 * 2000 * 50) == Approx(spread * spread).epsilon(6 * 0.0045));

  // Rows of two classes: E‖x₀ − x₁‖² = spread² (separation² + 2 features), and the squared distance is that times χ²(features) /
  // features, with relative deviation √(2 / 20000) = 1 %; 6 deviations.
  const BlobsData wide{.samples = 2, .features = 20000, .classes = 2, .test_samples = 0, .separation = 500, .spread = spread};
  const DataPair two = load(wide, 12);
  const double expected = spread * spread * (500.0 * 500 + 2 * 20000);
  CHECK(squared_distance(values(two.train).data(), values(two.train).data() + 20000, 20000) == Approx(expected).epsilon(6 * 0.01));
}

TEST_CASE("blobs without separation have one centre", "[models][data][blobs]") {
  // Closed form: the mean of 20000 · 10 standard normal features has deviation 1 / √200000 = 0.0022; 6 deviations.
  const DataPair data = load({.samples = 20000, .features = 10, .classes = 5, .test_samples = 0, .separation = 0}, 3);
  double sum = 0;
  for (const double value : values(data.train)) sum += value;
  CHECK(sum / 200000 == Approx(0).margin(6 * 0.0023));
}

TEST_CASE("blobs: options that make no data are refused", "[models][data][blobs]") {
  const auto error = [](const Json& json) { return input_error([&] { (void)parse_options<BlobsData>(json, Place{"f", "/d"}); }); };
  CHECK(error({{"samples", 9}}) == "f: /d/classes: must be ≤ samples (each class has a row), got 10 and 9 samples");
  CHECK_THAT(error({{"samples", 4294967295}, {"features", 1000}}),
             ContainsSubstring("f: /d/samples: asks with test_samples and features for 4.295e+12"));
  CHECK_THAT(error({{"samples", 0}}), ContainsSubstring("f: /d/samples: must be ≥ 1"));
  CHECK_THAT(error({{"spread", 0}}), ContainsSubstring("f: /d/spread: must be > 0"));
  CHECK(error({{"samples", 10}}).empty());
}
