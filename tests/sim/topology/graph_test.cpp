#include "sim/topology/graph.hpp"

#include <random>
#include <thread>

#include "tests/test.hpp"

using namespace peloton;

namespace {

using Link = GraphTopology::Link;

std::vector<std::string> letters(std::size_t n) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < n; ++i) out.emplace_back(1, static_cast<char>('a' + i));
  return out;
}

GraphTopology graph(std::size_t nodes, std::vector<Link> links) {
  GraphTopology::Parts parts;
  parts.names = letters(nodes);
  parts.links = std::move(links);
  return GraphTopology(std::move(parts));
}

Link link(NodeId a, NodeId b, std::int64_t latency_ns, double bandwidth = 1) { return {a, b, bandwidth, {latency_ns}, Sharing::full}; }

std::vector<Resource> route(const Topology& topology, NodeId from, NodeId to) {
  std::vector<Resource> out;
  topology.route(from, to, out);
  return out;
}

}  // namespace

TEST_CASE("equal paths are decided by their number of links, then by declaration", "[sim][topology][graph]") {
  SECTION("fewer links") {
    // a─b─c─d and a─d, both 30 ns: the direct link although it comes last. Resource = 2 · link.
    const GraphTopology topology = graph(4, {link(0, 1, 10), link(1, 2, 10), link(2, 3, 10), link(0, 3, 30)});
    CHECK(route(topology, 0, 3).size() == 1);
    CHECK(route(topology, 0, 3)[0].id == 6);
  }
  SECTION("the link declared first, looking back from the destination") {
    // Two ways of two links a→d: over c (links 0 and 3) or over b (links 1 and 2). Into d, link 2 was declared before link 3: over b.
    const GraphTopology topology = graph(4, {link(0, 2, 10), link(0, 1, 10), link(1, 3, 10), link(2, 3, 10)});
    const auto there = route(topology, 0, 3);
    REQUIRE(there.size() == 2);
    CHECK(there[0].id == 2);
    CHECK(there[1].id == 4);
    // On the way back, into a, link 0 was declared first: over c.
    const auto back = route(topology, 3, 0);
    CHECK(back[0].id == 7);
    CHECK(back[1].id == 1);
  }
  SECTION("parallel links without latency") {
    const GraphTopology topology = graph(2, {link(0, 1, 0, 5), link(0, 1, 0, 7)});
    CHECK(route(topology, 1, 0)[0].id == 1);
    CHECK(topology.cost(1, 0).bandwidth == 5);
  }
}

TEST_CASE("shortest paths agree with Floyd and Warshall", "[sim][topology][graph]") {
  // Reference: all-pairs distances by (latency, links), O(n³). The route must be a chain whose sums are the cost. 100 random graphs with
  // small latencies, zero included, so that ties are many.
  std::mt19937_64 random(12);
  for (int instance = 0; instance < 100; ++instance) {
    const std::size_t n = 2 + random() % 9;
    std::vector<Link> links;
    for (std::size_t i = 0; i < n + random() % n; ++i) {
      const auto a = static_cast<NodeId>(random() % n);
      const auto b = static_cast<NodeId>((a + 1 + random() % (n - 1)) % n);
      links.push_back(link(a, b, static_cast<std::int64_t>(random() % 4), static_cast<double>(1 + random() % 9)));
    }
    using Distance = std::pair<std::int64_t, std::int64_t>;
    constexpr Distance kFar{1'000'000, 1'000'000};
    std::vector<std::vector<Distance>> d(n, std::vector<Distance>(n, kFar));
    for (std::size_t i = 0; i < n; ++i) d[i][i] = {0, 0};
    for (const Link& l : links) d[l.a][l.b] = d[l.b][l.a] = std::min(d[l.a][l.b], {l.latency.ns, 1});
    for (std::size_t k = 0; k < n; ++k)
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) d[i][j] = std::min(d[i][j], {d[i][k].first + d[k][j].first, d[i][k].second + d[k][j].second});

    const GraphTopology topology = graph(n, links);
    for (NodeId from = 0; from < n; ++from) {
      for (NodeId to = 0; to < n; ++to) {
        if (from == to) continue;
        REQUIRE(topology.reachable(from, to) == (d[from][to] < kFar));
        if (!topology.reachable(from, to)) continue;
        REQUIRE(topology.cost(from, to).latency.ns == d[from][to].first);
        NodeId node = from;
        std::int64_t latency = 0;
        double bandwidth = std::numeric_limits<double>::infinity();
        const auto hops = route(topology, from, to);
        for (const Resource& hop : hops) {
          const Link& l = links[hop.id / 2];
          REQUIRE(node == (hop.id % 2 == 0 ? l.a : l.b));
          node = hop.id % 2 == 0 ? l.b : l.a;
          latency += l.latency.ns;
          bandwidth = std::min(bandwidth, hop.bandwidth);
        }
        REQUIRE(node == to);
        REQUIRE(static_cast<std::int64_t>(hops.size()) == d[from][to].second);
        REQUIRE(latency == d[from][to].first);
        REQUIRE(topology.cost(from, to).bandwidth == bandwidth);
      }
    }
  }
}

TEST_CASE("a graph can be read by several threads", "[sim][topology][graph]") {
  // Invariant: routes that two threads ask for first are those that one thread computes (run under the thread sanitizer to see races).
  std::vector<Link> links;
  for (NodeId i = 0; i < 20; ++i) links.push_back(link(i, (i + 1) % 20, 1));
  const GraphTopology shared = graph(20, links);
  const GraphTopology alone = graph(20, links);
  const auto read = [&](std::vector<std::int64_t>& out) {
    for (NodeId from = 0; from < 20; ++from)
      for (NodeId to = 0; to < 20; ++to)
        if (from != to) out.push_back(shared.cost(from, to).latency.ns);
  };
  std::vector<std::int64_t> first;
  std::vector<std::int64_t> second;
  std::thread other([&] { read(first); });
  read(second);
  other.join();
  std::vector<std::int64_t> expected;
  for (NodeId from = 0; from < 20; ++from)
    for (NodeId to = 0; to < 20; ++to)
      if (from != to) expected.push_back(alone.cost(from, to).latency.ns);
  CHECK(first == expected);
  CHECK(second == expected);
}
