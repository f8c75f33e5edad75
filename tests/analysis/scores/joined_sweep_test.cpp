#include "analysis/scores/joined_sweep.hpp"

#include "analysis/scores/sweep_score.hpp"
#include "tests/analysis/scores/sweeps.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

/// One point per worker count and seed; each arrives at the row that its worker count says.
SweepResult sweep_of(const std::vector<Json>& workers, const std::vector<std::uint64_t>& seeds, const std::vector<std::size_t>& rows) {
  SweepResult sweep;
  sweep.axes = {axis_of("cluster.workers", workers)};
  for (std::size_t w = 0; w < workers.size(); ++w) {
    for (std::size_t r = 0; r < seeds.size(); ++r) {
      std::vector<double> losses(10, 1.0);
      for (std::size_t i = rows[w]; i < losses.size(); ++i) losses[i] = 0;
      sweep.points.push_back(point_of(sweep.points.size(), {w}, r, losses));
      sweep.points.back().seed = seeds[r];
    }
  }
  sweep.planned = sweep.points.size();
  return sweep;
}

}  // namespace

TEST_CASE("joined sweeps share levels by value and repeats by seed", "[analysis][scores][joined_sweep]") {
  // a: 4 and 8 workers with seeds 1, 2; b: 8 and 4 workers with seeds 2, 3. Levels of b's workers are 1 and 0; seed 2 is repeat 1 in both.
  const SweepResult joined = joined_sweep({{"a", sweep_of({4, 8}, {1, 2}, {5, 3})}, {"b", sweep_of({8, 4}, {2, 3}, {2, 6})}});
  REQUIRE(joined.axes.size() == 2);
  CHECK(joined.axes[0].labels == std::vector<std::string>{"a", "b"});
  CHECK(joined.axes[1].values == std::vector<Json>{4, 8});
  REQUIRE(joined.points.size() == 8);
  CHECK(joined.repeats == 3);
  CHECK(joined.points[4].levels == std::vector<std::size_t>{1, 1});
  CHECK(joined.points[4].repeat == 1);
  CHECK(joined.points[7].levels == std::vector<std::size_t>{1, 0});
  CHECK(joined.points[7].repeat == 2);
}

TEST_CASE("groups of two sweeps are set against each other in pairs of the same seed", "[analysis][scores][joined_sweep]") {
  ScoreSpec spec;
  spec.target = Target{"loss", 0.5};
  spec.compare = kSweepAxis;
  spec.resamples = 100;
  const SweepScore score =
      score_sweep(joined_sweep({{"a", sweep_of({4, 8}, {1, 2}, {5, 3})}, {"b", sweep_of({8, 4}, {2, 3}, {2, 6})}}), spec);
  REQUIRE(score.comparisons.size() == 2);  // at 4 workers +1 row, at 8 workers −1 row; the common seed is 2
  CHECK(score.comparisons[0].cost(Cost::time).pairs == 1);
  CHECK(*score.comparisons[0].cost(Cost::time).median == Approx(0.01));
  CHECK(*score.comparisons[1].cost(Cost::time).median == Approx(-0.01));
}

TEST_CASE("sweeps over other values are told apart", "[analysis][scores][joined_sweep]") {
  SweepResult other = sweep_of({4}, {1}, {5});
  other.axes[0].path = "task.batch_size";
  CHECK(same_axes({{"a", sweep_of({4}, {1}, {5})}, {"b", sweep_of({2, 4}, {1}, {5, 5})}}));
  CHECK_FALSE(same_axes({{"a", sweep_of({4}, {1}, {5})}, {"b", other}}));
}
