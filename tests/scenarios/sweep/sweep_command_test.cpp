#include <filesystem>

#include "tests/scenarios/sweep/sweep_process.hpp"

using namespace peloton;
using namespace peloton::test;
using Catch::Matchers::ContainsSubstring;

namespace {

struct BadInput {
  std::string arguments;  ///< of `peloton sweep s.json`
  std::string expected;   ///< part of the message
};

}  // namespace

TEST_CASE("sweep writes its store and tables, and says where", "[scenarios][sweep][command]") {
  const TemporaryDirectory folder;
  write_file((folder / "s.json").string(), kSmallSweep);
  const Outcome run = shell(folder, "peloton sweep s.json --quiet");
  INFO(run.err);
  REQUIRE(run.code == 0);
  CHECK(run.err.empty());
  CHECK_THAT(run.out, ContainsSubstring("best learning_rate by final loss"));
  CHECK_THAT(run.out, Catch::Matchers::EndsWith("small: 12 of 12 points: 12 finished\nresults in runs/small\n"));
  CHECK(files_in(folder / "runs/small") ==
        std::vector<std::string>{"measurements.csv", "points.csv", "points.jsonl", "scores.csv", "sweep.sqlite"});
  const std::string points = read_file((folder / "runs/small/points.csv").string());
  CHECK(std::count(points.begin(), points.end(), '\n') == 13);
}

TEST_CASE("--list prints the points and runs nothing", "[scenarios][sweep][command]") {
  const TemporaryDirectory folder;
  write_file((folder / "s.json").string(), kSmallSweep);
  const Outcome run = shell(folder, "peloton sweep s.json --vary cluster.workers=5 --repeat 1 --list");
  CHECK(run.code == 0);
  CHECK(run.out ==
        "0: cluster.workers 5, algorithm.learning_rate 0.125, seed 1\n"
        "1: cluster.workers 5, algorithm.learning_rate 0.25, seed 1\n"
        "2: cluster.workers 5, algorithm.learning_rate 0.5, seed 1\n");
  CHECK_FALSE(std::filesystem::exists(folder / "runs"));
}

TEST_CASE("validate checks every point of a sweep", "[scenarios][sweep][command]") {
  const TemporaryDirectory folder;
  write_file((folder / "s.json").string(), kSmallSweep);
  const Outcome valid = shell(folder, "peloton validate s.json");
  CHECK(valid.code == 0);
  CHECK_THAT(valid.out, ContainsSubstring("s.json: valid sweep of 12 points; the first of them:\nsmall: async_sgd on 2 workers"));
  const Outcome wrong = shell(folder, R"(peloton validate s.json --set 'sweep={"cluster.workers":[2,-1]}')");
  CHECK(wrong.code == 2);
  CHECK_THAT(wrong.err, ContainsSubstring("s.json: /sweep/cluster.workers/1: must be ≥ 0"));
}

TEST_CASE("a point gives the same bytes alone, in a sweep with any number of jobs, in a shard, and after a pause",
          "[scenarios][sweep][command]") {
  const TemporaryDirectory folder;
  write_file((folder / "s.json").string(), kSmallSweep);
  REQUIRE(shell(folder, "peloton sweep s.json --jobs 1 --out one && peloton sweep s.json --jobs 3 --out three").code == 0);
  const Tables one = tables_of(folder / "one");
  CHECK(one == tables_of(folder / "three"));
  REQUIRE(shell(folder,
                "for i in 3 1 2; do peloton sweep s.json --shard $i/3 --out shards || exit 1; done; peloton merge shards && "
                "peloton sweep s.json --shard 1/1 --out single && peloton sweep s.json --shard 2/2 --out half && mkdir pieces && "
                "peloton sweep s.json --shard 1/2 --out other && peloton merge half other --out merged")
              .code == 0);
  CHECK(one == tables_of(folder / "shards"));
  CHECK(one == tables_of(folder / "single"));
  CHECK(one == tables_of(folder / "merged"));

  // Point 7: 4 workers, learning rate 0.125, the second seed.
  REQUIRE(
      shell(folder, "peloton run s.json --set sweep=null --set cluster.workers=4 --set algorithm.learning_rate=0.125 --seed 2 --out alone")
          .code == 0);
  const SweepPoint point = read_sweep(folder / "one").points.at(7);
  CHECK(point.seed == 2);
  Json summary = Json::parse(read_file((folder / "alone/summary.json").string()));
  summary.erase("machine");
  CHECK(point.summary.dump() == summary.dump());
  CHECK(metrics_csv(point.rows) == read_file((folder / "alone/metrics.csv").string()));
}

