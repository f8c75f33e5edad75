#include <filesystem>

#include "analysis/text.hpp"
#include "tests/scenarios/process.hpp"

using namespace peloton;
using namespace peloton::test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// f(x) = x² / 2 from x = 1 by gradient descent with η = 1/2: x halves with every update, the loss quarters. An update takes 1 ms.
const char* const kHalving = R"({
  "name": "halving", "precision": "float64", "wire_dtype": "float64",
  "cluster": {"workers": 1, "compute": {"distribution": "constant", "value": "1 ms"}, "network": {"model": "none"}},
  "task": {"model": {"kind": "quadratic", "eigenvalues": [1], "initial": "ones"}},
  "algorithm": {"name": "sync_sgd", "learning_rate": 0.5},
  "measure": {"updates": 1},
  "stop": {"updates": 8}})";

struct Folder {
  TemporaryDirectory folder;
  Folder() { write_file((folder.path() / "s.json").string(), kHalving); }
  Outcome operator()(const std::string& command) const { return shell(folder, command); }
  std::string file(const std::string& name) const { return read_file((folder.path() / name).string()); }
};

}  // namespace

TEST_CASE("two runs stand side by side with their ratios", "[scenarios][compare]") {
  // Loss 0.5 · 4^−k after k updates; with η = 0.75, 0.5 · 16^−k: loss ≤ 0.01 after 3 updates and after 2.
  const Folder in;
  REQUIRE(in("peloton run s.json --out a && peloton run s.json --out b --set algorithm.learning_rate=0.75").code == 0);
  const Outcome outcome = in("peloton compare a b --target 'loss<=0.01' --csv c.csv");
  INFO(outcome.out << outcome.err);
  REQUIRE(outcome.code == 0);
  CHECK_THAT(outcome.out, ContainsSubstring("algorithm.learning_rate"));
  CHECK_THAT(outcome.out, ContainsSubstring("loss <= 0.01"));
  CHECK_THAT(outcome.out, ContainsSubstring("3 ms"));
  CHECK_THAT(outcome.out, ContainsSubstring("×0.667"));
  const std::string csv = in.file("c.csv");
  CHECK_THAT(csv, ContainsSubstring("run,algorithm.learning_rate"));
  CHECK_THAT(csv, ContainsSubstring("loss <= 0.01,0.003,0.001,1,"));
  CHECK_THAT(csv, ContainsSubstring("loss <= 0.01,0.002,0.001,0.6666666666666666,"));
}

TEST_CASE("without a target the lowest loss that both reached is taken, and said so", "[scenarios][compare]") {
  // After 8 updates the slower one has loss 0.5 · 4^−8 = 7.629e-6, rounded up to 7.63e-6.
  const Folder in;
  REQUIRE(in("peloton run s.json --out a && peloton run s.json --out b --set algorithm.learning_rate=0.75").code == 0);
  const Outcome outcome = in("peloton compare a b");
  CHECK_THAT(outcome.out, ContainsSubstring("to the lowest loss that all of them reached"));
  CHECK_THAT(outcome.out, ContainsSubstring("loss <= 7.63e-06"));
  CHECK_THAT(in("peloton compare a b --target 'loss<=1e-9'").out, ContainsSubstring("not reached"));
}

TEST_CASE("what cannot be compared is refused", "[scenarios][compare]") {
  const Folder in;
  REQUIRE(in("peloton run s.json --out a && peloton run s.json --out b && peloton sweep s.json --repeat 2 --out sweep --quiet").code == 0);
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"a", "B… is missing"},
      {"a missing", "missing: must be the output folder of a run or a sweep"},
      {"a a/", "a/: is given twice"},
      {"a sweep", "a holds a run, sweep a sweep: runs are compared with runs, sweeps with sweeps"},
      {"a b --target 'loss>=1'", "--target: must be \"loss<=1\" (loss is to fall), got \"loss>=1\""},
      {"a b --target 'accuracy>=0.5'", "--target: the runs do not measure accuracy"},
      {"a b --tune none", "--tune: is for sweeps; these are runs"},
      {"a b --in-a-row 2", "--in-a-row: needs --target"},
  };
  for (const auto& [arguments, expected] : cases) {
    INFO(arguments);
    const Outcome outcome = in("peloton compare " + arguments);
    CHECK(outcome.code == 2);
    CHECK_THAT(outcome.err, ContainsSubstring(expected));
  }
}

TEST_CASE("two sweeps over the same values are compared group by group", "[scenarios][compare]") {
  // η = 0.25: x times 3/4 with each update, loss 0.5 · (9/16)^k ≤ 0.1 after 3; η = 0.5: after 2. Both methods are the same with 1 worker.
  const Folder in;
  const std::string sweep = "peloton sweep s.json --vary algorithm.learning_rate=0.25,0.5 --repeat 2 --quiet ";
  REQUIRE(in(sweep + "--out sync && " + sweep + "--out async --set algorithm.name=async_sgd").code == 0);
  const Outcome outcome = in("peloton compare sync async --target 'loss<=0.1' --csv c.csv");
  INFO(outcome.out << outcome.err);
  REQUIRE(outcome.code == 0);
  CHECK_THAT(outcome.out, ContainsSubstring("algorithm.name"));
  CHECK_THAT(outcome.out, ContainsSubstring("async − sync"));
  CHECK_THAT(outcome.out, ContainsSubstring("0/0 of 2"));
  CHECK_THAT(in.file("c.csv"), ContainsSubstring("async,0.5,2,0,loss <= 0.1,2,1,"));
  REQUIRE(in("peloton sweep s.json --vary task.model.dimension=1 --set 'task.model={\"kind\":\"quadratic\"}' --out other --quiet").code ==
          0);
  CHECK_THAT(in("peloton compare sync other").out, ContainsSubstring("the sweeps vary different values"));
}

TEST_CASE("a sweep ends with its scores, which may be asked for anew without running it", "[scenarios][compare][sweep_scores]") {
  const Folder in;
  const std::string sweep = "peloton sweep s.json --vary algorithm.learning_rate=0.25,0.5,1.5 --repeat 2 ";
  const Outcome first = in(sweep + "--target 'loss<=0.1'");
  INFO(first.out << first.err);
  REQUIRE(first.code == 0);
  CHECK_THAT(first.out, ContainsSubstring("to loss <= 0.1: medians over the runs of a group"));
  CHECK_THAT(first.out, ContainsSubstring("best learning_rate by time to the target"));
  const std::string scores = in.file("runs/halving/scores.csv");
  CHECK_THAT(scores, ContainsSubstring("0.25,2,0,loss <= 0.1,2,1,"));
  const std::string points = in.file("runs/halving/points.csv");

  const Outcome second = in(sweep + "--target 'loss<=0.4'");  // met after one update by 0.25 and 0.5
  REQUIRE(second.code == 0);
  CHECK_THAT(second.err, ContainsSubstring("6 are in"));
  CHECK_THAT(in.file("runs/halving/scores.csv"), ContainsSubstring("loss <= 0.4"));
  CHECK(in.file("runs/halving/points.csv") == points);

  const Outcome wrong = in(sweep + "--tune cluster.workers --out new");
  CHECK(wrong.code == 2);
  CHECK_THAT(wrong.err, ContainsSubstring("/score/tune: must be an axis of the sweep (algorithm.learning_rate) or none"));
  CHECK_FALSE(std::filesystem::exists(in.folder / "new"));
}
