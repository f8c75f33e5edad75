#include "models/convex/eigenvalues.hpp"

#include <cmath>
#include <numbers>

#include "tests/test.hpp"

namespace peloton {
namespace {

constexpr std::size_t kDimension = 60;

/// The second difference: 2 on the diagonal, −1 beside it. Its eigenvalues are 2 − 2 cos(kπ / (d + 1)), k = 1 … d.
std::vector<double> second_difference(const std::vector<double>& v) {
  std::vector<double> out(v.size());
  for (std::size_t i = 0; i < v.size(); ++i) out[i] = 2 * v[i] - (i > 0 ? v[i - 1] : 0) - (i + 1 < v.size() ? v[i + 1] : 0);
  return out;
}

double eigenvalue(std::size_t k) { return 2 - 2 * std::cos(static_cast<double>(k) * std::numbers::pi / (kDimension + 1)); }

}  // namespace

TEST_CASE("the largest eigenvalue of the second difference", "[models][convex]") {
  // Closed form; the largest eigenvalues lie close together, so that this is a hard case.
  const auto largest = largest_eigenvalue(second_difference, kDimension);
  REQUIRE(largest.has_value());
  CHECK(*largest == Approx(eigenvalue(kDimension)).epsilon(1e-6));
  const auto exact = largest_eigenvalue(second_difference, kDimension, 0);
  CHECK(exact.value() == Approx(eigenvalue(kDimension)).epsilon(1e-13));
}

TEST_CASE("the largest eigenvalue of special matrices", "[models][convex]") {
  // Closed form: a multiple of the identity takes one step, rank one two; the zero matrix has 0.
  int products = 0;
  const auto scaled = [&](const std::vector<double>& v) {
    ++products;
    std::vector<double> out(v);
    for (double& x : out) x *= 3;
    return out;
  };
  CHECK(largest_eigenvalue(scaled, 100).value() == Approx(3).epsilon(1e-14));
  CHECK(products == 1);
  const auto rank_one = [&](const std::vector<double>& v) {
    double sum = 0;
    for (const double x : v) sum += x;
    return std::vector<double>(v.size(), sum);
  };
  CHECK(largest_eigenvalue(rank_one, 100).value() == Approx(100).epsilon(1e-12));
  CHECK(largest_eigenvalue([](const std::vector<double>& v) { return std::vector<double>(v.size(), 0.0); }, 5) == 0.0);
}

TEST_CASE("too few steps give no largest eigenvalue", "[models][convex]") {
  CHECK_FALSE(largest_eigenvalue(second_difference, kDimension, 1e-6, 3).has_value());
}

TEST_CASE("both ends of a spectrum", "[models][convex]") {
  // Closed form.
  const EigenvalueRange range = eigenvalue_range(second_difference, kDimension);
  CHECK(range.smallest == Approx(eigenvalue(1)).epsilon(1e-11));
  CHECK(range.largest == Approx(eigenvalue(kDimension)).epsilon(1e-13));
}

}  // namespace peloton