TEST_CASE("the same command goes on; a changed one is refused with the differences", "[scenarios][sweep][command]") {
  const TemporaryDirectory folder;
  write_file((folder / "s.json").string(), kSmallSweep);
  REQUIRE(shell(folder, "peloton sweep s.json").code == 0);
  const Tables before = tables_of(folder / "runs/small");
  const Outcome again = shell(folder, "peloton sweep s.json");
  CHECK(again.code == 0);
  CHECK_THAT(again.err, ContainsSubstring("12 points; 12 are in runs/small/sweep.sqlite already"));
  const Outcome changed = shell(folder, "peloton sweep s.json --set stop.updates=60 --repeat 3");
  CHECK(changed.code == 2);
  CHECK_THAT(changed.err, ContainsSubstring("runs/small/sweep.sqlite: holds the sweep of another scenario:\n"
                                            "  stop.updates: 50 → 60\n  sweep.repeat: 2 → 3\n"));
  CHECK(tables_of(folder / "runs/small") == before);
  // What does not change a run is no difference.
  CHECK(shell(folder, "peloton sweep s.json --threads 2 --jobs 1").code == 0);
}

TEST_CASE("Ctrl-C keeps what is finished, and the same command goes on", "[scenarios][sweep][command]") {
  // Of six points the first three are short and the others endless: interrupted when three are stored, whenever that is.
  const TemporaryDirectory folder;
  write_file((folder / "s.json").string(), kSmallSweep);
  const pid_t child = start(folder, {"sweep", "s.json", "--vary", "stop.updates=50,2000000000", "--set", "measure.every=1 h", "--repeat",
                                     "3", "--vary", "cluster.workers=2", "--vary", "algorithm.learning_rate=0.1", "--jobs", "2"});
  wait_for_points(folder / "runs/small", 3);
  const Outcome run = stop(folder, child, SIGINT);
  INFO(run.err);
  CHECK(run.code == 130);
  CHECK_THAT(run.err, ContainsSubstring("interrupted: what is finished is kept in runs/small/sweep.sqlite; the same command goes on"));
  CHECK_THAT(run.out, Catch::Matchers::EndsWith("small: 3 of 6 points: 3 finished\nresults in runs/small\n"));
  CHECK(files_in(folder / "runs/small") ==
        std::vector<std::string>{"measurements.partial.csv", "points.partial.csv", "points.partial.jsonl", "sweep.sqlite"});
}

TEST_CASE("wrong sweeps are refused with their places before anything runs", "[scenarios][sweep][command]") {
  const TemporaryDirectory folder;
  write_file((folder / "s.json").string(), kSmallSweep);
  const std::vector<BadInput> cases = {
      {"--vary cluster.wrokers=1", "s.json: /sweep/cluster.wrokers: unknown key (did you mean \"workers\"?)"},
      {"--vary cluster.workers=", "--vary cluster.workers=: an axis needs at least one value"},
      {"--vary cluster.workers=4,eight", "s.json: /sweep/cluster.workers/1: must be a whole number, got \"eight\""},
      {"--set sweep.where='cluster.worker > 1'", "s.json: /sweep/where: \"cluster.worker\" is no axis (did you mean"},
      {"--set sweep.repeat=0", "s.json: /sweep/repeat: must be ≥ 1"},
      {"--set sweep=null", "s.json: varies nothing"},
      {"--repeat 0", "--repeat: must be a whole number from 1"},
      {"--jobs none", "--jobs: must be a whole number from 1"},
      {"--shard 4/3", "--shard: must be i/n"},
      {"--shard 0/3", "--shard: must be i/n"},
      {"--out s.json", "must be a folder"},
      {"--kernels fast", "fast"},
      {"--varry x=1", "did you mean \"--vary\"?"},
  };
  for (const BadInput& bad : cases) {
    INFO(bad.arguments);
    const Outcome run = shell(folder, "peloton sweep s.json " + bad.arguments);
    INFO(run.err);
    CHECK(run.code == 2);
    CHECK(run.out.empty());
    CHECK(run.err.find(bad.expected) != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(folder / "runs"));
  }
}

TEST_CASE("runs and sweeps do not overwrite each other's work", "[scenarios][sweep][command]") {
  const TemporaryDirectory folder;
  write_file((folder / "s.json").string(), kSmallSweep);
  const Outcome as_run = shell(folder, "peloton run s.json");
  CHECK(as_run.code == 2);
  CHECK_THAT(as_run.err, ContainsSubstring("s.json: /sweep: this scenario is a sweep: `peloton sweep` runs it"));
  REQUIRE(shell(folder, "peloton run s.json --set sweep=null && peloton sweep s.json").code == 0);  // a run is cheap: replaced
  CHECK_FALSE(std::filesystem::exists(folder / "runs/small/summary.json"));
  const Outcome into_sweep = shell(folder, "peloton run s.json --set sweep=null");
  CHECK(into_sweep.code == 2);
  CHECK_THAT(into_sweep.err, ContainsSubstring("runs/small: holds a sweep, which a run does not replace; give another --out"));
  CHECK(std::filesystem::exists(folder / "runs/small/sweep.sqlite"));
}

