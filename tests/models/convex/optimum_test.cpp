#include "models/convex/optimum.hpp"

#include <Eigen/Dense>
#include <cmath>

#include "models/kernels/kernels.hpp"
#include "models/objectives/make_objective.hpp"
#include "tests/models/objectives/small_data.hpp"
#include "tests/test.hpp"

namespace peloton {
namespace {

using Vector80 = Eigen::Matrix<long double, Eigen::Dynamic, 1>;
using Matrix80 = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;

/// Overlapping classes: label 1 for 8 of the 12 rows on the right of a line and 4 on its left.
std::shared_ptr<const DataPair> overlapping() {
  std::vector<double> rows;
  std::vector<double> labels;
  for (int i = 0; i < 24; ++i) {
    rows.push_back(std::sin(1.0 + 7.3 * i) + (i % 2 == 0 ? 0.6 : -0.6));
    rows.push_back(0.3 * std::cos(2.0 + 3.7 * i));
    labels.push_back((i % 2 == 0) == (i % 6 < 4) ? 1 : 0);
  }
  return test::hand_data(2, std::move(rows), std::move(labels));
}

/// x* of logistic regression without intercept and f*, by Newton's method in 80 bits.
std::pair<Vector80, long double> newton(const DataPair& data, long double l2) {
  const auto& values = std::get<DenseReals>(data.train.x).values;
  const auto d = static_cast<Eigen::Index>(data.train.features);
  const auto n = static_cast<long double>(data.train.rows);
  Vector80 x = Vector80::Zero(d);
  long double value = 0;
  for (int iteration = 0; iteration < 50; ++iteration) {
    Vector80 gradient = l2 * x;
    Matrix80 hessian = l2 * Matrix80::Identity(d, d);
    value = l2 / 2 * x.squaredNorm();
    for (std::size_t i = 0; i < data.train.rows; ++i) {
      Vector80 a(d);
      for (Eigen::Index j = 0; j < d; ++j) a[j] = values[i * data.train.features + static_cast<std::size_t>(j)];
      if (data.train.labels[i] == 0) a = -a;
      const long double p = 1 / (1 + std::exp(a.dot(x)));
      gradient -= p / n * a;
      hessian += p * (1 - p) / n * a * a.transpose();
      value += std::log1p(std::exp(-a.dot(x))) / n;
    }
    x -= hessian.ldlt().solve(gradient);
  }
  return {x, value};
}

Optimum found(const ModelSpec& model, const std::shared_ptr<const DataPair>& data, double mu, std::size_t iterations = 1000) {
  const auto objective = make_objective(model, data, Precision::float64, find_kernels("auto"), {});
  ThreadPool pool(2);
  return find_optimum(*objective, {.mu = mu, .iterations = iterations}, pool);
}

}  // namespace

TEST_CASE("the optimum of logistic regression is Newton's", "[models][convex]") {
  // Oracle: an independent method in higher precision, with and without a regulariser (the classes overlap).
  const auto data = overlapping();
  for (const double l2 : {0.0, 1e-3, 0.5}) {
    const auto [x, value] = newton(*data, l2);
    const Optimum optimum = found(LogisticOptions{.l2 = l2}, data, l2);
    INFO(optimum.missing);
    REQUIRE(optimum.x.has_value());
    CHECK(optimum.missing.empty());
    CHECK(optimum.value == Approx(static_cast<double>(value)).epsilon(1e-13));
    for (std::size_t j = 0; j < 2; ++j) CHECK(std::abs((*optimum.x)[j] - static_cast<double>(x[static_cast<Eigen::Index>(j)])) < 2e-7);
  }
}

TEST_CASE("softmax with two classes has the optimum of logistic regression", "[models][convex]") {
  // Reduction: w = w_1 − w_0 and w_1 = −w_0 at the optimum, so that l2/2 (‖w_0‖² + ‖w_1‖²) = (l2/2)/2 ‖w‖².
  const auto data = overlapping();
  const Optimum softmax = found(SoftmaxOptions{.l2 = 0.02, .intercept = false}, data, 0.02);
  const Optimum logistic = found(LogisticOptions{.l2 = 0.01}, data, 0.01);
  REQUIRE((softmax.x && logistic.x));
  CHECK(softmax.value == Approx(logistic.value).epsilon(1e-13));
  for (std::size_t j = 0; j < 2; ++j) {
    const double difference = (*softmax.x)[2 * j + 1] - (*softmax.x)[2 * j];
    CHECK(difference == Approx((*logistic.x)[j]).epsilon(1e-6));
  }
}

TEST_CASE("separable classes have no optimum", "[models][convex]") {
  // Invariant: f → 0 along w = t → ∞ in the first set. The second is separable in its second feature alone, which only one class has.
  for (const auto& data : {test::hand_data(1, {-2, -1, 1, 3}, {0, 0, 1, 1}), test::hand_data(2, {1, 0, 1, 0, 0, 1}, {0, 1, 1})}) {
    const Optimum optimum = found(LogisticOptions{}, data, 0);
    CHECK_FALSE(optimum.x.has_value());
    CHECK_THAT(optimum.missing, Catch::Matchers::ContainsSubstring("not found: "));
    const Optimum regularised = found(LogisticOptions{.l2 = 0.01}, data, 0.01);
    CHECK(regularised.x.has_value());
  }
  const Optimum softmax = found(SoftmaxOptions{}, test::hand_data(1, {0, 0.1, 1, 1.1, 2, 2.1}, {0, 0, 1, 1, 2, 2}), 0);
  CHECK_FALSE(softmax.x.has_value());
}

TEST_CASE("a feature that one class alone has leaves no optimum, however little of it there is", "[models][convex]") {
  // Invariant: f falls for ever along the last weight. One row of 400 has the feature, among overlapping ones that would have a minimiser
  // without it; and the iteration, which takes long steps where f is flat, ends at a point where nothing seems to move any more.
  for (const bool with : {false, true}) {
    std::vector<double> rows;
    std::vector<double> labels;
    for (int i = 0; i < 400; ++i) {
      rows.insert(rows.end(), {std::sin(1.0 + 7.3 * i) + (i % 2 == 0 ? 0.6 : -0.6), 1, with && i == 17 ? 1.0 : 0.0});
      labels.push_back((i % 2 == 0) == (i % 6 < 4) ? 1 : 0);
    }
    const auto data = test::hand_data(3, std::move(rows), std::move(labels));
    for (const ModelSpec& model : {ModelSpec(LogisticOptions{}), ModelSpec(SoftmaxOptions{.intercept = false})}) {
      INFO(model.kind() << (with ? " with" : " without"));
      const Optimum optimum = found(model, data, 0);
      INFO(optimum.missing);
      CHECK(optimum.x.has_value() == !with);
    }
  }
}

TEST_CASE("features that depend on each other leave an optimum", "[models][convex]") {
  // Reduction: a feature given twice has the optimum of √2 times the feature; f is flat along their difference, where no data are.
  const auto data = overlapping();
  std::vector<double> twice;
  std::vector<double> stretched;
  const auto& values = std::get<DenseReals>(data->train.x).values;
  for (std::size_t i = 0; i < data->train.rows; ++i) {
    twice.insert(twice.end(), {values[2 * i], values[2 * i], values[2 * i + 1]});
    stretched.insert(stretched.end(), {std::sqrt(2.0) * values[2 * i], values[2 * i + 1]});
  }
  const Optimum singular = found(LogisticOptions{}, test::hand_data(3, std::move(twice), data->train.labels), 0);
  const Optimum regular = found(LogisticOptions{}, test::hand_data(2, std::move(stretched), data->train.labels), 0);
  INFO(singular.missing);
  REQUIRE((singular.x && regular.x));
  CHECK(singular.value == Approx(regular.value).epsilon(1e-13));
  CHECK((*singular.x)[0] == Approx((*regular.x)[0] / std::sqrt(2.0)).epsilon(1e-6));
  CHECK((*singular.x)[1] == Approx((*singular.x)[0]).epsilon(1e-6));
}

TEST_CASE("without strong convexity nothing is sought in many dimensions", "[models][convex]") {
  const Optimum optimum = found(LogisticOptions{}, test::small_data(test::Storage::sparse, 20, 1001, 2), 0);
  CHECK_FALSE(optimum.x.has_value());
  CHECK_THAT(optimum.missing, Catch::Matchers::ContainsSubstring("at most 1000 dimensions"));
}

TEST_CASE("too few iterations find no optimum", "[models][convex]") {
  const Optimum optimum = found(LogisticOptions{.l2 = 1e-3}, overlapping(), 1e-3, 2);
  CHECK_FALSE(optimum.x.has_value());
  CHECK_THAT(optimum.missing, Catch::Matchers::ContainsSubstring("after 2 iterations of L-BFGS"));
}

}  // namespace peloton
