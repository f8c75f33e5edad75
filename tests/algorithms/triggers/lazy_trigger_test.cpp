#include "algorithms/triggers/lazy_trigger.hpp"

#include <limits>

#include "tests/test.hpp"

using namespace peloton;

TEST_CASE("the window sums the last movements", "[algorithms][triggers]") {
  // Hand computation with D = 3: 1, 1 + 2, 1 + 2 + 4, then the oldest goes.
  MovementWindow window(3);
  CHECK(window.sum() == 0);
  std::vector<double> sums;
  for (const double movement : {1, 2, 4, 8, 16, 32, 64}) {
    window.push(movement);
    sums.push_back(window.sum());
  }
  CHECK(sums == std::vector<double>{1, 3, 7, 14, 28, 56, 112});
  CHECK(window.size() == 3);

  // From the oldest to the newest, wherever the ring begins: 1e16 + 1 + 1 is 1e16 in this order, 1 + 1 + 1e16 is more.
  MovementWindow ordered(3);
  for (const double movement : {0.0, 1e16, 1.0, 1.0}) ordered.push(movement);
  CHECK(ordered.sum() == 1e16);

  MovementWindow none(0);
  none.push(5);
  CHECK(none.sum() == 0);
}

TEST_CASE("a restored window goes on as the original", "[algorithms][triggers]") {
  // Round trip of the state in the middle of the ring.
  MovementWindow window(2);
  for (const double movement : {1, 2, 4}) window.push(movement);
  MovementWindow restored(2);
  restore_state(restored, save_state(window));
  window.push(8);
  restored.push(8);
  CHECK(restored.sum() == 12);
  CHECK(window.sum() == 12);
}

TEST_CASE("the threshold is that of LASG and SASG", "[algorithms][triggers]") {
  // Hand computation: M = 10, Σ = 3. SASG's MNIST run has γ = 0.005 and 2 γ M² = 1, so that the threshold is Σ itself.
  LazyTriggerOptions options;
  MovementWindow window = LazyTrigger(options).window();
  window.push(1);
  window.push(2);
  CHECK(LazyTrigger(options).threshold(window, 10, 0.005) == Approx(3).epsilon(1e-14));
  options.scale = 0.5;
  CHECK(LazyTrigger(options).threshold(window, 10, 0.005) == Approx(1.5).epsilon(1e-14));
  options.weight = ConstantWeight{.value = 40};
  CHECK(LazyTrigger(options).threshold(window, 10, 0.005) == Approx(0.6).epsilon(1e-14));
  CHECK(LazyTrigger(options).threshold(window, 20, 0.001) == Approx(0.15).epsilon(1e-14));
  options.scale = 0;
  CHECK(LazyTrigger(options).threshold(window, 10, 0) == 0);
}

TEST_CASE("a worker uploads when its gradient changed enough, when it skipped too often, or in the first rounds",
          "[algorithms][triggers]") {
  // Hand computation of the rule with D = 4 and max_age = 3: due in rounds 0 … 3 and from age 4 on.
  LazyTriggerOptions options;
  options.window = 4;
  options.max_age = 3;
  const LazyTrigger trigger(options);
  CHECK(trigger.due(0, 1));
  CHECK(trigger.due(3, 1));
  CHECK(!trigger.due(4, 1));
  CHECK(!trigger.due(4, 3));
  CHECK(trigger.due(4, 4));
  CHECK(!LazyTrigger::fires(1.99, 2));
  CHECK(LazyTrigger::fires(2, 2));
  CHECK(LazyTrigger::fires(0, 0));
  CHECK(LazyTrigger::fires(std::numeric_limits<double>::quiet_NaN(), 2));

  // Aged by the documented rule, a worker whose gradient never changes uploads every fourth round: at most three skips in a row.
  std::vector<Count> uploads;
  Count age = 1;
  for (Count round = 0; round < 16; ++round) {
    const bool now = trigger.due(round, age);
    if (now) uploads.push_back(round);
    age = now ? 1 : age + 1;
  }
  CHECK(uploads == std::vector<Count>{0, 1, 2, 3, 7, 11, 15});
}

TEST_CASE("without a threshold every worker uploads in every round", "[algorithms][triggers]") {
  // Reduction to sparse SGD: scale 0, window 0 or weight 0, even where the gradient did not change at all.
  LazyTriggerOptions no_scale;
  no_scale.scale = 0;
  LazyTriggerOptions no_window;
  no_window.window = 0;
  LazyTriggerOptions no_weight;
  no_weight.weight = ConstantWeight{.value = 0};
  for (const LazyTriggerOptions& options : {no_scale, no_window, no_weight}) {
    const LazyTrigger trigger(options);
    MovementWindow window = trigger.window();
    for (int i = 0; i < 20; ++i) window.push(1e6);
    CHECK(trigger.threshold(window, 2, 0.1) == 0);
    for (const Count round : {0, 1, 1000}) CHECK(trigger.due(round, 1));
  }
}

TEST_CASE("workers remember at most one model each, and none older than max_age rounds", "[algorithms][triggers]") {
  // Hand computation: after round t the last upload was in one of the rounds t − max_age … t.
  LazyTriggerOptions options;
  options.max_age = 3;
  CHECK(LazyTrigger(options).remembered_models(2) == 2);
  CHECK(LazyTrigger(options).remembered_models(4) == 4);
  CHECK(LazyTrigger(options).remembered_models(1000) == 4);
}

TEST_CASE("the options of the trigger are read by name or number", "[algorithms][triggers]") {
  // Contract: "weight" is inverse_step or a number.
  const auto parse = [](const char* text) { return parse_options<LazyTriggerOptions>(Json::parse(text), {"s.json", ""}); };
  CHECK(parse("{}").weight.is<InverseStepWeight>());
  CHECK(parse(R"({"weight": "inverse_step"})").weight.is<InverseStepWeight>());
  CHECK(parse(R"({"weight": 40, "window": 0})").weight.get<ConstantWeight>().value == 40);
  CHECK_THROWS_AS(parse(R"({"weight": -1})"), InputError);
  CHECK_THROWS_AS(parse(R"({"max_age": -1})"), InputError);
}
