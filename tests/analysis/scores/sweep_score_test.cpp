#include "analysis/scores/sweep_score.hpp"

#include "analysis/text.hpp"
#include "analysis/text_table.hpp"
#include "tests/analysis/scores/sweeps.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

/// Two algorithms, two step sizes, two worker counts, three seeds. A run arrives at row `arrives` of ten; −1: never.
SweepResult sweep_of() {
  SweepResult sweep;
  sweep.axes = {axis_of("algorithm", {"sync_sgd", "async_sgd"}), axis_of("algorithm.learning_rate", {0.25, 0.5}),
                axis_of("cluster.workers", {4, 8})};
  sweep.repeats = 3;
  const auto arrives = [](std::size_t algorithm, std::size_t step, std::size_t workers, std::size_t repeat) -> int {
    if (algorithm == 1 && step == 1) return -1;  // too large a step
    return static_cast<int>((algorithm == 0 ? 6 : 4) + repeat) - static_cast<int>(2 * workers) - static_cast<int>(step);
  };
  for (std::size_t i = 0; i < 24; ++i) {
    const std::size_t algorithm = i / 12, step = i / 6 % 2, workers = i / 3 % 2, repeat = i % 3;
    std::vector<double> losses(10, 1.0);
    const int row = arrives(algorithm, step, workers, repeat);
    for (int r = row; row >= 0 && r < 10; ++r) losses[static_cast<std::size_t>(r)] = 0.1 + 0.01 * static_cast<double>(repeat);
    sweep.points.push_back(point_of(i, {algorithm, step, workers}, repeat, losses));
  }
  sweep.planned = sweep.points.size();
  return sweep;
}

ScoreSpec spec_of(const std::optional<Target>& target = Target{"loss", 0.5}) {
  ScoreSpec spec;
  spec.target = target;
  spec.resamples = 1000;
  return spec;
}

std::vector<std::string> labels(const SweepScore& score, const std::vector<std::size_t>& groups) {
  std::vector<std::string> out;
  for (const std::size_t g : groups) out.push_back(score.label(score.groups[g]));
  return out;
}

}  // namespace

TEST_CASE("axes have short names, longer where they must be", "[analysis][scores][sweep_score]") {
  const auto names = [](const std::vector<std::string>& paths) {
    std::vector<SweepAxis> axes;
    for (const std::string& path : paths) axes.push_back(axis_of(path, {1}));
    return axis_names(axes);
  };
  CHECK(names({"cluster.workers", "algorithm"}) == std::vector<std::string>{"workers", "algorithm"});
  CHECK(names({"cluster.compute.mean", "cluster.stragglers.0.mean"}) == std::vector<std::string>{"compute.mean", "0.mean"});
  CHECK(names({"mean", "cluster.compute.mean"}) == std::vector<std::string>{"mean", "compute.mean"});
}

TEST_CASE("a sweep is scored by group, tuned, compared and set against its workers", "[analysis][scores][sweep_score]") {
  // Rows are 10 ms and 100 bits apart; medians are those of repeat 1.
  //   sync,  step 0.25:  4 workers at row 7, 8 at row 5;   step 0.5: 6 and 4 (the better one, at the upper edge)
  //   async, step 0.25:  5 and 3;                          step 0.5: never
  const SweepScore score = score_sweep(sweep_of(), spec_of());
  REQUIRE(score.groups.size() == 8);
  CHECK(score.groups[0].cost(Cost::time).median == 0.07);
  CHECK(score.groups[7].cost(Cost::time).median == kNotReached);
  CHECK(score.label(score.groups[3]) == "algorithm sync_sgd, learning_rate 0.5, workers 8");

  REQUIRE(score.best.size() == 4);
  CHECK(labels(score, {score.best[0].group, score.best[3].group}) ==
        std::vector<std::string>{"algorithm sync_sgd, learning_rate 0.5, workers 4", "algorithm async_sgd, learning_rate 0.25, workers 8"});
  CHECK(score.best[0].edge == Edge::highest);
  CHECK(score.best[3].edge == Edge::lowest);

  REQUIRE(score.scaling.size() == 2);
  CHECK(*score.scaling[0].points[1].speedup == Approx(1.5));
  CHECK(*score.scaling[1].points[1].speedup == Approx(5.0 / 3));

  REQUIRE(score.comparisons.size() == 2);  // at 4 and at 8 workers, each at its own step
  CHECK(*score.comparisons[0].costs[0].median == Approx(-0.01));
  CHECK(score.comparisons[0].costs[0].lower == 3);
  CHECK(*score.comparisons[0].loss.median == Approx(0));

  CHECK(labels(score, score.pareto) == std::vector<std::string>{"algorithm async_sgd, learning_rate 0.25, workers 8"});
}

TEST_CASE("without a target the final loss decides", "[analysis][scores][sweep_score]") {
  const SweepScore score = score_sweep(sweep_of(), spec_of(std::nullopt));
  CHECK(score.rule == Rule::loss);
  CHECK(score.scaling.empty());
  CHECK(score.pareto.empty());
  CHECK(score.groups[score.best[0].group].levels[1] == 0);  // equal losses: the smaller step
}

