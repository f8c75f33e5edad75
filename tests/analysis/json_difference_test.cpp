#include "analysis/json_difference.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tests/test.hpp"

using namespace peloton;

TEST_CASE("differences are named by their paths, with both values", "[analysis][json_difference]") {
  // Hand computation: workers changed, seed only before, task.batch only after; the order of keys and 1 = 1.0 do not count.
  const Json before = Json::parse(R"({"cluster": {"workers": 4, "x": 1}, "seed": 1, "list": [1, {"a": 2}], "lengths": [1]})");
  const Json after =
      Json::parse(R"({"list": [1, {"a": 3}], "cluster": {"x": 1.0, "workers": 8}, "task": {"batch": 2}, "lengths": [1, 2]})");
  const std::vector<JsonDifference> found = json_differences(before, after);
  REQUIRE(found.size() == 5);
  CHECK(found[0].path == "cluster.workers");
  CHECK(*found[0].before == 4);
  CHECK(*found[0].after == 8);
  CHECK(found[1].path == "seed");
  CHECK_FALSE(found[1].after.has_value());
  CHECK(found[2].path == "list.1.a");
  CHECK(found[3].path == "lengths");
  CHECK(found[4].path == "task");
  CHECK_FALSE(found[4].before.has_value());
  CHECK(differences_text(found) ==
        "\n  cluster.workers: 4 → 8\n  seed: 1 → (absent)\n  list.1.a: 2 → 3\n  lengths: [1] → [1,2]\n  task: (absent) → {\"batch\":2}");
  CHECK(json_differences(before, before).empty());
}

TEST_CASE("a long list of differences is cut", "[analysis][json_difference]") {
  Json before = Json::object();
  for (int i = 0; i < 20; ++i) before[fmt::format("k{}", i)] = i;
  const std::string text = differences_text(json_differences(before, Json::object()));
  CHECK(std::count(text.begin(), text.end(), '\n') == 13);
  CHECK(text.ends_with("… and 8 more"));
}
