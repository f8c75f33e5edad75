#include "sim/topology/torus2d.hpp"

#include "tests/sim/topology/routes.hpp"

using namespace peloton;
using namespace peloton::test;

TEST_CASE("a torus has the links and the diameter of its closed forms", "[sim][topology][torus2d]") {
  // R × C, both at least 3: 2 R C links, diameter ⌊R/2⌋ + ⌊C/2⌋. A line of two has one link, a line of one none.
  struct Case {
    std::size_t rows, columns, links, diameter;
  };
  for (const Case& c :
       {Case{3, 3, 18, 2}, Case{4, 6, 48, 5}, Case{5, 7, 70, 5}, Case{2, 5, 15, 3}, Case{2, 2, 4, 2}, Case{1, 6, 6, 3}, Case{1, 1, 0, 0}}) {
    const auto torus = make_torus2d({.rows = c.rows, .columns = c.columns}, c.rows * c.columns, false, {});
    CHECK(torus->links() == c.links);
    std::size_t diameter = 0;
    for (NodeId to = 1; to < torus->nodes(); ++to) diameter = std::max(diameter, route_of(*torus, 0, to).size());
    CHECK(diameter == c.diameter);
  }
}

TEST_CASE("a torus routes along the row first, the shorter way, ascending on a tie", "[sim][topology][torus2d]") {
  // 4 × 4, hosts numbered by rows. From 0 (row 0, column 0) to 14 (row 3, column 2): columns 0 1 2 (a tie: ascending), then row 0 → 3 back.
  const auto torus = made(R"({"kind": "torus2d", "rows": 4, "columns": 4})", 16, false);
  const auto names = [&](NodeId from, NodeId to) {
    std::string out;
    for (const Resource& hop : route_of(*torus, from, to)) out += torus->link_name(hop.id) + " ";
    return out;
  };
  CHECK(names(0, 14) == "w0->w1 w1->w2 w2->w14 ");
  CHECK(names(14, 0) == "w14->w15 w15->w12 w12->w0 ");
  CHECK(names(3, 0) == "w3->w0 ");
  CHECK(names(8, 0) == "w8->w12 w12->w0 ");
  CHECK(torus->cost(0, 14).latency.ns == 3 * 50'000);
}

TEST_CASE("a torus is as square as can be and holds the server", "[sim][topology][torus2d]") {
  // Hand computation: 12 hosts are 3 × 4, 16 are 4 × 4; 7 workers and a server 2 × 4; 13 hosts 3 × 5 or 2 × 7: 2 × 7 leaves one over.
  const auto shape = [](std::size_t workers, bool server) {
    const auto torus = make_torus2d({}, workers, server, {});
    return std::pair(torus->hosts(), torus->links());
  };
  CHECK(shape(12, false) == std::pair<std::size_t, std::size_t>(12, 24));
  CHECK(shape(16, false) == std::pair<std::size_t, std::size_t>(16, 32));
  CHECK(shape(7, true) == std::pair<std::size_t, std::size_t>(8, 8 + 4));
  CHECK(shape(13, false) == std::pair<std::size_t, std::size_t>(14, 14 + 7));
  CHECK(made(R"({"kind": "torus2d", "columns": 5})", 11)->hosts() == 15);
}

TEST_CASE("wrong tori are refused with their place", "[sim][topology][torus2d]") {
  CHECK_THROWS_WITH(made(R"({"kind": "torus2d", "rows": 2, "columns": 3})", 6, true),
                    "s.json: /cluster/topology: must have a host for each of the 6 workers and one for the server, got 6 hosts "
                    "(cluster.placement lets them share)");
  CHECK_THROWS_WITH(made(R"({"kind": "torus2d", "rows": 0})", 6, true), "s.json: /cluster/topology/rows: must be ≥ 1 and ≤ 4000000, got 0");
  CHECK_THROWS_WITH(made(R"({"kind": "torus2d", "rows": 4000000, "columns": 4000000})", 6, true),
                    "s.json: /cluster/topology: must have at most 16000000 hosts, got 4000000 × 4000000");
}

TEST_CASE("racks of a torus are its rows", "[sim][topology][torus2d]") {
  const auto torus = made(R"({"kind": "torus2d", "rows": 3, "columns": 5})", 15);
  for (NodeId host = 0; host < 15; ++host) CHECK(torus->rack(host) == std::optional<std::size_t>(host / 5));
}
