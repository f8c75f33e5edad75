#include "analysis/figures/sweep_figures.hpp"

#include <cmath>

#include "analysis/figures/sweep_curves.hpp"
#include "tests/analysis/figures/runs.hpp"
#include "tests/analysis/scores/sweeps.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

/// workers 2, 4 × learning_rate 0.1, 0.2, two seeds. Target loss ≤ 1, a measurement every 10 ms. Losses by measurement:
///
///   workers 2, rate 0.1: arrives at 20 ms with both seeds      workers 2, rate 0.2: at 30 ms with both
///   workers 4, rate 0.1: at 10 ms with both                    workers 4, rate 0.2: with neither
SweepResult four_groups() {
  SweepResult sweep;
  sweep.name = "four";
  sweep.scenario = {{"score", {{"target", {{"loss", 1.0}}}}}};
  sweep.axes = {axis_of("cluster.workers", {2, 4}), axis_of("algorithm.learning_rate", {0.1, 0.2})};
  sweep.repeats = 2;
  sweep.planned = 8;
  const std::vector<std::vector<double>> losses = {{3, 2, 1, 0.9}, {3, 2, 1.5, 0.8}, {3, 1, 0.7, 0.6}, {3, 2.5, 2, 1.5}};
  std::size_t index = 0;
  for (std::size_t w = 0; w < 2; ++w)
    for (std::size_t r = 0; r < 2; ++r)
      for (std::size_t repeat = 0; repeat < 2; ++repeat) sweep.points.push_back(point_of(index++, {w, r}, repeat, losses[2 * w + r]));
  return sweep;
}

SweepScore score_of(const SweepResult& sweep) { return score_sweep(sweep, score_spec_of(sweep.scenario, "test")); }

const FigureContent& view(const Figure& figure, const std::vector<std::string>& choice) {
  for (const Figure::View& v : figure.views)
    if (v.choice == choice) return v.content;
  FAIL("no such view");
  return figure.views.front().content;
}

}  // namespace

TEST_CASE("a heat map has the medians to the target and says why a cell has none", "[analysis][figures][sweep]") {
  const SweepResult sweep = four_groups();
  const SweepScore score = score_of(sweep);
  const std::vector<Figure> figures = sweep_figures(sweep, score);
  const auto& map = std::get<HeatMap>(view(*find_figure(figures, "scores"), {"workers × learning_rate", "time to loss <= 1", ""}));
  CHECK(map.row_labels == std::vector<std::string>{"2", "4"});
  CHECK(map.column_labels == std::vector<std::string>{"0.1", "0.2"});
  REQUIRE(map.values.size() == 4);
  CHECK(map.values[0] == Approx(0.020));
  CHECK(map.values[1] == Approx(0.030));
  CHECK(map.values[2] == Approx(0.010));
  CHECK(std::isnan(map.values[3]));
  CHECK(map.notes[3] == "0/2 arrived");
  CHECK(map.notes[0].empty());
}

TEST_CASE("a missing point is an empty cell, not a failed one", "[analysis][figures][sweep]") {
  SweepResult sweep = four_groups();
  sweep.points.resize(6);  // the sweep still runs: no point of workers 4, rate 0.2
  const SweepScore score = score_of(sweep);
  const std::vector<Figure> figures = sweep_figures(sweep, score);
  const auto& map = std::get<HeatMap>(view(*find_figure(figures, "scores"), {"workers × learning_rate", "time to loss <= 1", ""}));
  CHECK(std::isnan(map.values[3]));
  CHECK(map.notes[3] == "no result");
}

TEST_CASE("along an axis there is a curve per level of another one, and one of the tuned levels", "[analysis][figures][sweep]") {
  const SweepResult sweep = four_groups();
  const SweepScore score = score_of(sweep);
  const std::vector<Figure> figures = sweep_figures(sweep, score);
  const Figure& profiles = *find_figure(figures, "profiles");
  const auto& lines = std::get<LineFigure>(view(profiles, {"workers", "time to loss <= 1", "learning_rate", ""}));
  REQUIRE(lines.series.size() == 2);
  CHECK(lines.series[0].name == "0.1");
  CHECK(*lines.series[0].x[0] == std::vector<double>{2, 4});
  CHECK(lines.series[0].y->at(0) == Approx(0.020));
  CHECK(lines.series[0].y->at(1) == Approx(0.010));
  CHECK(lines.series[1].y->at(0) == Approx(0.030));
  CHECK(std::isnan(lines.series[1].y->at(1)));
}

TEST_CASE("speed-up is that of the tuned groups, with the ideal beside it", "[analysis][figures][sweep]") {
  // learning_rate is tuned by default: 0.1 is best for both, 20 ms on 2 workers and 10 ms on 4: a speed-up of 2, efficiency 1.
  const SweepResult sweep = four_groups();
  const SweepScore score = score_of(sweep);
  const std::vector<Figure> figures = sweep_figures(sweep, score);
  const auto& lines = std::get<LineFigure>(view(*find_figure(figures, "speedup"), {"speed-up"}));
  REQUIRE(lines.series.size() == 2);
  CHECK(*lines.series[0].y == std::vector<double>{1, 2});
  CHECK(lines.series[1].name == "ideal");
  CHECK(*lines.series[1].x[0] == std::vector<double>{2, 4});
  CHECK(*lines.series[1].y == std::vector<double>{1, 2});
  const auto& efficiency = std::get<LineFigure>(view(*find_figure(figures, "speedup"), {"efficiency"}));
  CHECK(*efficiency.series[0].y == std::vector<double>{1, 1});
}

