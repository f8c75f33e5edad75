#include "algorithms/aggregation/coordinate_median.hpp"

#include <algorithm>
#include <limits>

#include "algorithms/aggregation/contributions.hpp"
#include "tests/algorithms/aggregation/vectors.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

std::vector<double> median(Space& s, std::vector<Vector> values) {
  VectorContributions contributions(std::move(values));
  CoordinateMedian aggregator;
  return values_of(aggregator.aggregate(s.space, contributions));
}

}  // namespace

TEST_CASE("the median of an odd number is the middle one, of an even number the mean of the middle two", "[algorithms][aggregation]") {
  // Hand computation.
  for (const Precision precision : kPrecisions) {
    Space s(precision, 3);
    const Vector a = s.vector({1, -5, 7});
    const Vector b = s.vector({2, 10, 7});
    const Vector c = s.vector({900, 0, -7});
    const Vector d = s.vector({3, -1, 8});
    CHECK(median(s, {a}) == std::vector<double>{1, -5, 7});
    CHECK(median(s, {a, b}) == std::vector<double>{1.5, 2.5, 7});
    CHECK(median(s, {a, b, c}) == std::vector<double>{2, 0, 7});
    CHECK(median(s, {a, b, c, d}) == std::vector<double>{2.5, -0.5, 7});
  }
  CHECK(CoordinateMedian().holds_all());
}

TEST_CASE("the network finds the median of every arrangement", "[algorithms][aggregation]") {
  // Zero-one principle (Knuth 5.3.4, Theorem Z): a comparator network that is right for all 2^n vectors of zeros and ones is right for all
  // inputs. Coordinate j of row i is the bit i of j; its median is 0, 1/2 or 1 by the number of ones.
  for (std::size_t n = 1; n <= 13; ++n) {
    const std::size_t d = std::size_t{1} << n;
    Space s(Precision::float32, d);
    std::vector<Vector> rows;
    for (std::size_t i = 0; i < n; ++i) {
      std::vector<double> row(d);
      for (std::size_t j = 0; j < d; ++j) row[j] = static_cast<double>(j >> i & 1U);
      rows.push_back(s.vector(row));
    }
    const std::vector<double> out = median(s, rows);
    std::size_t wrong = 0;
    for (std::size_t j = 0; j < d; ++j) {
      const auto ones = static_cast<std::size_t>(__builtin_popcountll(j));
      wrong += out[j] == (2 * ones > n ? 1.0 : 2 * ones < n ? 0.0 : 0.5) ? 0 : 1;
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("the median of many contributions is what sorting gives, for any number of threads", "[algorithms][aggregation]") {
  // Oracle: std::sort, coordinate by coordinate. The dimension makes several chunks, the last block partly filled.
  for (const Precision precision : kPrecisions) {
    for (const std::size_t n : {16U, 33U, 100U}) {
      const std::size_t d = n == 16 ? 140001 : 300;
      Space s(precision, d, n == 16 ? 3 : 1);
      std::vector<Vector> rows;
      std::vector<std::vector<double>> values;
      for (std::size_t i = 0; i < n; ++i) {
        rows.push_back(s.vector(scattered(d, static_cast<double>(i * i))));
        values.push_back(values_of(rows.back()));
      }
      const std::vector<double> out = median(s, rows);
      std::size_t wrong = 0;
      for (std::size_t j = 0; j < d; j += d / 300) {
        std::vector<double> column;
        for (const std::vector<double>& row : values) column.push_back(row[j]);
        std::sort(column.begin(), column.end());
        const double exact = (column[(n - 1) / 2] + column[n / 2]) / 2;
        wrong += out[j] == (precision == Precision::float32 ? static_cast<double>(static_cast<float>(exact)) : exact) ? 0 : 1;
      }
      CHECK(wrong == 0);
    }
  }
}

TEST_CASE("contributions that are not finite are left out of the median", "[algorithms][aggregation]") {
  // Contract and hand computation: one bad coordinate drops the whole row; a mean of the middle two of huge numbers does not overflow.
  for (const Precision precision : kPrecisions) {
    Space s(precision, 2);
    CHECK(median(s, {s.vector({kNan, 100}), s.vector({1, 2}), s.vector({5, -kInf}), s.vector({3, 4})}) == std::vector<double>{2, 3});
    const double huge = precision == Precision::float32 ? 3e38 : 1.7e308;
    const std::vector<double> rounded = values_of(s.vector({huge, -huge}));
    CHECK(median(s, {s.vector({huge, -huge}), s.vector({huge, -huge})}) == rounded);
    CHECK_THROWS_AS(median(s, {s.vector({kNan, 1}), s.vector({1, kInf})}), Failure);
    CHECK_THROWS_WITH(median(s, {s.vector({kNan, 1}), s.vector({1, kInf})}), Catch::Matchers::ContainsSubstring("all 2 contributions"));
  }
}

TEST_CASE("a median of zeros is plus zero in every order", "[algorithms][aggregation]") {
  // Contract: −0 = +0, so only a rule makes the bits independent of the order.
  Space s(Precision::float64, 1);
  const Vector plus = s.vector({0.0});
  const Vector minus = s.vector({-0.0});
  for (const auto& rows :
       {std::vector{plus, minus, minus}, std::vector{minus, minus, plus}, std::vector{minus}, std::vector{minus, minus}}) {
    const double zero = median(s, rows).front();
    CHECK(zero == 0);
    CHECK(!std::signbit(zero));
  }
}
