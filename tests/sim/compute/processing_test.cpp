#include "sim/compute/processing.hpp"

#include "sim/topology/topology_spec.hpp"
#include "tests/test.hpp"

using namespace peloton;

namespace {

const Place kPlace{"x.json", "/cluster/processing"};
constexpr NodeId kServer = 3;

/// A star of three workers and a server.
struct Star {
  std::unique_ptr<Topology> topology = make_topology(StarTopology{}, 3, true, {});

  [[nodiscard]] Processing processing(const std::string& json, std::uint64_t seed = 1) const {
    return {OptionType<std::vector<ProcessingSpec>>::parse(Json::parse(json), kPlace), *topology, seed, kPlace};
  }
  [[nodiscard]] std::string error(const std::string& json) const {
    try {
      (void)processing(json);
    } catch (const InputError& e) {
      return e.what();
    }
    return "no error";
  }
};

Time at_us(std::int64_t us) { return {us * 1000}; }

}  // namespace

TEST_CASE("messages are processed one after another, in the order of arrival", "[sim][compute][processing]") {
  // Hand computation, 10 us each: arrivals at 0, 4, 5 and 100 us end at 10, 20, 30 and 110; they wait 0 + 6 + 15 + 0 us.
  const Star star;
  Processing p = star.processing(R"([{"per_message": "10 us"}])");
  CHECK(p.admit(kServer, at_us(0), 0) == at_us(10));
  CHECK(p.admit(kServer, at_us(4), 0) == at_us(20));
  CHECK(p.admit(kServer, at_us(5), 0) == at_us(30));
  CHECK(p.admit(kServer, at_us(100), 0) == at_us(110));
  const Table table = p.table(*star.topology);
  CHECK(table.columns == std::vector<std::string>{"node", "messages", "busy", "waiting_mean", "waiting_max"});
  CHECK(table.rows == std::vector<std::vector<std::string>>{{"server", "4", "0.000040000", "0.000005250", "0.000015000"}});
}

TEST_CASE("several processors take the messages in turn", "[sim][compute][processing]") {
  // Hand computation, two at once, 10 us each: arrivals at 0, 1, 2 and 3 us start at 0, 1, 10 and 11.
  const Star star;
  Processing p = star.processing(R"([{"per_message": "10 us", "at_once": 2}])");
  CHECK(p.admit(kServer, at_us(0), 0) == at_us(10));
  CHECK(p.admit(kServer, at_us(1), 0) == at_us(11));
  CHECK(p.admit(kServer, at_us(2), 0) == at_us(20));
  CHECK(p.admit(kServer, at_us(3), 0) == at_us(21));
}

TEST_CASE("a message costs its coordinates", "[sim][compute][processing]") {
  // Hand computation: 2 us + 5000 · 0.1 ns = 2.5 us.
  const Star star;
  Processing p = star.processing(R"([{"per_message": "2 us", "per_coordinate": "0.1 ns"}])");
  CHECK(p.admit(kServer, {}, 5000).ns == 2500);
}

TEST_CASE("the last entry that names a node holds", "[sim][compute][processing]") {
  const Star star;
  Processing p = star.processing(R"([{"nodes": ["w*", "server"], "per_message": "1 us"}, {"nodes": ["w1"], "per_message": "7 us"}])");
  CHECK(p.admit(0, {}, 0) == at_us(1));
  CHECK(p.admit(1, {}, 0) == at_us(7));
  CHECK(p.admit(kServer, {}, 0) == at_us(1));
  const NodeId hub = star.topology->node("switch", {});
  CHECK_FALSE(p.at(hub));
}

TEST_CASE("times of processing are drawn by seed, node and message", "[sim][compute][processing]") {
  // Invariant: a station's draws do not depend on what the others do.
  const Star star;
  const std::string json = R"([{"nodes": ["*"], "per_message": "exponential:1ms"}])";
  Processing a = star.processing(json);
  Processing b = star.processing(json);
  (void)b.admit(1, {}, 0);
  const Time first = a.admit(0, {}, 0);
  CHECK(first == b.admit(0, {}, 0));
  CHECK(a.admit(0, {}, 0) - first != first - Time{});
  CHECK(first != star.processing(json).admit(2, {}, 0));
  CHECK(first != star.processing(json, 2).admit(0, {}, 0));
}

TEST_CASE("what waits is part of the state", "[sim][compute][processing]") {
  // Invariant: restored into a fresh object, the next message ends at the same time and the table is the same.
  const Star star;
  const std::string json = R"([{"per_message": "exponential:10us", "at_once": 3}])";
  Processing p = star.processing(json);
  for (int i = 0; i < 10; ++i) (void)p.admit(kServer, at_us(i), 0);
  Processing copy = star.processing(json);
  restore_state(copy, save_state(p));
  CHECK(copy.admit(kServer, at_us(11), 0) == p.admit(kServer, at_us(11), 0));
  CHECK(copy.table(*star.topology).rows == p.table(*star.topology).rows);
}

TEST_CASE("a node that loses what waits is free at once", "[sim][compute][processing]") {
  // Hand computation, 10 us each: three messages at 0 would keep it until 30 us; cleared at 5, a message at 7 us ends at 17.
  const Star star;
  Processing p = star.processing(R"([{"per_message": "10 us"}])");
  for (int i = 0; i < 3; ++i) (void)p.admit(kServer, {}, 0);
  p.clear(kServer, at_us(5));
  CHECK(p.admit(kServer, at_us(7), 0) == at_us(17));
}

TEST_CASE("costs of processing are checked", "[sim][compute][processing]") {
  const Star star;
  CHECK(star.error(R"([{"nodes": ["sever"]}])") ==
        "x.json: /cluster/processing/0/nodes/0: no node of the topology is called \"sever\" (did you mean \"server\"?)");
  CHECK(star.error(R"([{"nodes": []}])") == "x.json: /cluster/processing/0/nodes: must name at least one node, got none");
  CHECK(star.error(R"([{"per_message": "-1 us"}])") == "x.json: /cluster/processing/0/per_message: must be ≥ 0, got \"-1 us\"");
  CHECK(star.error(R"([{"per_coordinate": -1}])") == "x.json: /cluster/processing/0/per_coordinate: must be ≥ 0, got -1");
  CHECK(star.error(R"([{"at_once": 0}])") == "x.json: /cluster/processing/0/at_once: must be ≥ 1 and ≤ 1000000, got 0");
}
