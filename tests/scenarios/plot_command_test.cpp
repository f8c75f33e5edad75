#include <filesystem>

#include "tests/scenarios/process.hpp"

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

/// A folder with the run "r", which recorded its events.
void make_run(const TemporaryDirectory& folder) {
  write_file((folder / "s.json").string(), kSmall);
  REQUIRE(shell(folder, "peloton run s.json --quiet --out r --events").code == 0);
}

}  // namespace

TEST_CASE("plot draws the figures of a run: all into a PDF beside it, or those asked for", "[scenarios][plot]") {
  SKIP_IF(std::system("gnuplot --version >/dev/null 2>&1") != 0, "needs gnuplot");
  const TemporaryDirectory folder;
  make_run(folder);
  const Outcome all = shell(folder, "peloton plot r");
  CHECK(all.code == 0);
  CHECK(all.out == "r/figures.pdf\n");
  CHECK(read_file((folder / "r/figures.pdf").string()).starts_with("%PDF-"));
  const Outcome two = shell(folder, "peloton plot r --figure loss --figure gantt -o fig.svg");
  CHECK(two.out == "fig-loss.svg\nfig-gantt.svg\n");
  CHECK_THAT(read_file((folder / "fig-loss.svg").string()), ContainsSubstring("<path"));
  const Outcome curve = shell(folder, "peloton plot r --y accuracy --x bits --no-title -o fig.png");
  CHECK(curve.out == "fig.png\n");
  CHECK(read_file((folder / "fig.png").string()).starts_with("\x89PNG"));
}

TEST_CASE("plot lists figures and prints scripts without gnuplot", "[scenarios][plot]") {
  const TemporaryDirectory folder;
  make_run(folder);
  const Outcome list = shell(folder, "PATH=/nowhere; peloton plot r --list");
  CHECK(list.code == 0);
  for (const char* name : {"loss ", "accuracy ", "staleness_histogram ", "gantt ", "link_load "})
    CHECK_THAT(list.out, ContainsSubstring(name));
  const Outcome script = shell(folder, "PATH=/nowhere; peloton plot r --figure loss --x updates --script");
  CHECK(script.code == 0);
  CHECK_THAT(script.out, ContainsSubstring("set output \"./r/figures.pdf\"\n"));
  CHECK_THAT(script.out, ContainsSubstring("set xlabel \"updates\""));
  const Outcome missing = shell(folder, "PATH=/nowhere; peloton plot r");
  CHECK(missing.code == 1);
  CHECK_THAT(missing.err, ContainsSubstring("the package gnuplot-nox"));
  CHECK_FALSE(std::filesystem::exists(folder / "r/figures.pdf"));
}

TEST_CASE("wrong requests for plots are refused with what there is", "[scenarios][plot]") {
  const TemporaryDirectory folder;
  make_run(folder);
  REQUIRE(shell(folder, "peloton run s.json --quiet --out bare").code == 0);
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"r --figure los", "did you mean \"loss\"?"},
      {"bare --figure gantt", "--figure gantt: Not recorded"},
      {"r --x tmie", "--x: must be one of time, bits, updates, samples; got \"tmie\" (did you mean \"time\"?)"},
      {"r --y los", "did you mean \"loss\"?"},
      {"r --y loss --figure gantt", "no figure fits"},
      {"r --choose run", "--choose: must be SELECTOR=CHOICE"},
      {"r --choose run=x", "--choose: every figure has one view only"},
      {"r -o fig.jpg", "--out: must end with .pdf, .svg or .png, got \"fig.jpg\""},
      {"r -o absent/fig.pdf", "absent does not exist"},
      {"absent", "absent"},
      {"", "DIR… is missing"},
  };
  for (const auto& [arguments, expected] : cases) {
    INFO(arguments);
    const Outcome plot = shell(folder, "peloton plot " + arguments);
    CHECK(plot.code == 2);
    CHECK_THAT(plot.err, ContainsSubstring(expected));
  }
}