TEST_CASE("the Pareto plot has the groups that arrived and marks the front", "[analysis][figures][sweep]") {
  // Bits grow with the measurements, 100 each: the group that arrives first beats the others in both.
  const SweepResult sweep = four_groups();
  const SweepScore score = score_of(sweep);
  const std::vector<Figure> figures = sweep_figures(sweep, score);
  const auto& scatter = std::get<Scatter>(find_figure(figures, "pareto")->views.at(0).content);
  REQUIRE(scatter.points.size() == 3);
  for (const Scatter::Point& p : scatter.points) CHECK(p.on_front == (p.x == 100));
  CHECK_THAT(find_figure(figures, "pareto")->note, Catch::Matchers::ContainsSubstring("1 group did not reach"));
}

TEST_CASE("without a target the figures that need one say so", "[analysis][figures][sweep]") {
  SweepResult sweep = four_groups();
  sweep.scenario = Json::object();
  const SweepScore score = score_of(sweep);
  const std::vector<Figure> figures = sweep_figures(sweep, score);
  CHECK_THAT(find_figure(figures, "pareto")->missing, Catch::Matchers::ContainsSubstring("--target"));
  CHECK_THAT(find_figure(figures, "speedup")->missing, Catch::Matchers::ContainsSubstring("--target"));
  CHECK_FALSE(find_figure(figures, "scores")->views.empty());
}

TEST_CASE("a curve is the median over the seeds, its band their range", "[analysis][figures][sweep]") {
  // Three seeds: at 10 ms the losses 2, 4, 9, so 4 in [2, 9]; at 20 ms 1, 2, 6, so 2 in [1, 6].
  SweepResult sweep;
  sweep.axes = {axis_of("algorithm", {"a"})};
  sweep.repeats = 3;
  sweep.planned = 3;
  const std::vector<std::vector<double>> losses = {{10, 2, 1}, {10, 9, 6}, {10, 4, 2}};
  for (std::size_t i = 0; i < 3; ++i) sweep.points.push_back(point_of(i, {0}, i, losses[i]));
  const SweepScore score = score_of(sweep);
  const Figure curves = sweep_curves(sweep, SweepAxes(score));
  const auto& lines = std::get<LineFigure>(view(curves, {"loss", "virtual time", "", ""}));
  REQUIRE(lines.series.size() == 1);
  CHECK(*lines.series[0].x[0] == std::vector<double>{0, 0.01, 0.02});
  CHECK(*lines.series[0].y == std::vector<double>{10, 4, 2});
  CHECK(*lines.series[0].low == std::vector<double>{10, 2, 1});
  CHECK(*lines.series[0].high == std::vector<double>{10, 9, 6});
}

TEST_CASE("curves end where half of the runs have ended; between measurements they are straight", "[analysis][figures][sweep]") {
  // Two seeds: 0 … 20 ms and 0 … 10 ms. Half of the runs (one of two) go to 20 ms; there only the first is left.
  SweepResult sweep;
  sweep.repeats = 2;
  sweep.planned = 2;
  sweep.points = {point_of(0, {}, 0, {4, 2, 1}), point_of(1, {}, 1, {8, 6})};
  sweep.points[1].rows.erase(sweep.points[1].rows.begin() + 1);
  sweep.points[1].rows.push_back(rows_of({0, 0, 6})[2]);  // 8 at 0 and 6 at 20 ms: 7 at 10 ms
  const SweepScore score = score_of(sweep);
  const Figure curves = sweep_curves(sweep, SweepAxes(score));
  const auto& lines = std::get<LineFigure>(view(curves, {"loss", "virtual time", "", ""}));
  CHECK(*lines.series[0].y == std::vector<double>{6, 4.5, 3.5});  // medians of 4 and 8, 2 and 7, 1 and 6
}

TEST_CASE("an axis of quantities is drawn in their base unit, in the order of its values", "[analysis][figures][sweep]") {
  SweepResult sweep;
  sweep.axes = {axis_of("cluster.topology.latency", {"10 ms", "50 us", "1 ms"})};
  sweep.planned = 3;
  for (std::size_t i = 0; i < 3; ++i) sweep.points.push_back(point_of(i, {i}, 0, {3, static_cast<double>(i)}));
  const SweepScore score = score_of(sweep);
  const std::vector<Figure> figures = sweep_figures(sweep, score);
  const auto& lines = std::get<LineFigure>(view(*find_figure(figures, "profiles"), {"latency", "final loss", "", ""}));
  CHECK(lines.x[0].unit == "s");
  CHECK(lines.x[0].log);
  REQUIRE(lines.series.size() == 1);
  CHECK(lines.series[0].x[0]->at(0) == Approx(50e-6));
  CHECK(lines.series[0].x[0]->at(2) == Approx(10e-3));
  CHECK(*lines.series[0].y == std::vector<double>{1, 2, 0});
}

TEST_CASE("an axis of names is drawn as bars", "[analysis][figures][sweep]") {
  SweepResult sweep;
  sweep.axes = {axis_of("algorithm", {"async_sgd", "sync_sgd"})};
  sweep.planned = 2;
  for (std::size_t i = 0; i < 2; ++i) sweep.points.push_back(point_of(i, {i}, 0, {3, static_cast<double>(i + 1)}));
  const SweepScore score = score_of(sweep);
  const std::vector<Figure> figures = sweep_figures(sweep, score);
  const auto& bars = std::get<BarFigure>(view(*find_figure(figures, "profiles"), {"algorithm", "final loss", "", ""}));
  CHECK(bars.labels == std::vector<std::string>{"async_sgd", "sync_sgd"});
  CHECK(bars.series.at(0).values == std::vector<double>{1, 2});
}
