#include "algorithms/optimizers/optimizer.hpp"

#include <cmath>
#include <cstring>

#include "tests/algorithms/optimizers/bench.hpp"

using namespace peloton;
using test::first;
using test::Plane;
using test::second;

namespace {

OptimizerSpec parsed(const std::string& text) { return OptionType<OptimizerSpec>::parse(Json::parse(text), {"test", ""}); }

const std::vector<OptimizerLaw> kLaws = {SgdOptions{},  MomentumOptions{}, NesterovOptions{},
                                         AdamOptions{}, AmsgradOptions{},  AdagradOptions{.initial_accumulator = 0.5}};

const std::vector<GradientTransform> kTransforms = {
    {},
    {.weight_decay = 0.25, .decoupled = false, .clip_norm = 3.0},
    {.weight_decay = 0.25, .decoupled = true, .clip_norm = std::nullopt},
    {.weight_decay = 0.25, .decoupled = true, .clip_norm = 3.0},
};

OptimizerSpec combined(const OptimizerLaw& law, const GradientTransform& t) {
  return {.law = law, .weight_decay = t.weight_decay, .decoupled = t.decoupled, .clip_norm = t.clip_norm};
}

/// Numbers of both signs and several sizes, different in every step.
template <class T>
void fill(MutableView v, int step) {
  const std::span<T> to = v.as<T>();
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = static_cast<T>(std::sin(0.37 * static_cast<double>(i) + step) / (1 + step));
}

/// Whether three steps of the optimiser give the bytes of transform_gradient, decay and the rule on one thread over the whole vector.
template <class T>
bool agrees_with_rule(const OptimizerSpec& spec, std::size_t dimension, std::size_t threads) {
  ThreadPool pool(threads);
  const Kernels& kernels = find_kernels("auto");
  VectorSpace space(sizeof(T) == 4 ? Precision::float32 : Precision::float64, dimension, kernels, pool);
  Optimizer optimizer(spec, space);
  const std::unique_ptr<OptimizerRule> rule = make_optimizer_rule(spec);
  const GradientTransform transform = gradient_transform(spec);

  Vector x = space.make();
  fill<T>(x.write(), 0);
  Vector expected = space.copy(x);
  std::vector<Vector> states(rule->states());
  std::vector<MutableView> views;
  for (Vector& state : states) {
    state = space.zeros();
    views.push_back(state.write());
  }
  for (int t = 1; t <= 3; ++t) {
    const double eta = 0.1 / t;
    Vector g = space.make();
    fill<T>(g.write(), t);
    x = optimizer.step(std::move(x), g, eta);
    transform_gradient(transform, kernels, expected.view(), g.write());
    decay(transform, kernels, eta, expected.view(), expected.write());
    rule->step(kernels, {.learning_rate = eta, .number = t}, g.view(), views, expected.view(), expected.write());
  }
  return std::memcmp(x.view().data, expected.view().data, dimension * sizeof(T)) == 0;
}

}  // namespace

