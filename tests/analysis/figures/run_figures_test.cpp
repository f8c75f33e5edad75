#include "analysis/figures/run_figures.hpp"

#include <cmath>
#include <fstream>
#include <limits>

#include "tests/analysis/figures/runs.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

TEST_CASE("the loss is drawn over time, bits and updates; what never moves is no abscissa", "[analysis][figures]") {
  const std::vector<Figure> figures = run_figures({run_named("a", {2, 1, 0.5})});
  const Figure* loss = find_figure(figures, "loss");
  REQUIRE(loss != nullptr);
  const auto& lines = std::get<LineFigure>(loss->views.at(0).content);
  REQUIRE(lines.x.size() == 3);  // no samples in these rows
  CHECK(lines.x[0].name == "time");
  CHECK(lines.x[0].unit == "s");
  CHECK(lines.x[1].name == "bits");
  CHECK(lines.x[2].name == "updates");
  REQUIRE(lines.series.size() == 1);
  CHECK(*lines.series[0].x[0] == std::vector<double>{0, 1, 2});
  CHECK(*lines.series[0].x[1] == std::vector<double>{0, 100, 200});
  CHECK(*lines.series[0].x[2] == std::vector<double>{0, 10, 20});
  CHECK(*lines.series[0].y == std::vector<double>{2, 1, 0.5});
  CHECK_FALSE(lines.y.log);
  CHECK(find_figure(figures, "accuracy") == nullptr);  // not measured, and not missed
}

TEST_CASE("a loss over two decades is drawn logarithmically, one that reaches zero is not", "[analysis][figures]") {
  const auto log_of = [](const std::vector<double>& losses) {
    const std::vector<Figure> figures = run_figures({run_named("a", losses)});
    return std::get<LineFigure>(find_figure(figures, "loss")->views.at(0).content).y.log;
  };
  CHECK(log_of({10, 1, 0.1}));
  CHECK_FALSE(log_of({10, 1, 0.0}));
}

TEST_CASE("what is not finite is a gap", "[analysis][figures]") {
  const std::vector<Figure> figures = run_figures({run_named("a", {2, std::numeric_limits<double>::infinity(), 1})});
  const auto& lines = std::get<LineFigure>(find_figure(figures, "loss")->views.at(0).content);
  CHECK(std::isnan(lines.series[0].y->at(1)));
  CHECK(lines.series[0].y->at(2) == 1);
}

TEST_CASE("several runs share a figure, a colour for each", "[analysis][figures]") {
  const std::vector<Figure> figures = run_figures({run_named("a", {2, 1}), run_named("b", {3, 1, 0.5})});
  const auto& lines = std::get<LineFigure>(find_figure(figures, "loss")->views.at(0).content);
  REQUIRE(lines.series.size() == 2);
  CHECK(lines.series[0].name == "a");
  CHECK(lines.series[1].name == "b");
  CHECK(lines.series[0].color == 0);
  CHECK(lines.series[1].color == 1);
  CHECK(lines.series[1].y->size() == 3);
}

TEST_CASE("the staleness histogram has bins of a round width and shares that sum to one", "[analysis][figures]") {
  NamedRun run = run_named("a", {2, 1});
  // 0 … 119 once each and 3 once more: 120 values over at most 50 bins are bins of 5 (120 / 2 = 60 are too many); 121 updates.
  Json histogram = Json::array();
  for (int s = 0; s < 120; ++s) histogram.push_back(Json::array({s, s == 3 ? 2 : 1}));
  run.result.summary["staleness"]["histogram"] = histogram;
  const std::vector<Figure> figures = run_figures({run});
  const auto& bars = std::get<BarFigure>(find_figure(figures, "staleness_histogram")->views.at(0).content);
  CHECK(bars.edges.front() == 0);
  CHECK(bars.edges[1] == 5);
  REQUIRE(bars.series.size() == 1);
  CHECK(bars.series[0].values[0] == Approx(6.0 / 121));
  CHECK(bars.series[0].values[1] == Approx(5.0 / 121));
  double sum = 0;
  for (const double share : bars.series[0].values) sum += share;
  CHECK(sum == Approx(1));
}

TEST_CASE("a thin tail does not squeeze the histogram, and is told", "[analysis][figures]") {
  NamedRun run = run_named("a", {2, 1});
  // 997 updates with staleness 0 … 9, three with 5000: 99.5 % are at most 9, and the tail is 0.3 %.
  Json histogram = Json::array({Json::array({0, 500}), Json::array({9, 497}), Json::array({5000, 3})});
  run.result.summary["staleness"]["histogram"] = histogram;
  const std::vector<Figure> figures = run_figures({run});
  const Figure& figure = *find_figure(figures, "staleness_histogram");
  const auto& bars = std::get<BarFigure>(figure.views.at(0).content);
  CHECK(bars.edges.front() == 0);
  CHECK(bars.edges[1] == 1);
  CHECK(bars.edges.back() <= 12);
  CHECK(bars.series[0].values[9] == Approx(0.497));
  CHECK_THAT(figure.note, Catch::Matchers::ContainsSubstring("0.3 % of the updates lie above 9"));
}

TEST_CASE("figures without data say how to get them", "[analysis][figures]") {
  const std::vector<Figure> figures = run_figures({run_named("a", {2, 1})});
  CHECK(find_figure(figures, "gantt")->views.empty());
  CHECK_THAT(find_figure(figures, "gantt")->missing, Catch::Matchers::ContainsSubstring("--events"));
  CHECK_THAT(find_figure(figures, "twin_distance")->missing, Catch::Matchers::ContainsSubstring("twin"));
  NamedRun timing = run_named("t", {1});
  timing.result.scenario["learning"] = false;
  timing.result.rows[0].loss.reset();
  CHECK_THAT(find_figure(run_figures({timing}), "loss")->missing, Catch::Matchers::ContainsSubstring("Timing only"));
}

TEST_CASE("runs are named by their scenario, by their folder where scenarios repeat", "[analysis][figures]") {
  const TemporaryDirectory folder;
  const auto write = [&](const std::string& where, const std::string& name) {
    std::filesystem::create_directories(folder / where);
    std::ofstream(folder / where / "summary.json") << Json{{"name", name}}.dump();
    std::ofstream(folder / where / "scenario.resolved.json") << Json{{"name", name}}.dump();
    std::ofstream(folder / where / "metrics.csv") << metrics_csv({});
  };
  write("x/one", "s");
  write("x/two", "s");
  write("y/one", "s");
  write("z", "other");
  const auto names = [&](const std::vector<std::filesystem::path>& folders) {
    std::vector<std::string> out;
    for (const NamedRun& run : read_named_runs(folders)) out.push_back(run.name);
    return out;
  };
  CHECK(names({folder / "x/one", folder / "z"}) == std::vector<std::string>{"s", "other"});
  CHECK(names({folder / "x/one/", folder / "x/two"}) == std::vector<std::string>{"one", "two"});
  CHECK(names({folder / "x/one", folder / "y/one"}) == std::vector<std::string>{(folder / "x/one").string(), (folder / "y/one").string()});
  CHECK_THROWS_AS(names({folder / "z", folder / "z"}), InputError);
}
