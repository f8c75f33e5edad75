#include "analysis/scores/group_score.hpp"

#include <cmath>
#include <limits>

#include "tests/analysis/scores/sweeps.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

GroupScore group_of(std::vector<RunScore> runs) {
  Bootstrap bootstrap({.confidence = 0.95, .resamples = 1000});
  return score_group({}, std::move(runs), bootstrap);
}

}  // namespace

TEST_CASE("a group's median counts every run, not those that arrived", "[analysis][scores]") {
  // Arrivals after 10 and 20 ms and one run without: the median is 20; the mean of those that arrived would be 15.
  const GroupScore group = group_of({run_of(0, 10), run_of(1, -500), run_of(2, 20)});
  CHECK(group.arrived == 2);
  CHECK(group.success_rate() == Approx(2.0 / 3));
  CHECK(group.cost(Cost::time).median == 0.020);
  CHECK(group.cost(Cost::time).interval->low == 0.010);
  CHECK(group.cost(Cost::time).interval->high == kNotReached);
}

TEST_CASE("half of the runs arriving is no median", "[analysis][scores]") {
  CHECK(group_of({run_of(0, 10), run_of(1, -500)}).cost(Cost::time).median == kNotReached);
  CHECK(group_of({run_of(0, -10)}).cost(Cost::bits).median == kNotReached);
  CHECK_FALSE(group_of({run_of(0, 10)}).cost(Cost::time).interval.has_value());
}

TEST_CASE("a diverged run takes the mean of the final loss away, not its median", "[analysis][scores]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const GroupScore group = group_of({run_of(0, 1, 1, 0.25), run_of(1, -1, 1, nan, "diverged"), run_of(2, 1, 1, 0.75)});
  const FinalScore& loss = group.final_score(FinalMetric::loss);
  CHECK(group.diverged == 1);
  CHECK_FALSE(loss.mean.has_value());
  CHECK(loss.median == 0.75);
  const FinalScore both = group_of({run_of(0, 1, 1, 0.25), run_of(1, 1, 1, 0.75)}).final_score(FinalMetric::loss);
  CHECK(both.mean == 0.5);
  CHECK(*both.deviation == Approx(std::sqrt(0.125)));
  CHECK(both.interval == Interval{0.25, 0.75});
  CHECK(group.final_score(FinalMetric::accuracy).count == 0);
}

TEST_CASE("a run is scored from its measurements and its summary", "[analysis][scores]") {
  const Json summary = {{"status", "finished"}, {"staleness", {{"mean", 3.5}}}};
  const RunScore run = score_run(summary, rows_of({1, 0.5, 0.25}), Target{"loss", 0.5});
  CHECK(run.cost(Cost::time) == 0.01);
  CHECK(cost_of(run.end, Cost::bits) == 200);
  CHECK(run.final_value(FinalMetric::loss) == 0.25);
  CHECK(run.final_value(FinalMetric::time) == 0.02);
  CHECK(run.final_value(FinalMetric::bits) == 200);
  CHECK(run.final_value(FinalMetric::staleness_mean) == 3.5);
  CHECK_FALSE(run.final_value(FinalMetric::test_loss).has_value());
  CHECK(score_run(summary, rows_of({1, 0.5}), std::nullopt).cost(Cost::time) == kNotReached);
}
