#include "analysis/figures/activity_figures.hpp"

#include <cmath>

#include "tests/analysis/figures/runs.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

/// Two workers over 4 s: worker 0 computes all the time in steps of 1 s, worker 1 from 1 s to 3 s. A link at half of its capacity
/// between 2 s and 4 s. One message, one update.
NamedRun recorded_run() {
  NamedRun run = run_named("a", {2, 1});
  run.result.summary["workers_all"] = {{"count", 2}};
  RecordedEvents events;
  for (int i = 0; i < 4; ++i) events.computations.push_back({0, i, static_cast<double>(i), i + 1.0});
  events.computations.push_back({1, 0, 1, 3});
  events.names = {"server"};
  events.transfers.push_back({1, RecordedEvents::kFirstNamed, Traffic::uplink, 32, 3, 3.5});
  events.updates.push_back({1, 5, 2, 3.5, true});
  events.links = {"idle", "busy"};
  events.link_changes = {{0, 0, 0}, {1, 2, 0.5}};
  events.begin = 0;
  events.end = 4;
  run.events = std::move(events);
  return run;
}

double mean(const std::vector<double>& values, std::size_t begin, std::size_t end) {
  double sum = 0;
  for (std::size_t i = begin; i < end; ++i) sum += values[i];
  return sum / static_cast<double>(end - begin);
}

}  // namespace

TEST_CASE("a Gantt chart has a lane per worker, its computations, messages and updates", "[analysis][figures]") {
  const std::vector<Figure> figures = activity_figures({recorded_run()});
  const auto& gantt = std::get<Gantt>(find_figure(figures, "gantt")->views.at(0).content);
  CHECK(gantt.lanes == std::vector<std::string>{"worker 0", "worker 1"});
  REQUIRE(gantt.bars.size() == 7);  // 4 + 1 computations, a message sent (the server has no lane), an update
  CHECK(gantt.bars[1].lane == 0);
  CHECK(gantt.bars[1].start == 1);
  CHECK(gantt.bars[1].finish == 2);
  CHECK(gantt.bars[1].text == "at version 1");
  CHECK(gantt.kinds[gantt.bars[5].kind] == "sending");
  CHECK_THAT(gantt.bars[5].text, Catch::Matchers::ContainsSubstring("to server"));
  CHECK(gantt.kinds[gantt.bars[6].kind] == "update applied");
  CHECK(gantt.bars[6].text == "version 5, staleness 2");
  CHECK(gantt.window == Approx(10));  // ten computations of the median length, 1 s
}

TEST_CASE("utilisation is the covered share of each bin, unknown after the last computation", "[analysis][figures]") {
  const std::vector<Figure> figures = activity_figures({recorded_run()});
  const auto& map = std::get<HeatMap>(find_figure(figures, "utilisation")->views.at(0).content);
  const std::size_t bins = map.column_labels.size();
  REQUIRE(map.column_edges.size() == bins + 1);
  CHECK(map.column_edges.back() == Approx(4));
  CHECK(mean(map.values, 0, bins) == Approx(1));                // worker 0
  CHECK(mean(map.values, bins, bins + bins / 4) == Approx(0));  // worker 1 before 1 s
  CHECK(mean(map.values, bins + bins / 4, bins + 3 * bins / 4) == Approx(1));
  for (std::size_t i = bins + 3 * bins / 4; i < 2 * bins; ++i) REQUIRE(std::isnan(map.values[i]));
}

TEST_CASE("link load is the time-weighted mean of each bin, the most loaded link first", "[analysis][figures]") {
  const std::vector<Figure> figures = activity_figures({recorded_run()});
  const auto& map = std::get<HeatMap>(find_figure(figures, "link_load")->views.at(0).content);
  CHECK(map.row_labels == std::vector<std::string>{"busy", "idle"});
  const std::size_t bins = map.column_labels.size();
  CHECK(mean(map.values, 0, bins / 2) == Approx(0));
  CHECK(mean(map.values, bins / 2, bins) == Approx(0.5));
  CHECK(mean(map.values, bins, 2 * bins) == Approx(0));
}

TEST_CASE("of many workers and activities the first are shown, and the figure says so", "[analysis][figures]") {
  NamedRun run = run_named("a", {2, 1});
  run.result.summary["workers_all"] = {{"count", 1000}};
  RecordedEvents events;
  for (std::uint32_t i = 0; i < 50'000; ++i) events.computations.push_back({i % 1000, 0, i * 1e-3, i * 1e-3 + 1});
  events.end = 51;
  events.cut = "7 records left out";
  run.events = std::move(events);
  const std::vector<Figure> figures = activity_figures({run});
  const Figure& gantt = *find_figure(figures, "gantt");
  CHECK(std::get<Gantt>(gantt.views.at(0).content).lanes.size() == 32);
  CHECK_THAT(gantt.note, Catch::Matchers::ContainsSubstring("The first 32 of 1000 workers"));
  CHECK_THAT(gantt.note, Catch::Matchers::ContainsSubstring("7 records left out"));
}
