#include "algorithms/local/local_steps.hpp"

#include "models/kernels/kernels.hpp"
#include "models/objectives/quadratic.hpp"
#include "tests/test.hpp"

using namespace peloton;

namespace {

/// What a chain on f(x) = x²/2 (∇f = x) of one float64 coordinate results in, by the plain kernels.
struct Outcome {
  std::vector<double> results;
  std::vector<double> scalars;
};

struct Start {
  double x = 1;
  std::uint64_t steps = 1;
  std::uint64_t first_step = 0;
  std::vector<double> inputs = {};
};

Outcome run_chain(const LocalSteps::Settings& settings, Start start) {
  QuadraticOptions options;
  options.eigenvalues = {1.0};
  const Kernels& kernels = find_kernels("reference");
  const auto objective = make_quadratic(options, Precision::float64, kernels);
  const auto workspace = objective->workspace();
  std::vector<std::uint32_t> rows;
  TaskScratch scratch;
  const LocalSteps chain(settings);
  Outcome out{std::vector<double>(chain.results()), std::vector<double>(chain.scalars())};
  std::vector<ConstView> inputs;
  for (const double& input : start.inputs) inputs.push_back({Precision::float64, &input, 1});
  std::vector<MutableView> results;
  for (double& result : out.results) results.push_back({Precision::float64, &result, 1});
  TaskRun task(*objective, nullptr, kernels, 1, *workspace, rows, scratch);
  task.address.steps = start.steps;
  task.address.first_step = start.first_step;
  task.model = {Precision::float64, &start.x, 1};
  task.inputs = inputs;
  chain.run(task, results, out.scalars);
  return out;
}

LocalSteps::Settings settings(double learning_rate, OptimizerLaw law = SgdOptions{}) {
  LocalSteps::Settings out;
  out.learning_rate = ConstantStep{learning_rate};
  out.optimizer.law = law;
  return out;
}

}  // namespace

TEST_CASE("a chain of local steps counts on from its first step", "[algorithms][local][local_steps]") {
  // Oracle: closed form. η_t = 1/(t + 2) on ∇f = x: x_{t+1} = x_t (t + 1)/(t + 2), so that x_t = 1/(t + 1) from x_0 = 1.
  LocalSteps::Settings s = settings(1);
  s.learning_rate = InverseTimeStep{.value = 0.5, .decay = 0.5};
  for (const std::uint64_t steps : {1, 2, 10}) {
    CHECK(run_chain(s, {.x = 1, .steps = steps}).results[0] == Approx(1.0 / static_cast<double>(steps + 1)).epsilon(1e-14));
    CHECK(run_chain(s, {.x = 1.0 / 8, .steps = steps, .first_step = 7}).results[0] ==
          Approx(1.0 / static_cast<double>(steps + 8)).epsilon(1e-14));
  }
}

TEST_CASE("a chain's change is what its steps add up to", "[algorithms][local][local_steps]") {
  // Oracle: closed form x_0 (1 − (1 − η (h + λ))^H), for both kinds of weight decay, and exactly η ∇f for one step with η a power of two,
  // where the difference x_0 − x_1 would have lost digits: 1 + 2^−52 loses its last when a quarter is taken off.
  LocalSteps::Settings s = settings(0.1);
  s.result = ChainResult::change;
  for (const double weight_decay : {0.0, 0.5}) {
    for (const bool decoupled : {false, true}) {
      s.optimizer.weight_decay = weight_decay;
      s.optimizer.decoupled = decoupled;
      double left = 1;
      for (int h = 0; h < 6; ++h) left *= 1 - 0.1 * (1 + weight_decay);
      CHECK(run_chain(s, {.x = 3, .steps = 6}).results[0] == Approx(3 * (1 - left)).epsilon(1e-14));
    }
  }
  LocalSteps::Settings exact = settings(0.25);
  exact.result = ChainResult::change;
  CHECK(run_chain(exact, {.x = 1 + 0x1p-52}).results[0] == 0.25 + 0x1p-54);
}

TEST_CASE("a chain in two parts with the optimiser's states handed on is the whole chain", "[algorithms][local][local_steps]") {
  // Oracle: invariant, bit for bit. Adam counts its steps for the bias correction, so the count must go on as well.
  const std::vector<OptimizerLaw> laws = {SgdOptions{},  MomentumOptions{}, NesterovOptions{},
                                          AdamOptions{}, AmsgradOptions{},  AdagradOptions{}};
  for (const OptimizerLaw& law : laws) {
    const LocalSteps::Settings s = settings(0.1, law);
    const std::vector<double> zeros(LocalSteps(s).states(), 0.0);
    const Outcome whole = run_chain(s, {.x = 2, .steps = 7, .inputs = zeros});
    const Outcome first = run_chain(s, {.x = 2, .steps = 3, .inputs = zeros});
    const std::vector<double> states(first.results.begin() + 1, first.results.end());
    const Outcome second = run_chain(s, {.x = first.results[0], .steps = 4, .first_step = 3, .inputs = states});
    INFO(law.kind());
    CHECK(second.results == whole.results);
  }
}

TEST_CASE("an optimiser that is reset counts its steps from one in every chain", "[algorithms][local][local_steps]") {
  // Oracle: closed form. Adam's first step from zero moves by η g / (|g| + ε) whatever g; at t = 1000 without a reset it would not.
  LocalSteps::Settings s = settings(0.1, AdamOptions{});
  s.state = LocalState::reset;
  CHECK(run_chain(s, {.x = 2, .first_step = 999, .inputs = {0, 0}}).results[0] == Approx(1.9).epsilon(1e-8));
  s.state = LocalState::keep;
  CHECK(run_chain(s, {.x = 2, .first_step = 999, .inputs = {0, 0}}).results[0] < 1.8);
}

TEST_CASE("pulls act after every step in their order, the correction after the first", "[algorithms][local][local_steps]") {
  // Oracle: hand computation. η = 1/2 halves x; then x ← x/2 + 0/2, then x ← 3x/4 + 6/4.
  // From 8: 4, 2, 3;  from 3: 1.5, 0.75, 2.0625.
  LocalSteps::Settings s = settings(0.5);
  s.pulls = {0.5, 0.25};
  CHECK(run_chain(s, {.x = 8, .steps = 2, .inputs = {0, 6}}).results[0] == 2.0625);
  // With the correction 1 last: 4, 2, 3, 2;  from 2: 1, 0.5, 1.875.
  s.correction = true;
  CHECK(run_chain(s, {.x = 8, .steps = 2, .inputs = {0, 6, 1}}).results[0] == 1.875);
  // Momentum 1/2 before them: v = 8, x = 8 − 4 = 4, pulled to 2 and 3, corrected to 2;  v = 4 + 2 = 6, x = 2 − 3 = −1, −0.5, 1.125.
  s.optimizer.law = MomentumOptions{.beta = 0.5};
  const Outcome moved = run_chain(s, {.x = 8, .steps = 2, .inputs = {0, 0, 6, 1}});
  CHECK(moved.results == std::vector<double>{1.125, 6});
}

TEST_CASE("a chain's scalar is the mean loss along it", "[algorithms][local][local_steps]") {
  // Oracle: hand computation. f(8) = 32, f(4) = 8.
  LocalSteps::Settings s = settings(0.5);
  CHECK(run_chain(s, {.x = 8, .steps = 2}).scalars.empty());
  s.loss = true;
  CHECK(run_chain(s, {.x = 8, .steps = 2}).scalars == std::vector<double>{20});
}