TEST_CASE("an axis that the sweep does not have is refused, none is accepted", "[analysis][scores][sweep_score]") {
  ScoreSpec spec = spec_of();
  spec.tune = "algorithm.learning_rat";
  CHECK_THROWS_WITH(score_sweep(sweep_of(), spec, {"s.json", "/score"}),
                    "s.json: /score/tune: must be an axis of the sweep (algorithm, algorithm.learning_rate, cluster.workers) or none, got "
                    "\"algorithm.learning_rat\" (did you mean \"algorithm.learning_rate\"?)");
  spec.tune = "none";
  spec.compare = "none";
  const SweepScore score = score_sweep(sweep_of(), spec);
  CHECK(score.best.empty());
  CHECK(score.comparisons.empty());
  REQUIRE(score.scaling.size() == 4);                           // a curve for each algorithm and step
  CHECK_FALSE(score.scaling[3].points[1].speedup.has_value());  // never arrived
}

TEST_CASE("a rule that counts to a target needs one, and a target something that is measured", "[analysis][scores][sweep_score]") {
  ScoreSpec spec = spec_of(std::nullopt);
  spec.rule = Rule::bits;
  CHECK_THROWS_WITH(score_sweep(sweep_of(), spec), "/score/rule: \"bits\" is counted to a target: needs a target, such as \"loss<=0.35\"");
  CHECK_THROWS_WITH(score_sweep(sweep_of(), spec_of(Target{"accuracy", 0.9})), "/score/target: the runs do not measure accuracy");
}

TEST_CASE("scores do not depend on the order in which points finished", "[analysis][scores][sweep_score]") {
  SweepResult sweep = sweep_of();
  const std::string before = scores_csv(score_sweep(sweep, spec_of()));
  std::swap(sweep.points[0], sweep.points[2]);
  CHECK(scores_csv(score_sweep(sweep, spec_of())) == before);
}

TEST_CASE("scores.csv has a row per group and as many cells as its head", "[analysis][scores][sweep_score]") {
  const std::string text = scores_csv(score_sweep(sweep_of(), spec_of()));
  CsvReader in(text);
  std::vector<std::string> head;
  REQUIRE(in.next(head));
  CHECK(head[0] == "algorithm");
  const auto column = [&](const std::string& name) {
    return static_cast<std::size_t>(std::find(head.begin(), head.end(), name) - head.begin());
  };
  std::vector<std::vector<std::string>> rows;
  for (std::vector<std::string> row; in.next(row);) {
    CHECK(row.size() == head.size());
    rows.push_back(row);
  }
  REQUIRE(rows.size() == 8);
  CHECK(rows[0][column("time_to_target")] == "0.07");
  CHECK(rows[0][column("time_resolution")] == "0.01");
  CHECK(rows[7][column("time_to_target")] == "inf");
  CHECK(rows[7][column("success_rate")] == "0");
  CHECK(rows[2][column("best")] == "1");
  CHECK(rows[2][column("edge")] == "highest");
  CHECK(rows[3][column("speedup")] == "1.5");
  CHECK(rows[4][column("compared_to")] == "algorithm sync_sgd, learning_rate 0.5, workers 4");
  CHECK(rows[4][column("updates_difference")] == "-5");
  CHECK(rows[4][column("updates_lower")] == "3");
  CHECK(rows[0][column("updates_difference")].empty());
}

TEST_CASE("a group that arrives now and then shows its success rate with its interval, and times in one unit",
          "[analysis][scores][sweep_score]") {
  // 9 of 10: Wilson's 95 % interval is 0.5958 … 0.9821. Arrivals at row 5 or never: the median is 50 ms, and that of a resample is ∞ when
  // five or more of its ten runs are the one that never arrived, with probability 0.0016.
  SweepResult sweep;
  for (std::size_t r = 0; r < 10; ++r)
    sweep.points.push_back(point_of(r, {}, r, r < 9 ? std::vector<double>{1, 1, 1, 1, 1, 0, 0} : std::vector<double>(7, 1.0)));
  const std::string text = score_text(score_sweep(sweep, spec_of()));
  CHECK(text.find("9/10 (60–98 %)") != std::string::npos);
  CHECK(text.find("50 … 50 ms") != std::string::npos);
}

TEST_CASE("the tables of a sweep fit a terminal", "[analysis][scores][sweep_score]") {
  const std::string text = score_text(score_sweep(sweep_of(), spec_of()));
  for (std::size_t at = 0, end = 0; (end = text.find('\n', at)) != std::string::npos; at = end + 1)
    CHECK(text_width(std::string_view(text).substr(at, end - at)) <= 120);
  CHECK(text.find("not reached") != std::string::npos);
  CHECK(text.find("highest tried: extend the range upwards") != std::string::npos);
  for (const char* part : {"best learning_rate by time to the target", "speed-up", "paired differences along algorithm", "Pareto front"})
    CHECK(text.find(part) != std::string::npos);
  CHECK(score_text(score_sweep(SweepResult{}, spec_of())) == "no finished point to score\n");
}
