#include "analysis/report/page.hpp"
#include "tests/scenarios/browser.hpp"

using namespace peloton;
using namespace peloton::test;
using Catch::Matchers::ContainsSubstring;

namespace {

const char* const kSmall = R"({
  "name": "small",
  "cluster": {"workers": 3, "compute": {"distribution": "exponential", "mean": "10 ms"}},
  "task": {"model": {"kind": "softmax"}, "data": {"kind": "blobs", "samples": 100, "features": 4, "classes": 3}, "batch_size": 4},
  "algorithm": {"name": "async_sgd", "learning_rate": 0.1},
  "measure": {"every": "20 ms"},
  "stop": {"updates": 50}})";

const char* const kSweep = R"({
  "name": "grid",
  "cluster": {"workers": 2, "compute": {"distribution": "exponential", "mean": "10 ms"}},
  "task": {"model": {"kind": "quadratic", "dimension": 4}},
  "algorithm": {"name": "async_sgd", "learning_rate": 0.1},
  "measure": {"updates": 5},
  "stop": {"updates": 200},
  "score": {"target": "suboptimality<=0.5"},
  "sweep": {"cluster.workers": [1, 2, 4], "algorithm.learning_rate": [0.02, 0.1, 0.3], "algorithm.name": ["async_sgd", "sync_sgd"], "repeat": 3}})";

bool has_dygraphs() { return std::filesystem::exists(dygraphs_folder() / "dygraph.min.js"); }

}  // namespace

TEST_CASE("a browser draws every chart of a run's report without a script error", "[scenarios][report][browser]") {
  const auto browser = find_browser();
  SKIP_IF(!browser, "no Chromium or Chrome is installed");
  SKIP_IF(!has_dygraphs(), "libjs-dygraphs is not installed");
  const TemporaryDirectory folder;
  write_file(folder / "s.json", kSmall);
  REQUIRE(shell(folder, "peloton run s.json --out r --report --quiet --set twin.remove=delay").code == 0);
  const std::string at_the_end = read_file(folder / "r/report.html");
  const Outcome report = shell(folder, "peloton report r");
  REQUIRE(report.code == 0);
  CHECK(report.out == "r/report.html\n");
  CHECK(read_file(folder / "r/report.html") == at_the_end);
  const Rendered page = render(folder, *browser, folder / "r/report.html");
  REQUIRE(page.errors == 0);
  for (const char* figure : {"loss", "accuracy", "grad_norm", "staleness_histogram", "staleness", "twin_distance", "gradient_discrepancy",
                             "twin_loss_gap", "traffic", "workers", "gantt", "utilisation", "link_load"}) {
    INFO(figure);
    REQUIRE(page.drawn.count(figure) == 1);
    CHECK(page.drawn.at(figure) > 0);
  }
}

TEST_CASE("a browser draws every chart of a sweep's report without a script error", "[scenarios][report][browser]") {
  const auto browser = find_browser();
  SKIP_IF(!browser, "no Chromium or Chrome is installed");
  SKIP_IF(!has_dygraphs(), "libjs-dygraphs is not installed");
  const TemporaryDirectory folder;
  write_file(folder / "s.json", kSweep);
  REQUIRE(shell(folder, "peloton sweep s.json --out g --quiet").code == 0);
  REQUIRE(shell(folder, "peloton report g").code == 0);
  const Rendered page = render(folder, *browser, folder / "g/report.html");
  REQUIRE(page.errors == 0);
  for (const char* figure : {"scores", "profiles", "speedup", "pareto", "curves", "table", "comparison"}) {
    INFO(figure);
    REQUIRE(page.drawn.count(figure) == 1);
    CHECK(page.drawn.at(figure) > 0);
  }
}

TEST_CASE("names that look like markup are drawn as they are", "[scenarios][report][browser]") {
  const auto browser = find_browser();
  SKIP_IF(!browser, "no Chromium or Chrome is installed");
  SKIP_IF(!has_dygraphs(), "libjs-dygraphs is not installed");
  const TemporaryDirectory folder;
  write_file(folder / "s.json", kSmall);
  const std::string name = "<img src=x onerror=alert(1)>é";
  REQUIRE(shell(folder, "peloton run s.json --out a --quiet --set 'name=\"" + name + "\"'").code == 0);
  REQUIRE(shell(folder, "peloton run s.json --out b --quiet --seed 2").code == 0);
  REQUIRE(shell(folder, "peloton report a b -o both.html").code == 0);
  const Rendered page = render(folder, *browser, folder / "both.html");
  CHECK(page.errors == 0);
  CHECK(page.drawn.at("loss") > 0);
  CHECK(page.document.find("<img") == std::string::npos);
  CHECK_THAT(page.document, ContainsSubstring("&lt;img src=x onerror=alert(1)&gt;é"));
}

TEST_CASE("report refuses what it cannot show, and leaves no half page", "[scenarios][report]") {
  const TemporaryDirectory folder;
  write_file(folder / "s.json", kSmall);
  REQUIRE(shell(folder, "peloton run s.json --out r --quiet").code == 0);
  const auto refusal = [&](const std::string& arguments) {
    const Outcome outcome = shell(folder, "peloton report " + arguments);
    CHECK(outcome.code == 2);
    CHECK(outcome.out.empty());
    return outcome.err;
  };
  CHECK_THAT(refusal(""), ContainsSubstring("DIR… is missing"));
  CHECK_THAT(refusal("nowhere"), ContainsSubstring("nowhere: must be the output folder of a run"));
  CHECK_THAT(refusal("r --target 'loss<=1'"), ContainsSubstring("--target: sweeps are scored"));
  CHECK_THAT(refusal("r -o missing/page.html"), ContainsSubstring("there is no folder missing"));
  CHECK_THAT(refusal("r -o r"), ContainsSubstring("must be a file"));
  CHECK_THAT(refusal("r r"), ContainsSubstring("given twice"));
  write_file(folder / "r/summary.json", "{\"name\": 5}");
  CHECK_THAT(refusal("r"), ContainsSubstring("not as peloton wrote it"));
  CHECK_FALSE(std::filesystem::exists(folder / "r/report.html"));
  CHECK_FALSE(std::filesystem::exists(folder / "missing"));
}