TEST_CASE("a point that fails is told with its values, the others go on, and the same command tries it again",
          "[scenarios][sweep][command]") {
  const TemporaryDirectory folder;
  write_file((folder / "s.json").string(), kSmallSweep);
  const std::string sweep =
      "peloton sweep s.json --vary cluster.workers=2 --repeat 1 --vary algorithm.learning_rate=0.1 --data . --vary "
      R"('task.data=[{"kind":"blobs","samples":100,"features":4,"classes":3},{"kind":"csv","path":"d.csv","label":"y"}]')";
  const Outcome first = shell(folder, sweep);
  CHECK(first.code == 2);
  CHECK_THAT(first.err, ContainsSubstring("point 1 (cluster.workers 2, algorithm.learning_rate 0.1, task.data csv, seed 1) failed: "
                                          "s.json: /task/data/path"));
  CHECK_THAT(first.out, ContainsSubstring("1 of 2 points"));
  CHECK(std::filesystem::exists(folder / "runs/small/points.partial.csv"));
  write_file((folder / "d.csv").string(), "a,y\n1,0\n2,1\n3,0\n4,1\n5,0\n6,1\n7,0\n8,1\n");
  const Outcome second = shell(folder, sweep);
  INFO(second.err);
  CHECK(second.code == 0);
  CHECK(std::filesystem::exists(folder / "runs/small/points.csv"));
  CHECK_FALSE(std::filesystem::exists(folder / "runs/small/points.partial.csv"));
}

TEST_CASE("a reason that many points fail for is told once", "[scenarios][sweep][command]") {
  // Twelve points without their data file.
  const TemporaryDirectory folder;
  write_file((folder / "s.json").string(), kSmallSweep);
  const Outcome outcome =
      shell(folder, "peloton sweep s.json --data . --set 'task.data={\"kind\":\"csv\",\"path\":\"d.csv\",\"label\":\"y\"}'");
  CHECK(outcome.code == 2);
  CHECK_THAT(outcome.err, ContainsSubstring("12 points failed, all for this reason; the same command tries again"));
  CHECK(outcome.err.find("d.csv") == outcome.err.rfind("d.csv"));
}

TEST_CASE("a full disk is told, and keeps what was committed", "[scenarios][sweep][command]") {
  // A limit on the size of files stands for the disk: 200 kB hold the store with some points, not with all of them.
  const TemporaryDirectory folder;
  write_file((folder / "s.json").string(), kSmallSweep);
  const Outcome full = shell(folder, "(trap '' XFSZ; ulimit -f 400; \"$PELOTON\" sweep s.json --repeat 40 --jobs 1 --quiet)");
  INFO(full.err);
  CHECK(full.code == 1);
  CHECK_THAT(full.err, ContainsSubstring("runs/small/sweep.sqlite: cannot be written"));
  const std::size_t kept = count_points(folder / "runs/small").finished;
  CHECK(kept > 0);
  CHECK(kept < 240);
  REQUIRE(shell(folder, "peloton sweep s.json --repeat 40 && peloton sweep s.json --repeat 40 --out whole").code == 0);
  CHECK(tables_of(folder / "runs/small") == tables_of(folder / "whole"));
}

TEST_CASE("two processes on one store: the second is refused, the first ends well", "[scenarios][sweep][command]") {
  const TemporaryDirectory folder;
  write_file((folder / "s.json").string(), kSmallSweep);
  const pid_t first = start(folder, {"sweep", "s.json", "--vary", "stop.updates=50,2000000000", "--set", "measure.every=1 h", "--quiet"});
  wait_for_points(folder / "runs/small", 1);
  const Outcome run = shell(folder, "peloton sweep s.json >second 2>&1");
  const std::string message = read_file((folder / "second").string());
  CHECK(run.code == 2);
  CHECK_THAT(message, ContainsSubstring("runs/small/sweep.sqlite: another process is working on this sweep"));
  CHECK(stop(folder, first, SIGINT).code == 130);
}

TEST_CASE("merge tells what is missing, and refuses what does not belong together", "[scenarios][sweep][command]") {
  const TemporaryDirectory folder;
  write_file((folder / "s.json").string(), kSmallSweep);
  REQUIRE(shell(folder, "peloton sweep s.json --shard 1/2 --out shards").code == 0);
  const Outcome half = shell(folder, "peloton merge shards");
  CHECK(half.code == 1);
  CHECK_THAT(half.err, ContainsSubstring("missing points: 1, 3, 5, 7, 9, 11"));
  CHECK(std::filesystem::exists(folder / "shards/points.partial.csv"));
  REQUIRE(shell(folder, "peloton sweep s.json --shard 2/2 --out others --set stop.updates=60").code == 0);
  const Outcome others = shell(folder, "peloton merge shards others --out both");
  CHECK(others.code == 2);
  CHECK_THAT(others.err, ContainsSubstring("stop.updates: 60 → 50"));
  CHECK(shell(folder, "peloton merge nowhere").code == 2);
  CHECK(shell(folder, "peloton merge").code == 2);
}
