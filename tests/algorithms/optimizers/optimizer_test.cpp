#include "algorithms/optimizers/optimizer.hpp"

#include <cmath>

#include "models/kernels/kernels.hpp"
#include "tests/test.hpp"

using namespace peloton;

namespace {

struct Bench {
  ThreadPool pool{1};
  VectorSpace space{Precision::float64, 2, find_kernels("auto"), pool};

  Vector vector(double a, double b) {
    Vector v = space.make();
    v.write().as<double>()[0] = a;
    v.write().as<double>()[1] = b;
    return v;
  }
};

double first(const Vector& v) { return v.view().as<double>()[0]; }
double second(const Vector& v) { return v.view().as<double>()[1]; }

}  // namespace

TEST_CASE("sgd steps against the gradient and leaves shared iterates alone", "[algorithms][optimizers]") {
  Bench b;
  const auto sgd = make_optimizer(SgdOptions{}, b.space);
  const Vector x = b.vector(1, 2);
  const Vector y = sgd->step(x, b.vector(2, -2), 0.5);
  CHECK(first(y) == 0);
  CHECK(second(y) == 3);
  CHECK(first(x) == 1);
  Vector own = b.vector(1, 2);
  const void* block = own.identity();
  own = sgd->step(std::move(own), b.vector(2, -2), 0.5);
  CHECK(own.identity() == block);
}

TEST_CASE("momentum follows v ← βv + g, x ← x − ηv", "[algorithms][optimizers]") {
  // g = 1 at every step, β = 1/2, η = 1: v = 1, 3/2, 7/4; x = −1, −5/2, −17/4. All exact in binary.
  Bench b;
  const auto momentum = make_optimizer(MomentumOptions{.beta = 0.5}, b.space);
  Vector x = b.vector(0, 0);
  for (const double expected : {-1.0, -2.5, -4.25}) {
    x = momentum->step(std::move(x), b.vector(1, 0), 1);
    CHECK(first(x) == expected);
    CHECK(second(x) == 0);
  }
}

TEST_CASE("adam's first steps", "[algorithms][optimizers]") {
  // With bias correction, step 1 moves by η g / (|g| + ε). Step 2 with g₁ = 1, g₂ = 3: m = β₁(1−β₁) + 3(1−β₁) = 0.39,
  // v = 0.999·0.001 + 9·0.001 = 0.009999; m̂ = 0.39/0.19, v̂ = 0.009999/0.001999.
  Bench b;
  const auto adam = make_optimizer(AdamOptions{}, b.space);
  Vector x = b.vector(0, 0);
  x = adam->step(std::move(x), b.vector(1, -4), 0.1);
  CHECK(first(x) == Approx(-0.1 / (1 + 1e-8)).epsilon(1e-12));
  CHECK(second(x) == Approx(0.1 * 4 / (4 + 1e-8)).epsilon(1e-12));
  const double before = first(x);
  x = adam->step(std::move(x), b.vector(3, 0), 0.1);
  CHECK(first(x) - before == Approx(-0.1 * (0.39 / 0.19) / (std::sqrt(0.009999 / 0.001999) + 1e-8)).epsilon(1e-10));
}

TEST_CASE("the declared state vectors are those an optimiser allocates", "[algorithms][optimizers]") {
  for (const OptimizerSpec& spec : {OptimizerSpec(SgdOptions{}), OptimizerSpec(MomentumOptions{}), OptimizerSpec(AdamOptions{})}) {
    Bench b;
    const auto optimizer = make_optimizer(spec, b.space);
    CHECK(b.space.live() == state_vectors(spec));
  }
}
