#include "sim/topology/dragonfly.hpp"

#include <map>

#include "tests/sim/topology/routes.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

const std::string kBalanced = R"({"kind": "dragonfly", "groups": 9, "routers": 4, "hosts": 2})";

}  // namespace

TEST_CASE("a dragonfly has the links of its closed forms", "[sim][topology][dragonfly]") {
  // g groups, a routers, p hosts: g a p host links, g a (a − 1) / 2 local and g (g − 1) / 2 global ones. Kim et al. 2008, figure 5: the
  // balanced one with p = h = 2, a = 4 has 9 groups and 72 hosts.
  const auto balanced = made(kBalanced, 72);
  CHECK(balanced->hosts() == 72);
  CHECK(balanced->nodes() == 72 + 36);
  CHECK(balanced->links() == 72 + 9 * 6 + 36);
  // Each router ends h = 2 global links, so has p + h + a − 1 = 7 links in all.
  std::map<NodeId, int> degree;
  for (std::size_t i = 0; i < balanced->links(); ++i) {
    ++degree[balanced->link(i).a];
    ++degree[balanced->link(i).b];
  }
  for (NodeId router = 72; router < 108; ++router) CHECK(degree[router] == 7);
  // The default for 72 workers is just that.
  CHECK(make_dragonfly({}, 72, false, {})->links() == balanced->links());
  CHECK(make_dragonfly({}, 72, true, {})->hosts() > 73);
}

TEST_CASE("minimal routes cross one link between groups and at most one on either side", "[sim][topology][dragonfly]") {
  // The balanced dragonfly of 72 hosts, seen from host 0 at router 0 of group 0: 1 other host at its router (2 links), 6 in its group (3).
  // Of the 64 others, group j = 1 … 8 is reached over router ⌊(j − 1) / 2⌋ of group 0 and arrives at router ⌊(8 − j) / 2⌋ of group j:
  // groups 1 and 2 leave from router 0 itself. So 2 hosts each of groups 1, 2 are at 3 links, 6 each at 4; of groups 3 … 8, 2 each at
  // 4 links and 6 each at 5.
  const auto dragonfly = made(kBalanced, 72);
  std::map<std::size_t, int> lengths;
  for (NodeId to = 1; to < 72; ++to) ++lengths[route_of(*dragonfly, 0, to).size()];
  CHECK(lengths == std::map<std::size_t, int>{{2, 1}, {3, 6 + 2 * 2}, {4, 2 * 6 + 6 * 2}, {5, 6 * 6}});
  const std::size_t first_global = 72 + 9 * 6;
  for (NodeId to = 8; to < 72; ++to) {
    int global = 0;
    for (const Resource& hop : route_of(*dragonfly, 0, to)) global += hop.id / 2 >= first_global ? 1 : 0;
    CHECK(global == 1);
  }
}

TEST_CASE("links between groups have their own latency and bandwidth", "[sim][topology][dragonfly]") {
  // Two groups of one router: host, router, global link, router, host: 1 + 9 + 1 s at 2 bit/s.
  const auto dragonfly = made(R"({"kind": "dragonfly", "groups": 2, "routers": 1, "hosts": 1, "latency": 1, "bandwidth": 8,
                                  "global_latency": 9, "global_bandwidth": 2})",
                              2, false);
  CHECK(dragonfly->cost(0, 1).latency.seconds() == 11);
  CHECK(dragonfly->cost(0, 1).bandwidth == 2);
}

TEST_CASE("wrong dragonflies are refused with their place", "[sim][topology][dragonfly]") {
  CHECK_THROWS_WITH(
      made(R"({"kind": "dragonfly", "groups": 2, "routers": 2, "hosts": 1})", 5, false),
      "s.json: /cluster/topology: must have a host for each of the 5 workers, got 4 hosts (cluster.placement lets them share)");
  CHECK_THROWS_WITH(made(R"({"kind": "dragonfly", "groups": 4096, "routers": 4096, "hosts": 4096})", 5, false),
                    Catch::Matchers::ContainsSubstring("must have at most 16000000 hosts"));
}

TEST_CASE("racks of a dragonfly are its groups", "[sim][topology][dragonfly]") {
  // Nine groups of four routers with two hosts each: 72 hosts, eight to a group, then 36 routers, four to a group.
  const auto dragonfly = made(kBalanced, 72);
  for (NodeId host = 0; host < 72; ++host) CHECK(dragonfly->rack(host) == std::optional<std::size_t>(host / 8));
  for (NodeId router = 0; router < 36; ++router) CHECK(dragonfly->rack(72 + router) == std::optional<std::size_t>(router / 4));
}
