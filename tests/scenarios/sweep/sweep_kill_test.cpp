#include <chrono>
#include <thread>

#include "sim/base/random.hpp"
#include "tests/scenarios/sweep/sweep_process.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

/// Kills the sweep at random moments and starts it again, `kills` times; then lets it end. Returns how often it was killed half-way.
int kill_and_resume(const TemporaryDirectory& folder, int kills, double longest_milliseconds) {
  RandomStream random(1, Purpose::test, 0, 0);
  int half_way = 0;
  for (int i = 0; i < kills; ++i) {
    const pid_t child = start(folder, {"sweep", "s.json", "--out", "killed", "--jobs", "2", "--quiet"});
    const double wait = longest_milliseconds * random.uniform();
    std::this_thread::sleep_for(std::chrono::microseconds(static_cast<std::int64_t>(1000 * wait)));
    half_way += stop(folder, child, SIGKILL).code == -1 ? 1 : 0;
  }
  return half_way;
}

}  // namespace

TEST_CASE("kill -9 at random moments loses nothing that was finished", "[scenarios][sweep][kill]") {
  // Oracle: an undisturbed sweep of the same scenario, byte for byte.
  const TemporaryDirectory folder;
  write_file((folder / "s.json").string(), kSmallSweep);
  REQUIRE(shell(folder, "peloton sweep s.json --out whole").code == 0);
  CHECK(kill_and_resume(folder, 10, 60) >= 1);
  REQUIRE(shell(folder, "peloton sweep s.json --out killed").code == 0);
  CHECK(tables_of(folder / "killed") == tables_of(folder / "whole"));
}

TEST_CASE("a hundred kills of a sweep of a thousand points", "[scenarios][sweep][kill][long]") {
  const TemporaryDirectory folder;
  std::string scenario = kSmallSweep;
  scenario.replace(scenario.find("\"repeat\": 2"), 11, "\"repeat\": 170");
  write_file((folder / "s.json").string(), scenario);
  REQUIRE(shell(folder, "peloton sweep s.json --out whole").code == 0);
  CHECK(kill_and_resume(folder, 100, 80) >= 50);
  REQUIRE(shell(folder, "peloton sweep s.json --out killed").code == 0);
  CHECK(tables_of(folder / "killed") == tables_of(folder / "whole"));
}
