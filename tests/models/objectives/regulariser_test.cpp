#include "models/objectives/regulariser.hpp"

#include <vector>

#include "models/kernels/kernels.hpp"
#include "tests/test.hpp"

namespace peloton {

TEMPLATE_TEST_CASE("both regularisers, by hand", "[models][objectives][regulariser]", float, double) {
  // x = (1, −2, 0), ‖x‖² = 5: l2/2 · 5 = 1 with l2 = 0.4. Σ x²/(1 + x²) = ½ + ⅘ = 1.3.
  // Gradients: 0.4 x = (0.4, −0.8, 0); 2x/(1 + x²)² = (½, −4/25, 0), doubled (1, −0.32, 0). Added to (10, 10, 10).
  const KernelSet<TestType>& kernels = find_kernels("reference").get<TestType>();
  const std::vector<TestType> x{1, -2, 0};
  const double precision = sizeof(TestType) == sizeof(float) ? 1e-6 : 1e-14;
  const auto gradient = [&](const Regulariser& r) {
    std::vector<TestType> out{10, 10, 10};
    r.add_gradient(std::span<const TestType>(x), kernels, out.data());
    return out;
  };
  const auto value = [&](const Regulariser& r) { return r.value(std::span<const TestType>(x), kernels); };

  CHECK(value({.l2 = 0.4}) == Approx(1).epsilon(precision));
  CHECK(value({.nonconvex = 2}) == Approx(2.6).epsilon(precision));
  CHECK(value({.l2 = 0.4, .nonconvex = 2}) == Approx(3.6).epsilon(precision));
  CHECK(value({}) == 0);

  const std::vector<TestType> both = gradient({.l2 = 0.4, .nonconvex = 2});
  CHECK(both[0] == Approx(11.4).epsilon(precision));
  CHECK(both[1] == Approx(8.88).epsilon(precision));
  CHECK(both[2] == 10);
  CHECK(gradient({.nonconvex = 2})[1] == Approx(9.68).epsilon(precision));
  CHECK(gradient({}) == std::vector<TestType>{10, 10, 10});
}

TEST_CASE("the non-convex regulariser is bounded by its weight per coordinate", "[models][objectives][regulariser]") {
  // Closed form: x²/(1 + x²) → 1 and its gradient → 0, also where x² overflows float32.
  const KernelSet<float>& kernels = find_kernels("reference").get<float>();
  const std::vector<float> x{1e30F, -1e30F};
  std::vector<float> gradient(2, 0.0F);
  const Regulariser regulariser{.nonconvex = 3};
  regulariser.add_gradient(std::span<const float>(x), kernels, gradient.data());
  CHECK(regulariser.value(std::span<const float>(x), kernels) == 6);
  CHECK(gradient == std::vector<float>{0, 0});
}

}  // namespace peloton
