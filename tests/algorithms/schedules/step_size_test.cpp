#include "algorithms/schedules/step_size.hpp"

#include <cmath>

#include "tests/test.hpp"

using namespace peloton;

namespace {

StepSize parsed(const std::string& text) { return OptionType<StepSize>::parse(Json::parse(text), {"test", ""}); }

}  // namespace

TEST_CASE("step sizes follow their formulas", "[algorithms][schedules]") {
  // Oracle: hand computation.
  CHECK(step_size(parsed("0.5"), 1000) == 0.5);
  CHECK(step_size(parsed(R"({"kind":"inverse_time","value":1,"decay":0.5})"), 6) == 0.25);
  CHECK(step_size(parsed(R"({"kind":"inverse_sqrt","value":1,"decay":3})"), 5) == 0.25);
  const StepSize step = parsed(R"({"kind":"step","value":8,"factor":0.5,"milestones":[10,20]})");
  CHECK(step_size(step, 9) == 8);
  CHECK(step_size(step, 10) == 4);
  CHECK(step_size(step, 25) == 2);
  const StepSize warmup = parsed(R"({"kind":"warmup","value":1,"updates":10,"start":0})");
  CHECK(step_size(warmup, 0) == 0);
  CHECK(step_size(warmup, 5) == 0.5);
  CHECK(step_size(warmup, 10) == 1);
  CHECK(step_size(warmup, 99) == 1);
}

TEST_CASE("decaying step sizes stay below their bound", "[algorithms][schedules]") {
  // η_t = min(2/(μ(t+1)), 1/L) with μ = 1, L = 2: 2, 1, 2/3 are cut to 1/2; from t = 3 on 2/(t+1).
  const StepSize inverse = parsed(R"({"kind":"inverse_time","value":2,"decay":1,"most":0.5})");
  CHECK(step_size(inverse, 0) == 0.5);
  CHECK(step_size(inverse, 2) == 0.5);
  CHECK(step_size(inverse, 3) == 0.5);
  CHECK(step_size(inverse, 7) == 0.25);
  const StepSize root = parsed(R"({"kind":"inverse_sqrt","value":1,"decay":3,"most":0.4})");
  CHECK(step_size(root, 1) == 0.4);
  CHECK(step_size(root, 5) == 0.25);
}

TEST_CASE("steps may follow a warm-up", "[algorithms][schedules]") {
  // Hand computation: 8 · (1/2 + k/8) before update 4, then 8 and, from milestone 10 on, 4. A milestone within the warm-up counts too.
  const StepSize step = parsed(R"({"kind":"step","value":8,"factor":0.5,"milestones":[10],"warmup":4,"start":0.5})");
  CHECK(step_size(step, 0) == 4);
  CHECK(step_size(step, 3) == 7);
  CHECK(step_size(step, 4) == 8);
  CHECK(step_size(step, 9) == 8);
  CHECK(step_size(step, 10) == 4);
  CHECK(step_size(parsed(R"({"kind":"step","value":8,"factor":0.5,"milestones":[2],"warmup":4,"start":0.5})"), 2) == 3);
}

TEST_CASE("linear scaling grows with the total batch and warms up from the value", "[algorithms][schedules]") {
  // Goyal et al. (2017): 0.1 for 256 samples means 3.2 for 8192, reached linearly from 0.1; half way at (0.1 + 3.2)/2.
  const StepSize schedule = parsed(R"({"kind":"linear_scaling","value":0.1,"updates":100})");
  const StepSize large = resolved(schedule, 8192);
  CHECK(step_size(large, 0) == Approx(0.1).epsilon(1e-14));
  CHECK(step_size(large, 50) == Approx(1.65).epsilon(1e-14));
  CHECK(step_size(large, 100) == 0.1 * 32);
  CHECK(step_size(large, 5000) == 0.1 * 32);
  const StepSize small = resolved(schedule, 64);  // below the reference: scaled down from the first update
  CHECK(step_size(small, 0) == 0.025);
  CHECK(step_size(small, 50) == 0.025);
  CHECK(step_size(resolved(schedule, 256), 7) == 0.1);
  const StepSize at_once = resolved(parsed(R"({"kind":"linear_scaling","value":0.5,"reference_batch":10})"), 40);
  CHECK(step_size(at_once, 0) == 2);
}

TEST_CASE("schedules that do not depend on the batch resolve to themselves", "[algorithms][schedules]") {
  for (const std::string text : {"0.5", R"({"kind":"inverse_time","value":2,"decay":1,"most":0.5})",
                                 R"({"kind":"step","value":8,"factor":0.5,"milestones":[10],"warmup":4,"start":0.5})"}) {
    const StepSize schedule = parsed(text);
    CHECK(write_options(resolved(schedule, 8192)) == write_options(schedule));
  }
}

TEST_CASE("a step size that is no positive number is refused where it stands", "[algorithms][schedules]") {
  CHECK_THROWS_WITH(parsed("-1"), "test: must be > 0, got -1");
  CHECK_THROWS_WITH(parsed(R"({"kind":"constant","value":0})"), "test: /value: must be > 0, got 0");
  CHECK_THROWS_WITH(parsed(R"({"kind":"inverse_time","most":0})"), "test: /most: must be > 0, got 0");
  CHECK_THROWS_WITH(parsed(R"({"kind":"linear_scaling","reference_batch":0})"), "test: /reference_batch: must be > 0, got 0");
  CHECK_THROWS_WITH(parsed(R"({"kind":"step","warmup":-1})"), "test: /warmup: must be ≥ 0, got -1");
}
