#include "analysis/scores/run_comparison.hpp"

#include "analysis/text.hpp"
#include "tests/analysis/scores/sweeps.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

ComparedRun run_named(const std::string& name, const std::vector<double>& losses, const Json& scenario = Json::object()) {
  return {name, {.scenario = scenario, .summary = {{"status", "finished"}}, .rows = rows_of(losses)}};
}

}  // namespace

TEST_CASE("the common target is the lowest loss that all runs reached, rounded up", "[analysis][scores][run_comparison]") {
  const std::vector<ComparedRun> runs = {run_named("a", {2, 0.123412, 0.2}), run_named("b", {2, 0.5, 0.01})};
  CHECK(common_target(runs) == Target{"loss", 0.1235});
  for (const RunScore& score : compare_runs(runs, std::nullopt).scores) CHECK(score.arrival.has_value());
  CHECK(common_target({run_named("a", {0.5}), run_named("b", {0.25})}) == Target{"loss", 0.5});
  CHECK(common_target({run_named("a", {-12.3456}), run_named("b", {-20})}) == Target{"loss", -12.34});
  ComparedRun timing = run_named("t", {1});
  timing.run.rows[0].loss.reset();
  CHECK_FALSE(common_target({timing, run_named("a", {1})}).has_value());
}

TEST_CASE("what differs in the scenarios is shown, the name aside", "[analysis][scores][run_comparison]") {
  const Json first = {{"name", "a"}, {"seed", 1}, {"algorithm", {{"name", "sync_sgd"}, {"learning_rate", 0.1}}}};
  const Json second = {{"name", "b"}, {"seed", 1}, {"algorithm", {{"name", "local_sgd"}, {"learning_rate", 0.1}, {"local_steps", 4}}}};
  const RunComparison c = compare_runs({run_named("a", {1}, first), run_named("b", {1}, second), run_named("c", {1}, first)}, std::nullopt);
  REQUIRE(c.differences.size() == 2);
  CHECK(c.differences[0].path == "algorithm.name");
  CHECK(c.differences[0].values == std::vector<std::optional<Json>>{"sync_sgd", "local_sgd", "sync_sgd"});
  CHECK(c.differences[1].path == "algorithm.local_steps");
  CHECK(c.differences[1].values == std::vector<std::optional<Json>>{std::nullopt, 4, std::nullopt});
}

TEST_CASE("values of keys with dots, as a sweep has them, are found", "[analysis][scores][run_comparison]") {
  const Json first = {{"sweep", {{"cluster.workers", {1, 2}}, {"repeat", 2}}}};
  const Json second = {{"sweep", {{"cluster.workers", {1, 2, 3}}}}};
  const std::vector<ValueDifference> differences = scenario_differences({&first, &second});
  REQUIRE(differences.size() == 2);
  CHECK(differences[0].values == std::vector<std::optional<Json>>{Json{1, 2}, Json{1, 2, 3}});
  CHECK(differences[1].values == std::vector<std::optional<Json>>{2, std::nullopt});
}

TEST_CASE("costs to the target stand with their ratios to the first run", "[analysis][scores][run_comparison]") {
  // Rows are 10 ms and 100 bits apart: arrivals at rows 4 and 1.
  const RunComparison c = compare_runs({run_named("slow", {9, 9, 9, 9, 0.5}), run_named("fast", {9, 0.5, 0.4}), run_named("never", {9, 9})},
                                       Target{"loss", 0.5});
  const std::string text = run_comparison_text(c);
  CHECK_THAT(text, Catch::Matchers::ContainsSubstring("the scenarios are the same"));
  CHECK_THAT(text, Catch::Matchers::ContainsSubstring("slow               40 ms"));
  CHECK_THAT(text, Catch::Matchers::ContainsSubstring("fast               10 ms  ×0.25  100 bit  ×0.25"));
  CHECK_THAT(text, Catch::Matchers::ContainsSubstring("never        not reached"));
  const std::string csv = run_comparison_csv(c);
  CsvReader in(csv);
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows(3);
  REQUIRE(in.next(head));
  for (auto& row : rows) {
    REQUIRE(in.next(row));
    CHECK(row.size() == head.size());
  }
  const auto at = static_cast<std::size_t>(std::find(head.begin(), head.end(), "time_to_target") - head.begin());
  CHECK(rows[0][at] == "0.04");
  CHECK(rows[1][at + 2] == "0.25");
  CHECK(rows[2][at] == "inf");
}

TEST_CASE("a target on what no run measures is refused", "[analysis][scores][run_comparison]") {
  CHECK_THROWS_WITH(compare_runs({run_named("a", {1}), run_named("b", {1})}, Target{"accuracy", 0.9}),
                    "--target: the runs do not measure accuracy");
}
