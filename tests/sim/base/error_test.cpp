#include "sim/base/error.hpp"

#include <vector>

#include "tests/test.hpp"

using namespace peloton;

namespace {

std::string nearest(std::string_view name, std::vector<std::string> candidates) {
  return nearest_name(name, candidates).value_or("nothing");
}

}  // namespace

TEST_CASE("a place grows by keys and indices, escaped as a JSON pointer", "[sim][base][error]") {
  // RFC 6901, section 3: '~' is written ~0 and '/' is written ~1.
  const Place root{"mine.json", ""};
  CHECK((root / "cluster" / "stragglers" / std::size_t{2} / "share").str() == "mine.json: /cluster/stragglers/2/share");
  CHECK((root / "a/b" / "m~n").pointer == "/a~1b/m~0n");
  CHECK((root / "").pointer == "/");
  CHECK(root.str() == "mine.json");
  CHECK(Place{}.str().empty());
  CHECK(Place{"", "/seed"}.str() == "/seed");
  CHECK(Place{"libsvm/a9a", "line 17"}.str() == "libsvm/a9a: line 17");
}

TEST_CASE("errors say where and what", "[sim][base][error]") {
  CHECK_THROWS_WITH(throw InputError(Place{"a.json", "/seed"}, "must be a number"), "a.json: /seed: must be a number");
  CHECK_THROWS_WITH(throw InputError(Place{}, "must be a number"), "must be a number");

  const auto check = [](int x) { PELOTON_INVARIANT(x > 0, "counts are positive"); };
  CHECK_NOTHROW(check(1));
  CHECK_THROWS_AS(check(0), BrokenInvariant);
  CHECK_THROWS_WITH(check(0), Catch::Matchers::ContainsSubstring("internal error: counts are positive (x > 0 at ") &&
                                  Catch::Matchers::ContainsSubstring("error_test.cpp:"));
}

TEST_CASE("names are compared without case, hyphens, underscores and blanks", "[sim][base][error]") {
  CHECK(normalised("Trimmed-Mean") == "trimmedmean");
  CHECK(normalised("trimmed_mean") == normalised("TRIMMED MEAN"));
  CHECK(normalised("torus2d") == "torus2d");
}

TEST_CASE("the nearest name is the one with the fewest edits", "[sim][base][error]") {
  // Hand computation: edits are insertion, deletion, substitution and a swap of neighbours, 1 each.
  CHECK(nearest("algoritm", {"cluster", "algorithm", "task"}) == "algorithm");     // one insertion
  CHECK(nearest("maen", {"maze", "mean"}) == "mean");                              // one swap; maze: 2
  CHECK(nearest("exponential-law", {"uniform", "exponential"}) == "exponential");  // 3 of 14 letters
  CHECK(nearest("loow", {"low", "loop"}) == "low");                                // 1 and 1: the earlier
  CHECK(nearest("expo", {"pareto", "exponential"}) == "exponential");              // a beginning
  CHECK(nearest("zzz", {"mean", "median"}) == "nothing");
  CHECK(nearest("x", {"f"}) == "nothing");  // replacing a whole name is no likeness
  CHECK(nearest("mean", {}) == "nothing");
  CHECK(nearest(std::string(1000, 'm'), {"mean"}) == "nothing");

  const std::vector<std::string> names{"low", "high"};
  CHECK(did_you_mean("hihg", names) == " (did you mean \"high\"?)");
  CHECK(did_you_mean("zzzzz", names).empty());
}
