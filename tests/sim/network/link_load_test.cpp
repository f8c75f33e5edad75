/// Hand computations of link loads. Links are in bit/s and messages in bits, small numbers, so that times are whole seconds.

#include "sim/network/network.hpp"

#include <fmt/format.h>

#include "tests/sim/network/flow_run.hpp"
#include "tests/test.hpp"

using namespace peloton;
using peloton::test::FlowRun;
using peloton::test::topology_of;

namespace {

/// Writes down "time link load".
class LoadLog final : public Observer {
 public:
  explicit LoadLog(const Topology& topology) : topology_(topology) {}
  bool sees_network() const override { return true; }
  void on_link(const LinkRecord& r) override {
    lines.push_back(fmt::format("{} {} {:.6g}", r.time.seconds(), topology_.link_name(r.link), r.load));
  }
  std::vector<std::string> lines;

 private:
  const Topology& topology_;
};

const char* const kChain = R"({"kind": "explicit", "nodes": ["a", "b", "c"],
    "links": [{"name": "ab", "between": ["a", "b"], "bandwidth": 10, "latency": 1, "sharing": "half"},
              {"name": "bc", "between": ["b", "c"], "bandwidth": 4, "latency": 0},
              {"name": "fat", "between": ["c", "a"], "bandwidth": 4, "latency": 5, "sharing": "fatpipe"}]})";

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("the fluid network reports the share of a link that its flows have, when it changes", "[sim][network][fluid]") {
  // Flow 1: a→c, 40 bit, from 0 s; it flows from 1 s at 4 bit/s (bc full, ab 0.4). Flow 2: a→b, 36 bit, flows from 2 s at the 6 bit/s
  // that are left (ab full), until 8 s; flow 1 ends at 11 s. Nothing is told at 1 s of flows that have not joined.
  const auto graph = topology_of(kChain);
  LoadLog log(*graph);
  FlowRun run(*graph);
  run.watch(log);
  run.send(0, "a", "c", 40);
  run.send(1, "a", "b", 36);
  run.run();
  CHECK(log.lines == Lines{"1 ab 0.4", "1 bc:b->c 1", "2 ab 1", "8 ab 0.4", "11 ab 0", "11 bc:b->c 0"});
}

TEST_CASE("flows that follow each other without a gap leave a link full", "[sim][network][fluid]") {
  // c→b, 8 bit from 0 s and again from 2 s, at 4 bit/s each: bc carries them from 0 to 4 s. The fatpipe is never told of.
  const auto graph = topology_of(kChain);
  LoadLog log(*graph);
  FlowRun run(*graph);
  run.watch(log);
  run.send(0, "c", "b", 8);
  run.send(2, "c", "b", 8);
  run.run();
  CHECK(log.lines == Lines{"0 bc:c->b 1", "4 bc:c->b 0"});
}

TEST_CASE("the constant network reports what messages ask of a link, also above its capacity", "[sim][network][constant]") {
  // Each message goes at the 4 bit/s of bc from 1 s after it was sent: a→c, 40 bit (1 s to 11 s), and a→c, 20 bit sent at 1 s (2 s to
  // 7 s). Together they ask 8 bit/s of bc's 4. The end at 11 s is told of when the clock has passed it: a third message at 12 s.
  const auto graph = topology_of(kChain);
  LoadLog log(*graph);
  FlowRun run(*graph, OptionType<NetworkSpec>::parse(Json("constant"), {}));
  run.watch(log);
  run.send(0, "a", "c", 40);
  run.send(1, "a", "c", 20);
  run.send(12, "c", "b", 4);
  run.run();
  CHECK(log.lines ==
        Lines{"1 ab 0.4", "1 bc:b->c 1", "2 ab 0.8", "2 bc:b->c 2", "7 ab 0.4", "7 bc:b->c 1", "11 ab 0", "11 bc:b->c 0", "12 bc:c->b 1"});
}

TEST_CASE("who watches the loads changes no event", "[sim][network]") {
  // Oracle: the same messages without a watcher.
  const auto graph = topology_of(kChain);
  LoadLog log(*graph);
  for (const char* model : {"fluid", "constant"}) {
    const auto fingerprint = [&](bool watched) {
      FlowRun run(*graph, OptionType<NetworkSpec>::parse(Json(model), {}));
      if (watched) run.watch(log);
      for (int i = 0; i < 50; ++i) run.send(i % 7, i % 3 == 0 ? "a" : "c", "b", 3 + static_cast<std::uint64_t>(i));
      return run.run().fingerprint();
    };
    CHECK(fingerprint(true) == fingerprint(false));
  }
  CHECK_FALSE(log.lines.empty());  // the watcher saw something
}

TEST_CASE("the ways of each topology have names", "[sim][topology]") {
  // Every link of a route from the first worker, by the numbering that the topologies' files state.
  const auto names = [](const char* json, std::size_t workers, bool server, NodeId from, NodeId to) {
    const auto topology = topology_of(json, workers, server);
    std::vector<Resource> route;
    topology->route(from, to, route);
    Lines out;
    for (const Resource& r : route) out.push_back(topology->link_name(r.id));
    return out;
  };
  CHECK(names(R"({"kind": "star"})", 3, true, 1, 3) == Lines{"w1->switch", "switch->server"});
  CHECK(names(R"({"kind": "ring"})", 4, false, 3, 0) == Lines{"w3->w0"});
  CHECK(names(R"({"kind": "ring"})", 5, false, 1, 4) == Lines{"w1->w0", "w0->w4"});
  CHECK(names(R"({"kind": "complete"})", 3, true, 3, 1) == Lines{"server->w1"});
  CHECK(names(kChain, 0, false, 2, 0) == Lines{"bc:c->b", "ab"});
}
