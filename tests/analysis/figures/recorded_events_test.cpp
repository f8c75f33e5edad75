#include "analysis/figures/recorded_events.hpp"

#include <fstream>

#include "analysis/events_writer.hpp"
#include "sim/base/error.hpp"
#include "tests/analysis/two_workers.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

std::filesystem::path written(const TemporaryDirectory& folder, const std::string& text) {
  std::ofstream(folder / "events.csv") << text;
  return folder / "events.csv";
}

const std::string kHead = "time,event,node,peer,start,traffic,bits,version,base,staleness,weight,link,load\n";

}  // namespace

TEST_CASE("what the events writer wrote is read back", "[analysis][figures]") {
  const TemporaryDirectory folder;
  const std::unique_ptr<Topology> topology = two_worker_star();
  EventsWriter writer(folder / "events.csv", *topology, {});
  play_two_workers(writer);
  writer.finish();
  const RecordedEvents events = read_events(folder / "events.csv");
  REQUIRE(events.computations.size() >= 2);
  CHECK(events.computations[0].worker == 0);  // 1 ms to 4 ms at version 0
  CHECK(events.computations[0].start == Approx(1e-3));
  CHECK(events.computations[0].finish == Approx(4e-3));
  CHECK(events.computations[0].version == 0);
  REQUIRE(!events.transfers.empty());
  CHECK(events.node_name(events.transfers[0].from) == "server");
  CHECK(events.node_name(events.transfers[0].to) == "worker 0");
  CHECK(events.transfers[0].traffic == Traffic::downlink);
  CHECK(events.transfers[0].bits == 32);
  REQUIRE(events.updates.size() == 2);
  CHECK(events.updates[1].version == 2);
  CHECK(events.updates[1].staleness == 1);
  REQUIRE(events.link_changes.size() == 2);
  CHECK(events.link_changes[0].load == 1);
  CHECK(events.links.size() == 1);
  CHECK(events.begin == 0);
}

TEST_CASE("wrong events are refused with file, line and column", "[analysis][figures]") {
  const TemporaryDirectory folder;
  const auto refusal = [&](const std::string& text) {
    try {
      static_cast<void>(read_events(written(folder, text)));
    } catch (const InputError& e) {
      return std::string(e.what());
    }
    return std::string("accepted");
  };
  using Catch::Matchers::ContainsSubstring;
  CHECK_THAT(refusal(""), ContainsSubstring("is no events.csv"));
  CHECK_THAT(refusal("a,b\n"), ContainsSubstring("has no column \"time\""));
  CHECK_THAT(refusal(kHead + "1.000000000,compute\n"), ContainsSubstring("line 2: must have 13 cells, got 2"));
  CHECK_THAT(refusal(kHead + "soon,compute,0,,0.000000000,,,1,,,,,\n"),
             ContainsSubstring("line 2: time: must be seconds with nine decimals, got \"soon\""));
  CHECK_THAT(refusal(kHead + "1.000000000,transfer,0,1,0.000000000,sideways,8,1,,,,,\n"), ContainsSubstring("traffic: must be uplink"));
}
