#include "analysis/plot/gnuplot.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "analysis/plot/gnuplot_script.hpp"
#include "sim/base/error.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// What a user may call a run: everything that gnuplot, its enhanced text, or SVG could take for more than text.
const std::string kNasty = "'a'b\"c`touch hacked`$x @y {z}^2_3 %d\n\\n<script>alert(1)</script>&amp;\nset output 'hacked'";

LineFigure curves() {
  LineFigure out;
  out.x = {{"time", "virtual time", "s", false}, {"bits", "bits sent", "bit", false}};
  out.y = {"loss", "loss", "", true};
  LineSeries s;
  s.name = "training";
  s.x = {numbers({0, 0.1, 0.2, 0.3}), numbers({0, 1e6, 2e6, 3e6})};
  s.y = numbers({2, 1, kUndefined, 0.5});
  s.low = numbers({1.5, 0.5, 0.5, 0});
  s.high = numbers({2.5, 1.5, 1.5, 1});
  out.series = {s, s};
  out.series[1].name = "test";
  out.series[1].low = out.series[1].high = nullptr;
  out.series[1].stroke = Stroke::dashed;
  out.series[1].color = 1;
  return out;
}

HeatMap heat_map() {
  HeatMap out;
  out.rows = {"delay", "delay", "", false};
  out.columns = {"workers", "workers", "", false};
  out.value = {"time", "time to target", "s", true};
  out.row_labels = {"1 ms", "100%"};
  out.column_labels = {"4", "8"};
  out.values = {0.25, 0.5, 1, kUndefined};
  out.notes = {"", "", "", "3/10"};
  return out;
}

Gantt gantt() {
  Gantt out;
  out.x = {"time", "virtual time", "s", false};
  out.lanes = {"worker 0", "worker 1"};
  out.kinds = {"computing", "sending", "receiving", "update applied", "contribution discarded"};
  out.bars = {{0, 0, 0, 0.003, ""}, {0, 1, 0.003, 0.004, ""}, {0, 3, 0.004, 0.004, ""}, {1, 0, 0.02, 0.03, ""}};
  out.window = 0.01;
  return out;
}

Scatter scatter() {
  Scatter out;
  out.x = {"time", "time to target", "s", true};
  out.y = {"bits", "bits to target", "bit", true};
  out.points = {{"fast", 1, 4e6, 0, true}, {"small", 4, 1e6, 1, true}, {"neither", 5, 5e6, 1, false}};
  out.groups = {"async", "sync"};
  return out;
}

BarFigure bars() {
  BarFigure out;
  out.x = {"staleness", "staleness", "versions", false};
  out.y = {"share", "share of the updates", "%", false};
  out.edges = {0, 1, 2};
  out.series = {{"updates", {0.25, 0.75}, 0}};
  return out;
}

std::vector<PlotItem> one_of_each() {
  return {{"curves", "Loss", curves(), false},
          {"heat", "Time to target", heat_map(), false},
          {"gantt", "Who did what when", gantt(), true},
          {"pareto", "Pareto front", scatter(), false},
          {"bars", "Staleness", bars(), false}};
}

std::string script_of(FigureContent content, const std::string& x = "", const std::string& title = "") {
  const std::vector<PlotItem> items = {{"figure", title, std::move(content), false}};
  const std::vector<std::filesystem::path> outputs = {"out.pdf"};
  return gnuplot_script(items, {.format = PlotFormat::pdf, .x = x}, outputs);
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return std::move(out).str();
}

bool gnuplot_is_installed() { return std::system("gnuplot --version >/dev/null 2>&1") == 0; }

}  // namespace