TEST_CASE("an optimiser is its rule on the whole vector, bit for bit, on any number of threads", "[algorithms][optimizers]") {
  // Oracle: the same arithmetic by other means, on vectors that are one chunk, and several with a rest; the longest is spread over threads.
  for (const OptimizerLaw& law : kLaws) {
    for (const GradientTransform& transform : kTransforms) {
      const OptimizerSpec spec = combined(law, transform);
      CAPTURE(law.kind(), transform.weight_decay, transform.decoupled, transform.clip_norm.has_value());
      CHECK(agrees_with_rule<float>(spec, 7, 1));
      CHECK(agrees_with_rule<double>(spec, 50'000, 1));
      CHECK(agrees_with_rule<float>(spec, 50'000, 3));
      CHECK(agrees_with_rule<float>(spec, 140'001, 3));
    }
  }
}

TEST_CASE("an optimiser leaves shared iterates and the gradient alone, and works in place on others", "[algorithms][optimizers]") {
  // Invariant; oracle of the values: the step in place.
  for (const OptimizerLaw& law : kLaws) {
    for (const GradientTransform& transform : kTransforms) {
      CAPTURE(law.kind(), transform.weight_decay, transform.decoupled);
      Plane b;
      Optimizer shared(combined(law, transform), b.space);
      Optimizer owner(combined(law, transform), b.space);
      const Vector x = b.vector(1, 2);
      const Vector g = b.vector(20, -20);
      const Vector y = shared.step(x, g, 0.5);
      CHECK(first(x) == 1);
      CHECK(second(x) == 2);
      CHECK(first(g) == 20);
      CHECK(second(g) == -20);
      Vector own = b.vector(1, 2);
      const void* block = own.identity();
      own = owner.step(std::move(own), g, 0.5);
      CHECK(own.identity() == block);
      CHECK(first(own) == first(y));
      CHECK(second(own) == second(y));
    }
  }
}

TEST_CASE("the declared state vectors are those an optimiser allocates", "[algorithms][optimizers]") {
  // Oracle: the vectors of the formulas.
  const std::vector<std::size_t> expected = {0, 1, 1, 2, 3, 1};
  for (std::size_t i = 0; i < kLaws.size(); ++i) {
    Plane b;
    const OptimizerSpec spec = test::optimizer(kLaws[i]);
    const Optimizer optimizer(spec, b.space);
    CHECK(state_vectors(spec) == expected[i]);
    CHECK(b.space.live() == expected[i]);
  }
}

TEST_CASE("an idle transform copies nothing", "[algorithms][optimizers]") {
  // x, g and the velocity are all the vectors there ever are; a gradient that is not clipped is not copied either.
  for (const std::optional<double> clip : {std::optional<double>(), std::optional(100.0)}) {
    Plane b;
    Optimizer optimizer({.law = MomentumOptions{}, .clip_norm = clip}, b.space);
    Vector x = b.vector(1, 2);
    const Vector g = b.vector(3, 4);
    x = optimizer.step(std::move(x), g, 0.1);
    CHECK(b.space.peak() == 3);
  }
}

TEST_CASE("a restored optimiser goes on as the saved one", "[algorithms][optimizers]") {
  // Invariant. Adam's step depends on its number, AMSGrad has the most states.
  for (const OptimizerLaw& law : kLaws) {
    Plane b;
    Optimizer saved(test::optimizer(law), b.space);
    Vector x = b.vector(1, 2);
    x = saved.step(std::move(x), b.vector(3, -4), 0.1);
    x = saved.step(std::move(x), b.vector(-1, 5), 0.1);
    Optimizer restored(test::optimizer(law), b.space);
    restore_state(restored, save_state(saved));
    const Vector expected = saved.step(x, b.vector(2, 2), 0.1);
    const Vector got = restored.step(x, b.vector(2, 2), 0.1);
    CAPTURE(law.kind());
    CHECK(first(got) == first(expected));
    CHECK(second(got) == second(expected));
  }
}

TEST_CASE("an optimiser is read from its name, in short, or with the keys that all share", "[algorithms][optimizers]") {
  CHECK(parsed(R"("adam")").law.is<AdamOptions>());
  CHECK(parsed(R"("nesterov:0.75")").law.get<NesterovOptions>().beta == 0.75);
  CHECK(parsed(R"("adagrad:0.1")").law.get<AdagradOptions>().initial_accumulator == 0.1);
  CHECK_FALSE(parsed(R"("amsgrad:bias_correction=false")").law.get<AmsgradOptions>().bias_correction);
  const OptimizerSpec spec = parsed(R"({"name": "momentum", "beta": 0.5, "weight_decay": 1e-4, "decoupled": true, "clip_norm": 2})");
  CHECK(spec.law.get<MomentumOptions>().beta == 0.5);
  const GradientTransform transform = gradient_transform(spec);
  CHECK(transform.weight_decay == 1e-4);
  CHECK(transform.decoupled);
  CHECK(transform.clip_norm == 2.0);
  CHECK(gradient_transform(parsed(R"("sgd")")).idle());
}

TEST_CASE("an optimiser that cannot be is refused where it stands", "[algorithms][optimizers]") {
  using Catch::Matchers::ContainsSubstring;
  CHECK_THROWS_WITH(parsed(R"("nestrov")"), ContainsSubstring("/name") && ContainsSubstring("did you mean \"nesterov\"?"));
  CHECK_THROWS_WITH(parsed(R"({"name": "nesterov", "beta": 1})"), "test: /beta: must be ≥ 0 and < 1, got 1");
  CHECK_THROWS_WITH(parsed(R"({"name": "amsgrad", "epsilon": 0})"), "test: /epsilon: must be > 0, got 0");
  CHECK_THROWS_WITH(parsed(R"({"name": "adagrad", "initial_accumulator": -1})"), "test: /initial_accumulator: must be ≥ 0, got -1");
  CHECK_THROWS_WITH(parsed(R"({"name": "sgd", "weight_decay": -1})"), "test: /weight_decay: must be ≥ 0, got -1");
  CHECK_THROWS_WITH(parsed(R"({"name": "sgd", "clip_norm": 0})"), "test: /clip_norm: must be > 0, got 0");
  CHECK_THROWS_WITH(parsed(R"({"name": "sgd", "beta": 0.9})"), ContainsSubstring("test: /beta: unknown key"));
}
