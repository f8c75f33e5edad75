#include "sim/faults/fault_schedule.hpp"

#include <fmt/format.h>

#include <cmath>

#include "sim/topology/star.hpp"
#include "sim/topology/two_level.hpp"
#include "tests/test.hpp"

using namespace peloton;
using Catch::Matchers::ContainsSubstring;

namespace {

const Place kPlace{"test", "/cluster/faults"};

std::vector<FaultSpec> specs(const std::string& json) { return OptionType<std::vector<FaultSpec>>::parse(Json::parse(json), kPlace); }

/// w0 … w2 and w3 … w5.
std::unique_ptr<Topology> racks() {
  TwoLevelTopology out;
  out.racks = 2;
  return make_two_level(out, 6, 1, {});
}

/// "0.5 w1 crash", one a line, up to a time.
std::string listing(const std::string& json, double until = 1e9, std::uint64_t seed = 1) {
  static constexpr std::array kNames = {"crash", "restart", "leave", "join", "pause", "resume"};
  const auto topology = racks();
  FaultSchedule schedule(specs(json), *topology, seed, kPlace);
  std::string out;
  while (schedule.next_time() != kNever && schedule.next_time().seconds() <= until) {
    const NodeFault f = schedule.take();
    out += fmt::format("{} {} {}{}\n", f.at.seconds(), topology->name(f.node), kNames[static_cast<std::size_t>(f.action)],
                       f.state_lost ? " lost" : "");
  }
  return out;
}

std::string error_of(const std::string& json) {
  try {
    const auto topology = racks();
    const FaultSchedule schedule(specs(json), *topology, 1, kPlace);
  } catch (const InputError& e) {
    return e.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("faults happen in order of time, at one instant in order of the list and of the nodes", "[sim][faults]") {
  CHECK(listing(R"([{"at":2,"crash":["w3","w1"],"for":1},{"at":1,"pause":0,"for":"500 ms"},{"at":2,"leave":"w5"},{"at":4,"join":"w5"}])") ==
        "1 w0 pause\n1.5 w0 resume\n2 w1 crash\n2 w3 crash\n2 w5 leave\n3 w1 restart lost\n3 w3 restart lost\n4 w5 join lost\n");
  CHECK(listing(R"([{"at":2,"crash":"server","for":1},{"at":3,"crash":"w0","for":1,"state":"kept"}])") ==
        "2 server crash\n3 server restart\n3 w0 crash\n4 w0 restart\n");
}

TEST_CASE("a rack stands for its workers, and \"workers\" for all", "[sim][faults]") {
  CHECK(listing(R"([{"at":1,"crash":"rack1"}])") == "1 w3 crash\n1 w4 crash\n1 w5 crash\n");
  CHECK(listing(R"([{"at":1,"crash":["rack0","w1"]}])") == "1 w0 crash\n1 w1 crash\n1 w2 crash\n");
  CHECK(listing(R"([{"at":1,"pause":"workers","for":1}])", 1) ==
        "1 w0 pause\n1 w1 pause\n1 w2 pause\n1 w3 pause\n1 w4 pause\n1 w5 pause\n");
}

TEST_CASE("who joins without having left is absent from the start", "[sim][faults]") {
  CHECK(listing(R"([{"at":5,"join":"w2"}])") == "0 w2 leave\n5 w2 join lost\n");
  CHECK(listing(R"([{"at":5,"leave":"w2"},{"at":7,"join":"w2"},{"at":8,"leave":"w2","for":1}])") ==
        "5 w2 leave\n7 w2 join lost\n8 w2 leave\n9 w2 join lost\n");
}

TEST_CASE("nodes are available in their windows, or for a share of each period", "[sim][faults]") {
  CHECK(listing(R"([{"available":"w0","windows":[{"from":1,"until":2},{"from":5}],"state":"kept"}])") ==
        "0 w0 leave\n1 w0 join\n2 w0 leave\n5 w0 join\n");
  CHECK(listing(R"([{"available":"w0","windows":[{"from":0,"until":2}]}])") == "2 w0 leave\n");
  // A period of 10 s, there in its first 4 s; 1 s into it at the start.
  CHECK(listing(R"([{"available":"w0","period":10,"duty":0.4,"phase":1,"state":"kept"}])", 20) ==
        "3 w0 leave\n9 w0 join\n13 w0 leave\n19 w0 join\n");
  CHECK(listing(R"([{"available":"w0","period":10,"duty":0.4,"phase":6,"state":"kept"}])", 12) == "0 w0 leave\n4 w0 join\n8 w0 leave\n");
}

TEST_CASE("random crashes follow their laws, node by node", "[sim][faults]") {
  // Oracle: closed form. Up for an exponential time of mean 3 s, down for exactly 1 s: cycles of mean 4 s and variance 9 s². In 40,000 s
  // a node crashes 10,000 times; by the renewal theorem with a standard deviation of √(t σ² / μ³) = 75: six of them are 450.
  const auto topology = racks();
  FaultSchedule schedule(specs(R"([{"crash":["w0","w1"],"mean_time_to_failure":"3 s",
                                     "mean_time_to_repair":{"distribution":"constant","value":1}}])"),
                         *topology, 3, kPlace);
  std::array<int, 2> crashes{};
  std::array<Time, 2> since{};
  while (schedule.next_time().seconds() < 40000) {
    const NodeFault f = schedule.take();
    if (f.action == FaultAction::crash) ++crashes.at(f.node);
    if (f.action == FaultAction::restart) CHECK(f.at - since.at(f.node) == Duration{1'000'000'000});
    since.at(f.node) = f.at;
  }
  for (const int count : crashes) CHECK(std::abs(count - 10000) < 450);
  CHECK(schedule.recurring_nodes() == 2);
  CHECK(schedule.only_recurring());
}

TEST_CASE("the random faults of a node do not depend on those of others", "[sim][faults]") {
  // Oracle: invariant of counter-based streams.
  const std::string one = listing(R"([{"crash":"w4","mean_time_to_failure":"3 s","mean_time_to_repair":"1 s"}])", 100, 7);
  const std::string all = listing(R"([{"crash":"workers","mean_time_to_failure":"3 s","mean_time_to_repair":"1 s"}])", 100, 7);
  std::string own;
  for (std::size_t begin = 0; begin < all.size();) {
    const std::size_t end = all.find('\n', begin) + 1;
    const std::string line = all.substr(begin, end - begin);
    if (line.find(" w4 ") != std::string::npos) own += line;
    begin = end;
  }
  CHECK(own == one);
  CHECK(listing(R"([{"crash":"w4","mean_time_to_failure":"3 s","mean_time_to_repair":"1 s"}])", 100, 8) != one);
}

TEST_CASE("a node without repair crashes once", "[sim][faults]") {
  const std::string once = listing(R"([{"at":100,"crash":"w4","mean_time_to_failure":"3 s"}])");
  CHECK(std::count(once.begin(), once.end(), '\n') == 1);
  CHECK(std::stod(once) > 100);
}

TEST_CASE("a schedule that was saved goes on as it would have", "[sim][faults]") {
  // Oracle: invariant.
  const std::string json =
      R"([{"crash":"workers","mean_time_to_failure":"3 s","mean_time_to_repair":"1 s"},{"at":50,"pause":"server","for":1}])";
  const auto topology = racks();
  FaultSchedule a(specs(json), *topology, 3, kPlace);
  for (int i = 0; i < 37; ++i) (void)a.take();
  FaultSchedule b(specs(json), *topology, 3, kPlace);
  restore_state(b, save_state(a));
  for (int i = 0; i < 200; ++i) {
    const NodeFault x = a.take();
    const NodeFault y = b.take();
    CHECK((x.at == y.at && x.node == y.node && x.action == y.action));
  }
}

TEST_CASE("a cut separates two sets of nodes, or one from all others", "[sim][faults]") {
  const auto topology = racks();
  const FaultSchedule schedule(specs(R"([{"at":1,"cut":["rack0",["w3","server"]],"for":2},{"at":5,"cut":["rack1"]}])"), *topology, 1,
                               kPlace);
  REQUIRE(schedule.partitions().size() == 2);
  const NetworkPartition& two = schedule.partitions()[0];
  CHECK(two.outage == Outage{Time{1'000'000'000}, Time{3'000'000'000}});
  CHECK(std::vector<std::uint8_t>(two.sides.begin(), two.sides.begin() + 7) == std::vector<std::uint8_t>{1, 1, 1, 2, 0, 0, 2});
  const NetworkPartition& one = schedule.partitions()[1];
  CHECK(one.outage.second == kNever);
  CHECK(std::vector<std::uint8_t>(one.sides.begin(), one.sides.begin() + 7) == std::vector<std::uint8_t>{2, 2, 2, 1, 1, 1, 2});
}

TEST_CASE("faults that cannot be are refused with the place and what to do", "[sim][faults]") {
  CHECK_THAT(error_of(R"([{"at":1}])"), ContainsSubstring("/cluster/faults/0: needs exactly one of"));
  CHECK_THAT(error_of(R"([{"at":1,"crash":"w1","pause":"w2"}])"), ContainsSubstring("got \"crash\" and \"pause\""));
  CHECK_THAT(error_of(R"([{"at":1,"crash":"w9"}])"), ContainsSubstring("/cluster/faults/0/crash: must be a node"));
  CHECK_THAT(error_of(R"([{"at":1,"crash":["w1","rakc1"]}])"), ContainsSubstring("/cluster/faults/0/crash/1: must be a node"));
  CHECK_THAT(error_of(R"([{"at":1,"crash":["w1","rakc1"]}])"), ContainsSubstring("did you mean \"rack1\"?"));
  CHECK_THAT(error_of(R"([{"at":"-1 s","crash":"w1"}])"), ContainsSubstring("/cluster/faults/0/at: must be ≥ 0"));
  CHECK_THAT(error_of(R"([{"crash":"w1"}])"), ContainsSubstring("needs the key \"at\""));
  CHECK_THAT(error_of(R"([{"at":1,"pause":"w1"}])"), ContainsSubstring("needs the key \"for\""));
  CHECK_THAT(error_of(R"([{"at":1,"crash":"w1","for":0}])"), ContainsSubstring("/cluster/faults/0/for: must be > 0"));
  CHECK_THAT(
      error_of(R"([{"at":1,"crash":"w1","for":3},{"at":2,"pause":"w1","for":1}])"),
      ContainsSubstring("/cluster/faults/1: w1 already has a fault that overlaps or cannot be told apart: crash at /cluster/faults/0, "
                        "from 1 s until 4 s"));
  CHECK_THAT(error_of(R"([{"at":1,"crash":"w1"},{"at":2,"crash":"rack0"}])"), ContainsSubstring("from 1 s for ever"));
  CHECK_THAT(error_of(R"([{"at":1,"crash":"w1"},{"crash":"w1","mean_time_to_failure":5}])"), ContainsSubstring("w1 already has a fault"));
  CHECK_THAT(error_of(R"([{"at":3,"join":"w1"},{"at":2,"crash":"w1","for":"100 ms"}])"), ContainsSubstring("is absent before"));
  CHECK_THAT(error_of(R"([{"at":3,"join":"w1"},{"at":4,"join":"w1"}])"), ContainsSubstring("w1 is there already"));
  CHECK_THAT(error_of(R"([{"at":3,"join":"w1","for":1}])"), ContainsSubstring("/cluster/faults/0/for"));
  CHECK_THAT(error_of(R"([{"at":3,"crash":"w1","state":"kept"}])"), ContainsSubstring("do not come back"));
  CHECK_THAT(error_of(R"([{"at":3,"leave":"server"}])"), ContainsSubstring("a server can crash or be paused"));
  CHECK_THAT(error_of(R"([{"at":3,"crash":"server","for":1,"state":"lost"}])"), ContainsSubstring("a server keeps its state"));
  CHECK_THAT(error_of(R"([{"at":3,"crash":"w1","for":1,"state":"lots"}])"), ContainsSubstring("did you mean \"lost\"?"));
  CHECK_THAT(error_of(R"([{"at":1,"cut":["rack0","w1"]}])"), ContainsSubstring("/cluster/faults/0/cut/1: w1 is on both sides"));
  CHECK_THAT(error_of(R"([{"at":1,"cut":["w0","w1","w2"]}])"), ContainsSubstring("must be two sets of nodes"));
  CHECK_THAT(error_of(R"([{"at":1,"crash":[]}])"), ContainsSubstring("must name at least one node"));
  CHECK_THAT(error_of(R"([{"available":"w1"}])"), ContainsSubstring("needs either \"windows\" or \"period\""));
  CHECK_THAT(error_of(R"([{"available":"w1","period":3}])"), ContainsSubstring("/duty: must be > 0 and < 1, got none"));
  CHECK_THAT(error_of(R"([{"available":"w1","windows":[{"from":2,"until":1}]}])"), ContainsSubstring("/windows/0/until: must be after"));
  CHECK_THAT(error_of(R"([{"available":"w1","windows":[{"from":0,"until":3},{"from":2}]}])"), ContainsSubstring("/windows/1/from"));
  CHECK_THAT(error_of(R"([{"crash":"w1","mean_time_to_repair":3,"at":1}])"), ContainsSubstring("needs \"mean_time_to_failure\""));
  CHECK_THAT(error_of(R"([{"crash":"w1","mean_time_to_failure":0}])"), ContainsSubstring("must be > 0"));
  CHECK_THAT(error_of(R"([{"at":1,"crash":"w1","stat":"kept"}])"), ContainsSubstring("did you mean \"state\"?"));
}

TEST_CASE("faults are written as they are read", "[sim][faults]") {
  // Oracle: parsing what was written gives the same.
  const std::string json = R"([{"at":1,"cut":["rack0",["w3",4]],"for":2},{"crash":2,"mean_time_to_failure":"3 s","state":"kept",
    "mean_time_to_repair":{"distribution":"weibull","mean":1,"shape":0.7}},{"available":"w1","windows":[{"from":1}]}])";
  const Json written = write_options(specs(json));
  CHECK(write_options(OptionType<std::vector<FaultSpec>>::parse(written, kPlace)) == written);
  CHECK(written[1]["mean_time_to_failure"] == Json{{"distribution", "exponential"}, {"mean", 3.0}});
}
