#include "sim/topology/star.hpp"

#include "tests/test.hpp"

using namespace peloton;

namespace {

std::vector<std::uint64_t> ids(const Topology& topology, NodeId from, NodeId to) {
  std::vector<Resource> route;
  topology.route(from, to, route);
  std::vector<std::uint64_t> out;
  for (const Resource& r : route) out.push_back(r.id);
  return out;
}

}  // namespace

TEST_CASE("a star message goes up the sender's link and down the receiver's", "[sim][topology][star]") {
  // Hand computation: workers w0, w1 (100 bit/s, 2 s), server (30 bit/s, 5 s), switch. Between workers 2 + 2 s at 100; with the server
  // 2 + 5 s at 30; to the switch one link. The two ways of a link are different resources.
  const auto star =
      make_star({.bandwidth = {100}, .latency = {2}, .server_bandwidth = BitsPerSecond{30}, .server_latency = Seconds{5}}, 2, true, {});
  CHECK(star->nodes() == 4);
  CHECK(star->workers() == 2);
  CHECK(star->server() == 2);
  CHECK(star->cost(0, 1).latency.ns == 4'000'000'000);
  CHECK(star->cost(0, 1).bandwidth == 100);
  CHECK(star->cost(0, 2).latency.ns == 7'000'000'000);
  CHECK(star->cost(2, 1).bandwidth == 30);
  CHECK(star->cost(0, 3).latency.ns == 2'000'000'000);
  CHECK(star->cost(3, 2).latency.ns == 5'000'000'000);

  std::vector<Resource> route;
  star->route(1, 2, route);
  REQUIRE(route.size() == 2);
  CHECK(route[0].bandwidth == 100);
  CHECK(route[1].bandwidth == 30);
  CHECK_FALSE(route[0].fatpipe);
  CHECK(ids(*star, 0, 2)[1] == ids(*star, 1, 2)[1]);  // incast: the server's way down is shared
  CHECK(ids(*star, 2, 0)[0] == ids(*star, 2, 1)[0]);  // broadcast: its way up is shared
  CHECK(ids(*star, 0, 2)[0] != ids(*star, 2, 0)[1]);  // full duplex
  CHECK(ids(*star, 0, 3) == std::vector{ids(*star, 0, 1)[0]});
  CHECK(ids(*star, 3, 1) == std::vector{ids(*star, 0, 1)[1]});
}

TEST_CASE("the nodes of a star have names", "[sim][topology][star]") {
  const auto star = make_star({}, 12, true, {});
  for (NodeId node = 0; node < star->nodes(); ++node) CHECK(star->node(star->name(node), {}) == node);
  CHECK(star->name(11) == "w11");
  CHECK(star->name(12) == "server");
  CHECK(star->name(13) == "switch");
  for (const char* wrong : {"w12", "w", "w01", "w+1", "", "w1 ", "w99999999999999999999"}) CHECK_FALSE(star->find(wrong).has_value());
  CHECK_THROWS_WITH(star->node("sever", {"s.json", "/x"}),
                    "s.json: /x: must be a node (w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, …), "
                    "got \"sever\" (did you mean \"server\"?)");
  const auto peers = make_star({}, 2, false, {});
  CHECK(peers->server() == kNoNode);
  CHECK_FALSE(peers->find("server").has_value());
  CHECK(peers->node("switch", {}) == 2);
}

TEST_CASE("a star of a million workers costs nothing and finds the server by a wrong name", "[sim][topology][star]") {
  const auto star = make_star({}, 1'000'000, true, {});
  CHECK(star->nodes() == 1'000'002);
  CHECK(star->cost(999'999, star->server()).latency.ns == 100'000);
  CHECK_THROWS_WITH(star->node("servr", {}), Catch::Matchers::ContainsSubstring("did you mean \"server\"?"));
}

TEST_CASE("each of several servers of a star has a link of its own", "[sim][topology][star]") {
  // Hand computation: two workers, then three servers with the server's link, then the switch.
  const auto star = make_star({.bandwidth = {100}, .latency = {1}, .server_bandwidth = BitsPerSecond{30}, .server_latency = {}}, 2, 3, {});
  CHECK(star->nodes() == 6);
  CHECK(star->server() == 2);
  CHECK(star->servers() == 3);
  for (const NodeId server : {2U, 3U, 4U}) {
    CHECK(star->is_server(server));
    CHECK(star->cost(0, server).bandwidth == 30);
    CHECK(ids(*star, 0, server)[1] == 2ULL * server + 1);
  }
  CHECK_FALSE(star->is_server(1));
  CHECK_FALSE(star->is_server(5));
  CHECK(star->name(4) == "server2");
  CHECK(star->find("server0") == 2);
  CHECK_FALSE(star->find("server3").has_value());
  CHECK_FALSE(star->find("server").has_value());
}
