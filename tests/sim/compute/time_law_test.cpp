#include "sim/compute/time_law.hpp"

#include "tests/test.hpp"

using namespace peloton;

namespace {

const Place kPlace{"x.json", "/every"};

TimeLaw law(const char* json) { return OptionType<TimeLaw>::parse(Json::parse(json), kPlace); }

std::string error(const char* json) {
  try {
    (void)law(json);
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

std::string written(const char* json) { return OptionType<TimeLaw>::write(law(json)).dump(); }

}  // namespace

TEST_CASE("a time stands for itself", "[sim][compute][time_law]") {
  RandomStream random(1, Purpose::test, 0, 0);
  CHECK(law("\"10 ms\"").sample(random) == 0.01);
  CHECK(law("0.25").expectation() == 0.25);
  CHECK(draw(law("\"1.5 us\""), random).ns == 1500);
  CHECK(law("0").expectation() == 0);
}

TEST_CASE("a law is given as elsewhere", "[sim][compute][time_law]") {
  // Invariant: the short form and the object draw the same.
  RandomStream a(1, Purpose::test, 0, 0);
  RandomStream b(1, Purpose::test, 0, 0);
  const TimeLaw object = law(R"({"distribution": "exponential", "mean": "10 ms"})");
  CHECK(law("\"exponential:10ms\"").sample(a) == object.sample(b));
  CHECK(object.expectation() == 0.01);
}

TEST_CASE("times and laws are written as they are read", "[sim][compute][time_law]") {
  CHECK(written("\"10 ms\"") == "0.01");
  CHECK(written("\"constant:10ms\"") == "0.01");
  CHECK(written("\"exponential:10ms\"") == R"({"distribution":"exponential","mean":0.01})");
}

TEST_CASE("a draw beyond the range of virtual time is cut to it", "[sim][compute][time_law]") {
  RandomStream random(1, Purpose::test, 0, 0);
  CHECK(draw(law("1e300"), random).ns == 4'600'000'000'000'000'000);
}

TEST_CASE("what is neither a time nor a law is refused", "[sim][compute][time_law]") {
  CHECK(error("-1") == "x.json: /every: must be ≥ 0, got -1");
  CHECK(error("\"10 mb\"").starts_with("x.json: /every: "));
  CHECK_THAT(error(R"({"distribution": "exponentail", "mean": 1})"), Catch::Matchers::ContainsSubstring("did you mean \"exponential\"?"));
  CHECK_THAT(error(R"({"distribution": "trace", "path": "x"})"), Catch::Matchers::ContainsSubstring("must be one of constant, uniform"));
}
