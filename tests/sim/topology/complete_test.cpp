#include "sim/topology/complete.hpp"

#include <set>

#include "tests/test.hpp"

using namespace peloton;

TEST_CASE("every ordered pair of a complete topology has a resource of its own", "[sim][topology][complete]") {
  // Hand computation: 4 workers and a server: 5 · 4 = 20 ordered pairs, one link each.
  const auto complete = make_complete({.bandwidth = {10}, .latency = {3}}, 4, true, {});
  CHECK(complete->nodes() == 5);
  CHECK(complete->server() == 4);
  CHECK(complete->name(4) == "server");
  CHECK_FALSE(complete->find("switch").has_value());
  std::set<std::uint64_t> seen;
  std::vector<Resource> route;
  for (NodeId from = 0; from < 5; ++from) {
    for (NodeId to = 0; to < 5; ++to) {
      if (from == to) continue;
      complete->route(from, to, route);
      REQUIRE(route.size() == 1);
      CHECK(route[0].bandwidth == 10);
      CHECK(complete->cost(from, to).latency.ns == 3'000'000'000);
      seen.insert(route[0].id);
    }
  }
  CHECK(seen.size() == 20);
}

TEST_CASE("resources of a complete topology of a million workers still differ", "[sim][topology][complete]") {
  const auto complete = make_complete({}, 1'000'000, false, {});
  std::vector<Resource> a;
  std::vector<Resource> b;
  complete->route(999'999, 0, a);
  complete->route(999'998, 999'999, b);
  CHECK(complete->link_name(a[0].id) == "w999999->w0");
  CHECK(complete->link_name(b[0].id) == "w999998->w999999");
  CHECK(a[0].id != b[0].id);
}
