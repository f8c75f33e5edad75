#include "analysis/scores/score_spec.hpp"

#include "tests/test.hpp"

using namespace peloton;

namespace {

ScoreSpec spec_of(const char* scenario) { return score_spec_of(Json::parse(scenario), "s.json"); }

}  // namespace

TEST_CASE("the target is the scenario's, else that of its stop rule", "[analysis][scores]") {
  CHECK_FALSE(spec_of("{}").target.has_value());
  CHECK(spec_of(R"({"stop": {"updates": 5}})").target == std::nullopt);
  CHECK(spec_of(R"({"stop": {"accuracy": 0.9, "updates": 5}})").target == Target{"accuracy", 0.9});
  CHECK(spec_of(R"({"stop": {"accuracy": 0.9, "loss": 0.2}})").target == Target{"loss", 0.2});
  CHECK(spec_of(R"({"stop": {"accuracy": 0.9}, "score": {"target": "loss<=1", "in_a_row": 3}})").target == Target{"loss", 1, 3});
}

TEST_CASE("a run that stops at its target cannot hold it longer", "[analysis][scores]") {
  CHECK_THROWS_WITH(
      spec_of(R"({"stop": {"loss": 0.3}, "score": {"in_a_row": 2}})"),
      "s.json: /score/in_a_row: must be 1, got 2: the run stops at the first measurement that holds loss <= 0.3 (/stop/loss)");
  CHECK(spec_of(R"({"stop": {"loss": 0.3}, "score": {"target": "loss<=0.4", "in_a_row": 2}})").target == Target{"loss", 0.4, 2});
}

TEST_CASE("wrong score options are refused with their place", "[analysis][scores]") {
  CHECK_THROWS_WITH(spec_of(R"({"score": {"targt": "loss<=1"}})"), "s.json: /score/targt: unknown key (did you mean \"target\"?)");
  CHECK_THROWS_WITH(spec_of(R"({"score": {"rule": "speed"}})"),
                    "s.json: /score/rule: must be one of time, bits, updates, gradients, loss, accuracy, got \"speed\"");
  CHECK_THROWS_WITH(spec_of(R"({"score": {"confidence": 1}})"), "s.json: /score/confidence: must be > 0 and < 1, got 1");
  CHECK_THROWS_WITH(spec_of(R"({"score": {"in_a_row": 0}})"), "s.json: /score/in_a_row: must be ≥ 1, got 0");
}
