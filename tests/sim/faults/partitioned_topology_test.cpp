#include "sim/faults/partitioned_topology.hpp"

#include "sim/topology/two_level.hpp"
#include "tests/test.hpp"

using namespace peloton;

TEST_CASE("the routes between two sides of a cut lead through it, all others are as they were", "[sim][faults][topology]") {
  // Racks of w0, w1 and of w2, w3 under one core with the server; the first rack is cut off from w2.
  TwoLevelTopology two_racks;
  two_racks.racks = 2;
  const auto under = make_two_level(two_racks, 4, 1, {});
  FaultSpec cut;
  cut.at = Seconds{1};
  cut.cut = std::vector<NodeNames>{{{"rack0"}}, {{"w2"}}};
  const FaultSchedule schedule({cut}, *under, 1, {});
  const PartitionedTopology topology(*under, schedule.partitions());
  std::vector<Resource> route;
  std::vector<Resource> before;
  for (NodeId from = 0; from < 5; ++from) {
    for (NodeId to = 0; to < 5; ++to) {
      if (from == to) continue;
      topology.route(from, to, route);
      under->route(from, to, before);
      const bool separated = (from < 2 && to == 2) || (to < 2 && from == 2);
      INFO(from << " to " << to);
      REQUIRE(route.size() == before.size() + (separated ? 1 : 0));
      for (std::size_t i = 0; i < before.size(); ++i) CHECK(route[i].id == before[i].id);
      if (separated) CHECK((route.back().id == kFirstPartition && route.back().fatpipe));
      CHECK(topology.cost(from, to).latency == under->cost(from, to).latency);
    }
  }
  CHECK(topology.link(static_cast<std::size_t>(kFirstPartition / 2)).latency == Duration{});
  CHECK(topology.links() == under->links());
  CHECK(topology.name(4) == "server");
}