TEST_CASE("a text becomes one string of gnuplot, in which nothing is substituted", "[analysis][plot]") {
  // gnuplot's rules for double quotes: \ooo is a byte, `…` is a command; a line must not end within a string.
  CHECK(gnuplot_string("'it's") == R"("'it's")");
  CHECK(gnuplot_string("a\nb\tc\x7f") == R"("a b c ")");
  CHECK(gnuplot_string(R"(`ls` "$x" @y \n)") == R"("\140ls\140 \042$x\042 @y \134n")");
  CHECK(gnuplot_label("50 % of 'x'") == R"("50 %% of 'x'")");
  CHECK(gnuplot_string("") == R"("")");
  CHECK(gnuplot_lines("it's a long title", 8) == R"("it's a"."\n"."long"."\n"."title")");
  CHECK(gnuplot_lines("unbreakable", 3) == R"("unbreakable")");
}

TEST_CASE("curves: prefixed units, gaps, bands that end above zero, names in the key", "[analysis][plot]") {
  // Hand computation: 0.3 s are drawn as 300 ms; the undefined point is an empty line; the band's 0 becomes the least value above it.
  const std::string script = script_of(curves());
  CHECK_THAT(script, ContainsSubstring("set xlabel \"virtual time (ms)\" noenhanced\n"));
  CHECK_THAT(script, ContainsSubstring("set logscale y\n"));
  CHECK_THAT(script, ContainsSubstring("$data1 << END\n0 2 1.5 2.5 \n100 1 0.5 1.5 \n\n300 0.5 0.5 1 \nEND\n"));
  CHECK_THAT(script, ContainsSubstring("$data2 << END\n0 2 \n100 1 \n\n300 0.5 \nEND\n"));
  CHECK_THAT(script, ContainsSubstring("$data1 using 1:3:4 with filledcurves"));
  CHECK_THAT(script, ContainsSubstring("linecolor rgb '#0072b2' linewidth 1.6 dashtype 1 title \"training\""));
  CHECK_THAT(script, ContainsSubstring("linecolor rgb '#d55e00' linewidth 1.6 dashtype 2 title \"test\""));
  CHECK_THAT(script_of(curves(), "bits"), ContainsSubstring("set xlabel \"bits sent (Mbit)\" noenhanced\n"));
  CHECK(script_of(curves(), "samples") == script);  // an abscissa that it does not have
}

TEST_CASE("a long curve is thinned to what print resolves, with its peak", "[analysis][plot]") {
  LineFigure lines;
  lines.x = {{"time", "time", "s", false}};
  lines.y = {"loss", "loss", "", false};
  std::vector<double> x;
  for (int i = 0; i < 100'000; ++i) x.push_back(i);
  std::vector<double> y(x.size(), 1.0);
  y[54'321] = 7;
  lines.series = {{.name = "s", .x = {numbers(x)}, .y = numbers(y), .low = nullptr, .high = nullptr}};
  const std::string script = script_of(lines);
  CHECK(std::count(script.begin(), script.end(), '\n') < 5'000);
  CHECK_THAT(script, ContainsSubstring(" 7 \n"));
}

TEST_CASE("heat map: colours and numbers in cells, a note where there is no value", "[analysis][plot]") {
  // Columns of a cell: column, row from the top, value; 0.25 to 1 s are drawn as such. Dark cells have white ink.
  const std::string script = script_of(heat_map());
  CHECK_THAT(script, ContainsSubstring("$data1 << END\n0 0 0.25 \n1 0 0.5 \n0 1 1 \nEND\n"));
  CHECK_THAT(script, ContainsSubstring("set cblabel \"time to target (s)\""));
  CHECK_THAT(script, ContainsSubstring("set logscale cb\n"));
  CHECK_THAT(script, ContainsSubstring("set label \"0.25\" at 0,0 center front noenhanced font ',7' textcolor rgb '#ffffff'"));
  CHECK_THAT(script, ContainsSubstring("set label \"1\" at 0,1 center front noenhanced font ',7' textcolor rgb '#1a1f26'"));
  CHECK_THAT(script, ContainsSubstring("set label \"3/10\" at 1,1 center front noenhanced font ',6' textcolor rgb '#1a1f26'"));
  CHECK_THAT(script, ContainsSubstring("set ytics (\"1 ms\" 0, \"100%%\" 1)"));
}

TEST_CASE("Gantt chart: the first window, lanes from the top, marks for what takes no time", "[analysis][plot]") {
  // Hand computation, in ms: the window is 0 to 10, so the bar from 20 to 30 is not drawn.
  const std::string script = script_of(gantt());
  CHECK_THAT(script, ContainsSubstring("set xrange [0:10]\n"));
  CHECK_THAT(script, ContainsSubstring("set yrange [1.6:-0.6]\n"));
  CHECK_THAT(script, ContainsSubstring("$data1 << END\n1.5 0 0 3 -0.4 0.4 \nEND\n"));
  CHECK_THAT(script, ContainsSubstring("$data2 << END\n3.5 0 3 4 -0.2 0.2 \nEND\n"));
  CHECK_THAT(script, ContainsSubstring("$data3 << END\n4 0 \nEND\n"));
  CHECK(script.find("\"receiving\"") == std::string::npos);  // nothing to explain
}

TEST_CASE("scatter: a group per mark, the front as a staircase with names", "[analysis][plot]") {
  // From the top down to (1, 4), right and down to (4, 1), and on to the right (s, Mbit).
  const std::string script = script_of(scatter());
  CHECK_THAT(script, ContainsSubstring("\n1 4 \n4 4 \n4 1 \n"));
  CHECK_THAT(script, ContainsSubstring("set label \"fast\" at 1,4 "));
  CHECK(script.find("\"neither\"") == std::string::npos);
  CHECK_THAT(script, ContainsSubstring("title \"async\""));
}

TEST_CASE("long labels are cut short, by characters and not by bytes", "[analysis][plot]") {
  // 26 characters: 25 of the label and the mark that it goes on.
  HeatMap map = heat_map();
  map.row_labels = {"ääääääääääääääääääääääääää", "ääääääääääääääääääääääääääb"};
  CHECK_THAT(script_of(map), ContainsSubstring("(\"ääääääääääääääääääääääääää\" 0, \"äääääääääääääääääääääääää…\" 1)"));
}

TEST_CASE("names that would touch stand elsewhere or are left out", "[analysis][plot]") {
  // Three points at nearly one place: above right, below right, below left of it; a fourth above left; the fifth has no place left.
  Scatter crowd = scatter();
  crowd.points.clear();
  for (int i = 0; i < 5; ++i) crowd.points.push_back({fmt::format("n{}", i), 2 + 0.001 * i, 2e6, 0, true});
  crowd.points.push_back({"low", 1, 1e6, 0, false});
  crowd.points.push_back({"high", 4, 4e6, 0, false});
  const std::string script = script_of(crowd);
  CHECK_THAT(script, ContainsSubstring("set label \"n0\" at 2,2 left offset 0.7,0.5 "));
  CHECK_THAT(script, ContainsSubstring("set label \"n1\" at 2.001,2 left offset 0.7,-0.5 "));
  CHECK_THAT(script, ContainsSubstring("set label \"n2\" at 2.002,2 right offset -0.7,-0.5 "));
  CHECK_THAT(script, ContainsSubstring("set label \"n3\" at 2.003,2 right offset -0.7,0.5 "));
  CHECK(script.find("\"n4\"") == std::string::npos);
}

TEST_CASE("bars: a rectangle per bin; stacks stand on one another", "[analysis][plot]") {
  const std::string script = script_of(bars());
  CHECK_THAT(script, ContainsSubstring("$data1 << END\n0.5 12.5 0 1 0 25 \n1.5 37.5 1 2 0 75 \nEND\n"));
  BarFigure stacks;
  stacks.x = {"worker", "worker", "", false};
  stacks.y = {"time", "virtual time", "s", false};
  stacks.labels = {"0", "1"};
  stacks.series = {{"computing", {2, 1}, 0}, {"waiting", {1, 2}, 4}};
  stacks.stacked = true;
  CHECK_THAT(script_of(stacks), ContainsSubstring("$data2 << END\n0 2.5 -0.4 0.4 2 3 \n1 2 0.6 1.4 1 3 \nEND\n"));
}

TEST_CASE("files: pages of one PDF, a file per figure otherwise", "[analysis][plot]") {
  using Paths = std::vector<std::filesystem::path>;
  const std::vector<PlotItem> items = one_of_each();
  const std::span<const PlotItem> two(items.data(), 2);
  CHECK(plot_files(two, {.format = PlotFormat::pdf, .x = ""}, "a/f.pdf") == Paths{"a/f.pdf"});
  CHECK(plot_files(two, {.format = PlotFormat::svg, .x = ""}, "a/f.svg") == Paths{"a/f-curves.svg", "a/f-heat.svg"});
  CHECK(plot_files(two.first(1), {.format = PlotFormat::png, .x = ""}, "f.png") == Paths{"f.png"});
}

TEST_CASE("gnuplot draws every kind of figure in every format", "[analysis][plot]") {
  // The formats' own marks: a PDF has a page per figure; an SVG has paths and text; a PNG has its signature.
  SKIP_IF(!gnuplot_is_installed(), "needs gnuplot");
  const TemporaryDirectory folder;
  const std::vector<PlotItem> items = one_of_each();
  draw_plots(items, {.format = PlotFormat::pdf, .x = ""}, folder / "all.pdf");
  const std::string pdf = text_of(folder / "all.pdf");
  CHECK(pdf.starts_with("%PDF-"));
  CHECK(pdf.size() > 5'000);
  draw_plots(items, {.format = PlotFormat::svg, .x = ""}, folder / "f.svg");
  draw_plots(items, {.format = PlotFormat::png, .x = ""}, folder / "f.png");
  for (const PlotItem& item : items) {
    INFO(item.name);
    const std::string svg = text_of(folder / ("f-" + item.name + ".svg"));
    CHECK_THAT(svg, ContainsSubstring("<path"));
    CHECK_THAT(svg, ContainsSubstring(item.title));
    CHECK_THAT(svg, ContainsSubstring("</svg>"));
    const std::string png = text_of(folder / ("f-" + item.name + ".png"));
    CHECK(png.starts_with("\x89PNG"));
    CHECK(png.size() > 5'000);
  }
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 11);  // nothing temporary is left
}

TEST_CASE("names from the user stay text in gnuplot and in SVG", "[analysis][plot]") {
  SKIP_IF(!gnuplot_is_installed(), "needs gnuplot");
  const TemporaryDirectory folder;
  LineFigure lines = curves();
  lines.series[0].name = kNasty;
  lines.y.label = kNasty;
  HeatMap map = heat_map();
  map.row_labels = {kNasty, kNasty};
  map.notes[3] = kNasty;
  Gantt lanes = gantt();
  lanes.lanes[0] = kNasty;
  Scatter points = scatter();
  points.points[0].name = points.groups[0] = kNasty;
  BarFigure categories = bars();
  categories.edges.clear();
  categories.labels = {kNasty, "b"};
  const std::vector<PlotItem> items = {{"lines", kNasty, lines, false},
                                       {"map", kNasty, map, false},
                                       {"lanes", kNasty, lanes, false},
                                       {"points", kNasty, points, false},
                                       {"categories", kNasty, categories, false}};
  draw_plots(items, {.format = PlotFormat::svg, .x = ""}, folder / "f.svg");
  for (const PlotItem& item : items) {
    INFO(item.name);
    const std::string svg = text_of(folder / ("f-" + item.name + ".svg"));
    CHECK_THAT(svg, ContainsSubstring("<text>'a'b\"c`touch hacked`$x"));
    CHECK_THAT(svg, ContainsSubstring("%d \\n&lt;script>"));  // gnuplot leaves ">" as it is, which SVG allows
    CHECK(svg.find("<script>alert") == std::string::npos);
  }
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 5);
  CHECK_FALSE(std::filesystem::exists("hacked"));
}

TEST_CASE("a folder that is missing is refused, and what gnuplot complains of is passed on", "[analysis][plot]") {
  const TemporaryDirectory folder;
  const std::vector<PlotItem> items = {{"bars", "", bars(), false}};
  CHECK_THROWS_AS(draw_plots(items, {.format = PlotFormat::pdf, .x = ""}, folder / "absent/f.pdf"), InputError);
  SKIP_IF(!gnuplot_is_installed(), "needs gnuplot");
  std::filesystem::create_directory(folder / "f.pdf.peloton-tmp");  // where gnuplot is to write
  CHECK_THROWS_AS(draw_plots(items, {.format = PlotFormat::pdf, .x = ""}, folder / "f.pdf"), Failure);
}
