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

TEST_CASE("a step size that is no positive number is refused where it stands", "[algorithms][schedules]") {
  CHECK_THROWS_WITH(parsed("-1"), "test: must be > 0, got -1");
  CHECK_THROWS_WITH(parsed(R"({"kind":"constant","value":0})"), "test: /value: must be > 0, got 0");
}
