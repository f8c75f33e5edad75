#include "models/objectives/point.hpp"

#include "tests/test.hpp"

namespace peloton {
namespace {

RandomStream stream(std::uint64_t seed) { return {seed, Purpose::test, 0, 0}; }

std::vector<double> parsed(const char* text, std::size_t d, std::uint64_t seed = 1) {
  const Place place{"a.json", "/p"};
  const PointSpec spec = OptionType<PointSpec>::parse(Json::parse(text), place);
  check_point(spec, d, place);
  return point(spec, d, stream(seed));
}

}  // namespace

TEST_CASE("points are given by number, by list or by law", "[models][objectives][point]") {
  // Hand computation; a Gaussian point depends on the stream and scales with its standard deviation.
  CHECK(parsed("3", 2) == std::vector<double>{3, 3});
  CHECK(parsed(R"("ones")", 2) == std::vector<double>{1, 1});
  CHECK(parsed(R"({"kind": "list", "values": [1, -2.5, 4]})", 3) == std::vector<double>{1, -2.5, 4});
  const std::vector<double> drawn = parsed(R"("gaussian")", 3);
  CHECK(drawn == parsed(R"("gaussian")", 3));
  CHECK(drawn != parsed(R"("gaussian")", 3, 2));
  CHECK(drawn[0] != drawn[1]);
  const std::vector<double> wide = parsed(R"({"kind": "gaussian", "sd": 10})", 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(wide[i] == Approx(10 * drawn[i]));
}

TEST_CASE("a list needs a number for each dimension", "[models][objectives][point]") {
  // Invariant.
  CHECK_THROWS_WITH(parsed(R"({"kind": "list", "values": [1, 2]})", 3),
                    "a.json: /p: must have a number for each of the 3 dimensions, got 2");
  CHECK_THROWS_WITH(parsed(R"({"kind": "list"})", 3), Catch::Matchers::ContainsSubstring("a.json: /p: needs the key \"values\""));
}

TEST_CASE("coordinates are a number or a list, and are written as they are read", "[models][objectives][point]") {
  // Hand computation and round trip.
  const auto parse = [](const char* text) { return OptionType<Coordinates>::parse(Json::parse(text), {"a.json", "/p"}); };
  CHECK(point(as_point(parse("2.5")), 2, stream(1)) == std::vector<double>{2.5, 2.5});
  CHECK(point(as_point(parse("[1, 2]")), 2, stream(1)) == std::vector<double>{1, 2});
  CHECK(write_options(parse("[1.5, 2.0]")) == Json::parse("[1.5, 2.0]"));
  CHECK(write_options(parse("2.5")) == Json(2.5));
  CHECK_THROWS_WITH(parse(R"("x")"), Catch::Matchers::ContainsSubstring("a.json: /p: ") &&
                                         Catch::Matchers::ContainsSubstring("a number or a list of numbers"));
  CHECK_THROWS_WITH(parse(R"([1, "x"])"), Catch::Matchers::ContainsSubstring("a.json: /p/1: "));
}

}  // namespace peloton
