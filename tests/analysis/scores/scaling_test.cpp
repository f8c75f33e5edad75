#include "analysis/scores/scaling.hpp"

#include "tests/analysis/scores/sweeps.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

const std::vector<SweepAxis> kAxes = {axis_of("cluster.workers", {8, 2, 4}), axis_of("algorithm.learning_rate", {0.1, 0.2})};

Bootstrap bootstrap() { return Bootstrap({.confidence = 0.95, .resamples = 1000}); }

GroupScore group_of(std::size_t workers, std::size_t step, const std::vector<double>& milliseconds) {
  std::vector<RunScore> runs;
  for (std::size_t r = 0; r < milliseconds.size(); ++r) runs.push_back(run_of(r, milliseconds[r]));
  Bootstrap b = bootstrap();
  return score_group({workers, step}, std::move(runs), b);
}

}  // namespace

TEST_CASE("speed-up is T(n0) / T(n), efficiency that over n / n0", "[analysis][scores][scaling]") {
  // T(2) = 80, T(4) = 50, T(8) = 40 ms: speed-ups 1, 1.6, 2; efficiencies 1, 0.8, 0.5.
  Bootstrap b = bootstrap();
  const std::vector<GroupScore> groups = {group_of(0, 0, {40}), group_of(1, 0, {80}), group_of(2, 0, {50})};
  const std::vector<ScalingCurve> curves = scaling_curves(groups, {0, 1, 2}, kAxes, 0, std::nullopt, b);
  REQUIRE(curves.size() == 1);
  const std::vector<ScalingPoint>& points = curves[0].points;
  REQUIRE(points.size() == 3);
  CHECK(points[0].workers == 2);
  CHECK(points[0].speedup == 1);
  CHECK(*points[1].speedup == Approx(1.6));
  CHECK(*points[1].efficiency == Approx(0.8));
  CHECK(*points[2].speedup == Approx(2));
  CHECK(*points[2].efficiency == Approx(0.5));
  CHECK_FALSE(points[2].speedup_interval.has_value());
}

TEST_CASE("the band resamples repeats in pairs", "[analysis][scores][scaling]") {
  // Each repeat is exactly twice as fast with 4 workers: every resample has speed-up 2 although times spread from 10 to 90 ms.
  Bootstrap b = bootstrap();
  const std::vector<GroupScore> groups = {group_of(1, 0, {20, 100, 180}), group_of(2, 0, {10, 50, 90})};
  const ScalingPoint point = scaling_curves(groups, {0, 1}, kAxes, 0, std::nullopt, b)[0].points[1];
  CHECK(point.speedup_interval->low == Approx(2));
  CHECK(point.speedup_interval->high == Approx(2));
  CHECK(point.efficiency_interval->high == Approx(1));
}

TEST_CASE("curves are told apart by the other axes, the tuned one excepted", "[analysis][scores][scaling]") {
  Bootstrap b = bootstrap();
  const std::vector<GroupScore> groups = {group_of(1, 0, {80}), group_of(2, 1, {40}), group_of(0, 1, {-40})};
  CHECK(scaling_curves(groups, {0, 1}, kAxes, 0, std::nullopt, b).empty());
  const std::vector<ScalingCurve> curves = scaling_curves(groups, {0, 1, 2}, kAxes, 0, 1, b);
  REQUIRE(curves.size() == 1);
  CHECK(curves[0].points[1].speedup == 2);
  CHECK_FALSE(curves[0].points[2].speedup.has_value());  // 8 workers did not arrive
}
