#include "models/data/linear.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "tests/models/data/files.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

DataPair load(const LinearData& spec, std::uint64_t seed) { return spec.load({"", seed, {}}); }

Eigen::Map<const Matrix> matrix(const Dataset& data) {
  return {std::get<DenseReals>(data.x).values.data(), static_cast<Eigen::Index>(data.rows), static_cast<Eigen::Index>(data.features)};
}
Eigen::Map<const Eigen::VectorXd> response(const Dataset& data) {
  return {data.labels.data(), static_cast<Eigen::Index>(data.labels.size())};
}

}  // namespace

TEST_CASE("linear data without noise come from one vector of norm 1", "[models][data][linear]") {
  // Reference implementation: Eigen's least squares finds x* from the training rows; the test rows follow it too.
  const DataPair data = load({.samples = 50, .features = 8, .noise = 0, .test_samples = 20}, 5);
  const Eigen::VectorXd solution = matrix(data.train).colPivHouseholderQr().solve(response(data.train));
  CHECK(solution.norm() == Approx(1).epsilon(1e-12));
  CHECK((matrix(data.train) * solution - response(data.train)).norm() < 1e-12);
  CHECK((matrix(data.test) * solution - response(data.test)).norm() < 1e-12);
}

TEST_CASE("linear data have the noise that is asked for", "[models][data][linear]") {
  // Closed form: the residuals' sum of squares is noise² · χ²(n − d), of relative deviation √(2 / 9990) = 1.4 %; 6 deviations. The
  // features' mean square is χ²(10⁵) / 10⁵: 0.45 %; 6 deviations. Error probability 4·10⁻⁹ together.
  const DataPair data = load({.samples = 10000, .features = 10, .noise = 0.5, .test_samples = 0}, 6);
  const Eigen::VectorXd solution = matrix(data.train).colPivHouseholderQr().solve(response(data.train));
  CHECK((matrix(data.train) * solution - response(data.train)).squaredNorm() / 9990 == Approx(0.25).epsilon(6 * 0.0142));
  CHECK(matrix(data.train).squaredNorm() / 100000 == Approx(1).epsilon(6 * 0.0045));
  CHECK(data.test.rows == 0);
}

TEST_CASE("linear data have the condition number that is asked for", "[models][data][linear]") {
  // Closed form: the features' variances fall geometrically by 100 in all, √(2 / 20000) = 1 % is the relative deviation of each sample
  // variance; off the diagonal correlations deviate by 0.7 %. The signal keeps variance 1, and x* norm 1. 6 deviations, 16 numbers: error
  // probability 3·10⁻⁸.
  const DataPair data = load({.samples = 20000, .features = 5, .noise = 0, .test_samples = 0, .condition = 100}, 4);
  const Eigen::MatrixXd covariance = matrix(data.train).transpose() * matrix(data.train) / 20000;
  for (Eigen::Index j = 0; j < 5; ++j) {
    CHECK(covariance(j, j) / covariance(0, 0) == Approx(std::pow(100, -static_cast<double>(j) / 4)).epsilon(6 * 0.0142));
    for (Eigen::Index k = 0; k < j; ++k) CHECK(std::abs(covariance(j, k)) < 0.043 * std::sqrt(covariance(j, j) * covariance(k, k)));
  }
  CHECK(response(data.train).squaredNorm() / 20000 == Approx(1).epsilon(0.06));
  CHECK(matrix(data.train).colPivHouseholderQr().solve(response(data.train)).norm() == Approx(1).epsilon(1e-12));
  CHECK(input_error([&] {
          (void)parse_options<LinearData>({{"features", 1}, {"condition", 2}}, Place{"f", "/d"});
        }) == "f: /d/condition: must be 1 with one feature (one eigenvalue), got 2");
}

TEST_CASE("sign labels are the signs of the real ones", "[models][data][linear]") {
  // Reduction: the same draws, so the same features, and labels −1 or 1.
  const DataPair real = load({.samples = 200, .features = 4, .noise = 1}, 9);
  const DataPair sign = load({.samples = 200, .features = 4, .noise = 1, .labels = LinearLabels::sign}, 9);
  CHECK(std::get<DenseReals>(real.train.x).values == std::get<DenseReals>(sign.train.x).values);
  for (std::size_t i = 0; i < 200; ++i) CHECK(sign.train.labels[i] == (real.train.labels[i] >= 0 ? 1 : -1));
  CHECK(distinct_labels(sign) == std::vector<double>{-1, 1});
}

TEST_CASE("a linear row depends on the seed and its number alone", "[models][data][linear]") {
  const DataPair few = load({.samples = 10, .features = 4, .test_samples = 5}, 2);
  const DataPair many = load({.samples = 100, .features = 4, .test_samples = 50}, 2);
  CHECK((matrix(few.train) - matrix(many.train).topRows(10)).norm() == 0);
  CHECK((matrix(few.test) - matrix(many.test).topRows(5)).norm() == 0);
  CHECK(std::equal(few.train.labels.begin(), few.train.labels.end(), many.train.labels.begin()));
  CHECK((matrix(few.train) - matrix(load({.samples = 10, .features = 4}, 3).train)).cwiseAbs().minCoeff() > 0);
  CHECK((matrix(few.train).topRows(5) - matrix(few.test)).cwiseAbs().minCoeff() > 0);
}

TEST_CASE("more linear data than memory could hold are refused", "[models][data][linear]") {
  const Json json = {{"samples", 1000000}, {"test_samples", 0}, {"features", 1074}};
  CHECK(input_error([&] {
          (void)parse_options<LinearData>(json, Place{"f", "/d"});
        }) == "f: /d/samples: asks with test_samples and features for 1.074e+09 numbers; the limit is 1.074e+09 (8 GiB)");
}
