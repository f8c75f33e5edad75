#include "analysis/events_writer.hpp"

#include <fstream>
#include <sstream>

#include "analysis/text.hpp"
#include "tests/analysis/two_workers.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

const std::string kHead = "time,event,node,peer,start,traffic,bits,version,base,staleness,weight,link,load\n";

template <class Play>
std::string events_of(const Topology& topology, const RecordChoice& choice, Play&& play) {
  const TemporaryDirectory folder;
  EventsWriter writer(folder / "events.csv", topology, choice);
  play(writer);
  writer.finish();
  std::ifstream in(folder / "events.csv", std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return std::move(out).str();
}

std::string two_worker_events(const RecordChoice& choice = {}) {
  const std::unique_ptr<Topology> star = two_worker_star();
  return events_of(*star, choice, play_two_workers);
}

}  // namespace

TEST_CASE("events.csv has a row for each record, in event order", "[analysis][events]") {
  // Hand computation: tests/analysis/two_workers.hpp draws the run.
  CHECK(two_worker_events() == kHead +
                                   "0.000000000,link,,,,,,,,,,server->switch,1\n"
                                   "0.001000000,link,,,,,,,,,,server->switch,0\n"
                                   "0.001000000,transfer,server,0,0.000000000,downlink,32,0,,,,,\n"
                                   "0.001000000,transfer,server,1,0.000000000,downlink,32,0,,,,,\n"
                                   "0.004000000,compute,0,,0.001000000,,,0,,,,,\n"
                                   "0.005000000,transfer,0,server,0.004000000,uplink,32,0,,,,,\n"
                                   "0.005000000,update,0,,0.000000000,,,1,0,0,1,,\n"
                                   "0.006000000,compute,1,,0.001000000,,,0,,,,,\n"
                                   "0.006000000,transfer,server,0,0.005000000,downlink,32,1,,,,,\n"
                                   "0.007000000,transfer,1,server,0.006000000,uplink,32,0,,,,,\n"
                                   "0.007000000,update,1,,0.000000000,,,2,0,1,1,,\n"
                                   "0.009000000,compute,0,,0.006000000,,,1,,,,,\n");
}

TEST_CASE("discarded contributions, messages without a version, large times and names with commas", "[analysis][events]") {
  // 2^53 + 1 ns is no double.
  ExplicitTopology options;
  options.nodes = {"a", "b,c"};
  options.links = {{.name = "l", .between = options.nodes, .sharing = Sharing::half}};
  const std::unique_ptr<Topology> topology = make_topology(options, 0, false, {});
  CHECK(events_of(*topology, {},
                  [](Observer& o) {
                    UpdateRecord r{};
                    r.time = {(std::int64_t{1} << 53) + 1};
                    r.version = 5;
                    r.base = 2;
                    r.staleness = 3;
                    r.staleness_time = {1};
                    o.on_update(r);
                    o.on_transfer(
                        {.from = 0, .to = 1, .traffic = Traffic::control, .bits = 7, .sent = {0}, .delivered = {9}, .version = -1});
                    o.on_link({.time = {9}, .link = 0, .load = 1.0 / 3});
                  }) == kHead +
                            "9007199.254740993,discard,0,,9007199.254740992,,,5,2,3,,,\n"
                            "0.000000009,transfer,a,\"b,c\",0.000000000,control,7,,,,,,\n"
                            "0.000000009,link,,,,,,,,,,l,0.333333\n");
}

TEST_CASE("workers and times can be chosen; links are those that the chosen workers' messages cross", "[analysis][events]") {
  RecordChoice choice;
  choice.workers = {{0, 0}};
  choice.from = {4 * kMs + 1};
  choice.to = {5 * kMs};
  CHECK(two_worker_events(choice) == kHead +
                                         "0.005000000,transfer,0,server,0.004000000,uplink,32,0,,,,,\n"
                                         "0.005000000,update,0,,0.000000000,,,1,0,0,1,,\n"
                                         "0.006000000,transfer,server,0,0.005000000,downlink,32,1,,,,,\n");
  const std::unique_ptr<Topology> star = two_worker_star();
  RecordChoice one;
  one.workers = {{1, 1}};
  const std::string rows = events_of(*star, one, [](Observer& o) {
    o.on_send({.sent = {0}, .from = 0, .to = 2, .traffic = Traffic::uplink, .bits = 8});
    o.on_link({.time = {0}, .link = 0, .load = 1});  // w0->switch
    o.on_send({.sent = {1}, .from = 1, .to = 2, .traffic = Traffic::uplink, .bits = 8});
    o.on_link({.time = {1}, .link = 2, .load = 1});  // w1->switch
  });
  CHECK(rows == kHead + "0.000000001,link,,,,,,,,,,w1->switch,1\n");
}

TEST_CASE("at the limit the last row says what is missing", "[analysis][events]") {
  // The twelve records of the run, of which ten are left out.
  RecordChoice choice;
  choice.limit = 2;
  CHECK(two_worker_events(choice) == kHead +
                                         "0.000000000,link,,,,,,,,,,server->switch,1\n"
                                         "0.001000000,link,,,,,,,,,,server->switch,0\n"
                                         "0.001000000,cut,,,,,,,,,,10 records from 0.001000000 s on are left out (--trace-limit 2),\n");
  choice.limit = 12;
  CHECK(two_worker_events(choice) == two_worker_events());
}
