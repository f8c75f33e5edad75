#include "scenarios/sweep/sweep_spec.hpp"

#include "tests/test.hpp"

using namespace peloton;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string values(const std::string& json) { return Json(parse_axis_values(Json::parse(json), {"s.json", "/sweep/x"})).dump(); }
std::string varied(const std::string& text) {
  const VariedValue axis = parse_vary(text);
  return axis.path + " " + Json(axis.values).dump();
}
SweepSpec spec_of(const std::string& json) { return OptionType<SweepSpec>::parse(Json::parse(json), {"s.json", "/sweep"}); }

}  // namespace

TEST_CASE("ranges are the numbers that they name", "[scenarios][sweep]") {
  // Hand computation; whole numbers are counts, and decimals are what people write.
  CHECK(values(R"({"log2": [-2, 1]})") == "[0.25,0.5,1,2]");
  CHECK(values(R"({"log2": [2, -2, -2]})") == "[4,1,0.25]");
  CHECK(values(R"({"log2": [0, 1, 0.5]})") == "[1,1.4142135623730951,2]");
  CHECK(values(R"({"log10": [-3, 2]})") == "[0.001,0.01,0.1,1,10,100]");
  CHECK(values(R"({"log10": [0, -1]})") == "[1,0.1]");
  CHECK(values(R"({"linear": [0, 1, 5]})") == "[0,0.25,0.5,0.75,1]");
  CHECK(values(R"({"linear": [0, 0.3, 4]})") == "[0,0.1,0.2,0.3]");
  CHECK(values(R"({"range": [0.1, 0.5, 0.1]})") == "[0.1,0.2,0.3,0.4,0.5]");
  CHECK(values(R"({"range": [1, 10, 4]})") == "[1,5,9]");
  CHECK(values(R"([4, "8", {"name": "a"}, [1], null])") == R"([4,"8",{"name":"a"},[1],null])");
}

TEST_CASE("axes without values, with a value twice, and wrong ranges are refused", "[scenarios][sweep]") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"[]", "s.json: /sweep/x: an axis needs at least one value"},
      {"[1, 2, 1.0]", "s.json: /sweep/x/2: 1.0 is given twice"},
      {"4", "s.json: /sweep/x: must be a list of values, or a range"},
      {R"({"log3": [1, 2]})", "s.json: /sweep/x/log3: unknown kind of range (did you mean \"log2\"?)"},
      {R"({"log2": [1]})", "s.json: /sweep/x/log2: must be [first exponent, last exponent]"},
      {R"({"log2": [1, "2"]})", "s.json: /sweep/x/log2/1: must be a number"},
      {R"({"log2": [0, 5000]})", "the exponent 1024 is beyond a double's range"},
      {R"({"log2": [0, 2, -1]})", "never gets from 0 to 2 in steps of -1"},
      {R"({"range": [0, 2, 0]})", "never gets from 0 to 2"},
      {R"({"range": [0, 1e9, 1]})", "at most 100000 are allowed"},
      {R"({"linear": [0, 1, 1]})", "s.json: /sweep/x/linear/2: must be a count"},
  };
  for (const auto& [json, expected] : cases) {
    INFO(json);
    CHECK_THROWS_WITH(values(json), ContainsSubstring(expected));
  }
}

TEST_CASE("--vary takes lists, JSON and short ranges", "[scenarios][sweep]") {
  CHECK(varied("cluster.workers=4,8,16") == "cluster.workers [4,8,16]");
  CHECK(varied("algorithm.name=async_sgd,sync_sgd") == R"(algorithm.name ["async_sgd","sync_sgd"])");
  CHECK(varied("x=10 ms,1 s") == R"(x ["10 ms","1 s"])");
  CHECK(varied(R"(x=[1, "a,b"])") == R"(x [1,"a,b"])");
  CHECK(varied(R"(x={"kind":"a","y":1},{"kind":"b"})") == R"(x [{"kind":"a","y":1},{"kind":"b"}])");
  CHECK(varied(R"(x={"kind":"a"})") == R"(x [{"kind":"a"}])");
  CHECK(varied(R"(x={"log2":[0,2]})") == "x [1,2,4]");
  CHECK(varied("x=log2:-1..1") == "x [0.5,1,2]");
  CHECK(varied("x=linear:0..1:3") == "x [0,0.5,1]");
  CHECK(varied("x=topk:1%,qsgd:4") == R"(x ["topk:1%","qsgd:4"])");
  CHECK_THROWS_WITH(parse_vary("x="), ContainsSubstring("--vary x=: an axis needs at least one value"));
  CHECK_THROWS_WITH(parse_vary("workers"), ContainsSubstring("--vary workers: must be path=v1,v2,…"));
}

TEST_CASE("a sweep is read and written", "[scenarios][sweep]") {
  const std::string text = R"({"b.c":[1,2],"zip":[{"x":["p","q"],"y":[3,4]}],"a":[true],"repeat":3,"where":"a"})";
  const SweepSpec spec = spec_of(text);
  REQUIRE(spec.groups.size() == 3);
  CHECK(spec.groups[1].size() == 2);
  CHECK(spec.repeat == 3);
  const Json written = OptionType<SweepSpec>::write(spec);
  CHECK(written == Json::parse(text));
  CHECK(OptionType<SweepSpec>::write(OptionType<SweepSpec>::parse(written, {})).dump() == written.dump());
}

TEST_CASE("wrong sweeps are refused at their places", "[scenarios][sweep]") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"[1]", "s.json: /sweep: must be an object of axes"},
      {R"({"x": []})", "s.json: /sweep/x: an axis needs"},
      {R"({"repeat": 0})", "s.json: /sweep/repeat: must be ≥ 1"},
      {R"({"where": 1})", "s.json: /sweep/where: must be a text"},
      {R"({"zip": {"x": [1]}})", "s.json: /sweep/zip: must be a list of groups"},
      {R"({"zip": [{"x": [1]}]})", "s.json: /sweep/zip/0: must be an object of two or more axes"},
      {R"({"zip": [{"x": [1, 2], "y": [1]}]})", "s.json: /sweep/zip/0/y: has 1 values, but \"x\", which it goes together with, has 2"},
      {R"({"x": [1], "zip": [{"x": [1, 2], "y": [1, 2]}]})", "s.json: /sweep: the axis \"x\" is given twice"},
      {R"({"sweep.x": [1]})", "\"sweep\" is about the whole sweep"},
      {R"({"a..b": [1]})", "must be the path of a scenario value"},
  };
  for (const auto& [json, expected] : cases) {
    INFO(json);
    CHECK_THROWS_WITH(spec_of(json), ContainsSubstring(expected));
  }
}

TEST_CASE("--vary replaces the scenario's axis and keeps its place", "[scenarios][sweep]") {
  SweepSpec spec = spec_of(R"({"x": [1, 2], "zip": [{"y": [1, 2], "z": [3, 4]}]})");
  spec.vary(parse_vary("x=7"), {"--vary", ""});
  spec.vary(parse_vary("z=8,9"), {"--vary", ""});
  spec.vary(parse_vary("new=5"), {"--vary", ""});
  CHECK(OptionType<SweepSpec>::write(spec).dump() == R"({"x":[7],"zip":[{"y":[1,2],"z":[8,9]}],"new":[5]})");
  CHECK_THROWS_WITH(spec.vary(parse_vary("z=8"), {"--vary z=8", ""}), ContainsSubstring("the scenario zips \"z\""));
}
