#include "algorithms/optimizers/gradient_transform.hpp"

#include <cmath>
#include <limits>

#include "tests/algorithms/optimizers/bench.hpp"

using namespace peloton;
using test::first;
using test::Plane;
using test::second;

TEST_CASE("weight decay is added to the gradient, or acts beside the step", "[algorithms][optimizers]") {
  // Hand computation, x = (2, −4), g = (1, 1), λ = 1, η = 1/2; Adam's first step is η · sign(g).
  // Coupled: g + λx = (3, −3), x = (2 − 1/2, −4 + 1/2). Decoupled: x − ηλx = (1, −2), then − (1/2, 1/2).
  Plane b;
  const AdamOptions adam{.epsilon = 1e-300};
  Optimizer coupled({.law = adam, .weight_decay = 1, .decoupled = false}, b.space);
  const Vector x = coupled.step(b.vector(2, -4), b.vector(1, 1), 0.5);
  CHECK(first(x) == Approx(1.5).epsilon(1e-12));
  CHECK(second(x) == Approx(-3.5).epsilon(1e-12));
  Optimizer decoupled({.law = adam, .weight_decay = 1, .decoupled = true}, b.space);
  const Vector y = decoupled.step(b.vector(2, -4), b.vector(1, 1), 0.5);
  CHECK(first(y) == Approx(0.5).epsilon(1e-12));
  CHECK(second(y) == Approx(-2.5).epsilon(1e-12));
}

TEST_CASE("both ways of weight decay are one for plain SGD", "[algorithms][optimizers]") {
  // Closed form: x − η (g + λ x) = (1 − ηλ) x − η g; with η = λ = 1/2, x = (2, −4), g = (1, 1): (1, −7/2), exact in binary.
  Plane b;
  for (const bool apart : {false, true}) {
    Optimizer sgd({.law = SgdOptions{}, .weight_decay = 0.5, .decoupled = apart}, b.space);
    const Vector x = sgd.step(b.vector(2, -4), b.vector(1, 1), 0.5);
    CHECK(first(x) == 1);
    CHECK(second(x) == -3.5);
  }
}

TEST_CASE("longer gradients are scaled to the norm, after the weight decay is added", "[algorithms][optimizers]") {
  // Hand computation: ‖(3, 4)‖ = 5.
  Plane b;
  const auto stepped = [&b](double clip, double decay) {
    Optimizer sgd({.law = SgdOptions{}, .weight_decay = decay, .clip_norm = clip}, b.space);
    return decay == 0 ? sgd.step(b.vector(0, 0), b.vector(3, 4), 1) : sgd.step(b.vector(3, 0), b.vector(0, 4), 1);
  };
  CHECK(first(stepped(2.5, 0)) == -1.5);
  CHECK(second(stepped(2.5, 0)) == -2);
  CHECK(first(stepped(5, 0)) == -3);
  CHECK(second(stepped(1e9, 0)) == -4);
  // λ = 1, x = (3, 0), g = (0, 4): g + λx = (3, 4), halved; clipping before the decay would give x = (0, −5/2).
  CHECK(first(stepped(2.5, 1)) == 1.5);
  CHECK(second(stepped(2.5, 1)) == -2);
}

TEST_CASE("the clip factor at the ends of its range", "[algorithms][optimizers]") {
  const GradientTransform clip{.clip_norm = 2};
  CHECK(clip.clip_factor(0) == 1);
  CHECK(clip.clip_factor(2) == 1);
  CHECK(clip.clip_factor(8) == 0.25);
  CHECK(clip.clip_factor(std::numeric_limits<double>::infinity()) == 0);
  CHECK(GradientTransform{}.clip_factor(1e300) == 1);
}

TEST_CASE("the decay of one vector by another", "[algorithms][optimizers]") {
  // Hand computation, η = 1/2, λ = 1/2: y − x/4 = (10 − 1, 20 − 2). A coupled decay leaves the iterate alone.
  Plane b;
  const Vector x = b.vector(4, 8);
  Vector y = b.vector(10, 20);
  decay({.weight_decay = 0.5, .decoupled = false}, b.space.kernels(), 0.5, x.view(), y.write());
  CHECK(first(y) == 10);
  decay({.weight_decay = 0.5, .decoupled = true}, b.space.kernels(), 0.5, x.view(), y.write());
  CHECK(first(y) == 9);
  CHECK(second(y) == 18);
}
