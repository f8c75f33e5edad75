#include "sim/base/options.hpp"
#include "tests/scenarios/process.hpp"

using namespace peloton;
using namespace peloton::test;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::string kQuickstart = std::string(PELOTON_SOURCE_DIR) + "/scenarios/quickstart.json";

Json summary_of(const TemporaryDirectory& folder) { return Json::parse(read_file((folder / "out/summary.json").string())); }

}  // namespace

TEST_CASE("a run that stalls because of a fault ends with code 1 and says why", "[scenarios][faults]") {
  const TemporaryDirectory folder;
  const Outcome run = shell(folder, "peloton run '" + kQuickstart +
                                        R"(' --set 'algorithm={"name":"sync_sgd","on_failure":"wait"}')"
                                        R"( --set 'cluster.faults=[{"at":"1 s","crash":"w3"}]' --out out)");
  CHECK(run.code == 1);
  CHECK_THAT(run.err, ContainsSubstring("faults: 1 in the list; a crash is found out after 1 s"));
  const Json summary = summary_of(folder);
  CHECK(summary["status"] == "stalled");
  const auto reason = summary["reason"].get<std::string>();
  CHECK_THAT(reason, ContainsSubstring("worker 3 is down since 1 s; sync_sgd: round "));
  CHECK_THAT(reason, ContainsSubstring("has 9 of the 10 answers that it needs and waits for worker 3"));
  CHECK_THAT(run.out, ContainsSubstring(reason));
  CHECK(summary["workers"][3]["down"] == 1.0);  // until its crash is found out: the last that happens
}

TEST_CASE("a run with faults sums up what they cost", "[scenarios][faults]") {
  // Worker 3 is down from 1 to 2 s: a second of its time that is neither busy nor waiting.
  const TemporaryDirectory folder;
  const Outcome run =
      shell(folder, "peloton run '" + kQuickstart + R"(' --set 'cluster.faults=[{"at":1,"crash":3,"for":1}]' --set stop.time=3 --out out)");
  INFO(run.err);
  CHECK(run.code == 0);
  const Json summary = summary_of(folder);
  CHECK_FALSE(summary.contains("reason"));
  const Json& worker = summary["workers"][3];
  CHECK(worker["down"] == 1.0);
  CHECK(worker["busy"].get<double>() + worker["waiting"].get<double>() + 1.0 == Approx(summary["virtual_seconds"].get<double>()));
  CHECK(summary["workers_all"]["down"]["max"] == 1.0);
  CHECK_THAT(run.out, ContainsSubstring("faults         lost 1 computations and 0 messages of 0 bit"));
}

TEST_CASE("faults after the end leave the fingerprint of the quick start as it is printed everywhere", "[scenarios][faults]") {
  // Oracle: the fingerprint in the README.
  for (const char* list : {"[]", R"([{"at":"1 h","crash":"w1"},{"at":"1 h","cut":["w2","server"],"for":"1 s"}])"}) {
    const TemporaryDirectory folder;
    const Outcome run = shell(folder, "peloton run '" + kQuickstart + "' --quiet --set 'cluster.faults=" + list + "' --out out");
    REQUIRE(run.code == 0);
    CHECK(summary_of(folder)["fingerprint"]["timing"] == "652d38d48af7f8f2");
  }
}

TEST_CASE("the resolved scenario of a run with faults gives the same run", "[scenarios][faults]") {
  // Oracle: invariant.
  const TemporaryDirectory folder;
  const std::string faults =
      R"(' --quiet --set 'cluster.faults=[{"crash":"workers","mean_time_to_failure":"1 s","mean_time_to_repair":"200 ms","state":"kept"},)"
      R"({"at":"300 ms","cut":[[0,"w1"],"server"],"for":"100 ms"}]' --set stop.updates=300)";
  REQUIRE(shell(folder, "peloton run '" + kQuickstart + faults + " --out out").code == 0);
  const Json first = summary_of(folder);
  REQUIRE(shell(folder, "cp out/scenario.resolved.json again.json && peloton run again.json --quiet --out out").code == 0);
  CHECK(summary_of(folder)["fingerprint"] == first["fingerprint"]);
}

TEST_CASE("describe, schema and validate know faults", "[scenarios][faults]") {
  const TemporaryDirectory folder;
  CHECK_THAT(shell(folder, "peloton schema").out, ContainsSubstring("mean_time_to_failure"));
  const Outcome wrong = shell(folder, "peloton validate '" + kQuickstart + R"(' --set 'cluster.faults=[{"at":"1 s","crash":"w33"}]')");
  CHECK(wrong.code == 2);
  CHECK_THAT(wrong.err, ContainsSubstring("/cluster/faults/0/crash: must be a node (w0, w1,"));
  const Outcome none = shell(
      folder, "peloton validate '" + kQuickstart + R"(' --set cluster.network=none --set 'cluster.faults=[{"at":"1 s","cut":["w3"]}]')");
  CHECK(none.code == 2);
  CHECK_THAT(none.err, ContainsSubstring("/cluster/faults/0/cut: needs a network"));
}
