#include "analysis/scores/target.hpp"

#include <limits>

#include "tests/test.hpp"

using namespace peloton;

namespace {

MetricsRow row_with(std::optional<double> loss, std::optional<double> accuracy = {}) {
  MetricsRow row;
  row.loss = loss;
  row.accuracy = accuracy;
  return row;
}

Target from_json(const char* text) { return OptionType<Target>::parse(Json::parse(text), {"s.json", "/score/target"}); }

}  // namespace

TEST_CASE("a target is read from its text", "[analysis][scores]") {
  CHECK(parse_target("loss<=0.35") == Target{"loss", 0.35, 1});
  CHECK(parse_target(" test_loss = 1e-3 ") == Target{"test_loss", 0.001, 1});
  CHECK(parse_target("accuracy>=0.9") == Target{"accuracy", 0.9, 1});
  CHECK(parse_target("Grad-Norm<=2") == Target{"grad_norm", 2, 1});
  CHECK(parse_target("worker_accuracy_worst10>=0.5").text() == "worker_accuracy_worst10 >= 0.5");
  CHECK(Target{"loss", 0.35, 3}.text() == "loss <= 0.35 (3 in a row)");
}

TEST_CASE("a wrong target is refused with what was expected", "[analysis][scores]") {
  using Catch::Matchers::ContainsSubstring;
  CHECK_THROWS_WITH(parse_target("loss"), "must be a target such as \"loss<=0.35\" or \"accuracy>=0.9\", got \"loss\"");
  CHECK_THROWS_WITH(parse_target("los<=1"), ContainsSubstring("got \"los\" (did you mean \"loss\"?)"));
  CHECK_THROWS_WITH(parse_target("bits<=1"), ContainsSubstring("must be a target on one of loss, test_loss"));
  CHECK_THROWS_WITH(parse_target("loss>=0.3"), "must be \"loss<=0.3\" (loss is to fall), got \"loss>=0.3\"");
  CHECK_THROWS_WITH(parse_target("accuracy<=0.3"), "must be \"accuracy>=0.3\" (accuracy is to rise), got \"accuracy<=0.3\"");
  CHECK_THROWS_WITH(parse_target("loss<=0.3x"), ContainsSubstring("must be a target with a finite number"));
  CHECK_THROWS_WITH(parse_target("loss<=inf"), ContainsSubstring("must be a target with a finite number"));
}

TEST_CASE("a scenario gives a target as text or as an object", "[analysis][scores]") {
  CHECK(from_json(R"("loss<=0.35")") == from_json(R"({"loss": 0.35})"));
  CHECK(OptionType<Target>::write(from_json(R"("accuracy>=0.5")")) == Json{{"accuracy", 0.5}});
  CHECK_THROWS_WITH(from_json(R"({"loss": "low"})"), "s.json: /score/target/loss: must be a number, got \"low\"");
  CHECK_THROWS_WITH(from_json(R"({"loss": 1, "accuracy": 1})"),
                    Catch::Matchers::StartsWith("s.json: /score/target: must be a target such as"));
  CHECK_THROWS_WITH(from_json("0.35"), Catch::Matchers::StartsWith("s.json: /score/target: must be a target such as"));
}

TEST_CASE("losses fall to a target, accuracies rise to it; what is not finite holds none", "[analysis][scores]") {
  const Target loss{"loss", 0.5};
  CHECK(loss.holds(row_with(0.5)));
  CHECK_FALSE(loss.holds(row_with(0.5000001)));
  CHECK_FALSE(loss.holds(row_with({})));
  CHECK_FALSE(loss.holds(row_with(-std::numeric_limits<double>::infinity())));
  CHECK_FALSE(loss.holds(row_with(std::numeric_limits<double>::quiet_NaN())));
  const Target accuracy{"accuracy", 0.9};
  CHECK(accuracy.holds(row_with(1, 0.9)));
  CHECK_FALSE(accuracy.holds(row_with(0, 0.89)));
}
