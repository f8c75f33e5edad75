#include "algorithms/collectives/all_reduce.hpp"

#include <numeric>

#include "tests/sim/topology/routes.hpp"

using namespace peloton;
using namespace peloton::test;
using Catch::Matchers::ContainsSubstring;

namespace {

const Place kPlace{"s.json", "/algorithm/collective"};

AllReduce all_reduce(const std::string& json, const Topology& topology) {
  AllReduce out(OptionType<AllReduceSpec>::parse(Json::parse(json), kPlace));
  out.validate(topology, kPlace);
  return out;
}

using Groups = std::vector<std::uint32_t>;

/// Workers 0 … n − 1.
std::vector<NodeId> first(NodeId n) {
  std::vector<NodeId> out(n);
  std::iota(out.begin(), out.end(), NodeId{0});
  return out;
}

}  // namespace

TEST_CASE("names of all-reduces", "[algorithms][collectives]") {
  const auto star = made(R"("star")", 4);
  const auto kind = [&](const char* json) { return all_reduce(json, *star).collective(first(4), 10, 32).kind; };
  CHECK(kind(R"("ring")") == CollectiveKind::ring_all_reduce);
  CHECK(kind(R"("halving_doubling")") == CollectiveKind::halving_doubling_all_reduce);
  CHECK(kind(R"("tree")") == CollectiveKind::tree_all_reduce);
  CHECK(kind(R"("two_level:2")") == CollectiveKind::two_level_all_reduce);
  CHECK(kind(R"({"name": "two_level", "group_size": 2, "within": "scatter"})") == CollectiveKind::scattered_two_level_all_reduce);
  const CollectiveSpec spec =
      all_reduce(R"({"name": "two_level", "group_size": 2, "between": "tree"})", *star).collective(first(4), 10, 32);
  CHECK(spec.between == CollectiveKind::tree_all_reduce);
  CHECK(spec.ranks == 4);
  CHECK(spec.payload_bits() == 320);
}

TEST_CASE("the groups of two levels are racks, or consecutive workers", "[algorithms][collectives]") {
  // By hand: seven workers, three to a rack; dealt out to the hosts of two racks of four; four to a group.
  const auto racks = made(R"({"kind": "two_level", "workers_per_rack": 3})", 7);
  const AllReduce by_rack = all_reduce(R"("two_level")", *racks);
  CHECK(by_rack.collective(first(7), 1, 32).groups == Groups{0, 0, 0, 1, 1, 1, 2});
  CHECK(by_rack.note() == "two-level all-reduce: 3 groups of 1 to 3 workers, ring between them");
  const auto dealt = make_placed_topology(
      OptionType<TopologySpec>::parse(Json::parse(R"({"kind": "two_level", "racks": 2, "workers_per_rack": 4})"), kPlace),
      parse_options<PlacementSpec>(Json::parse(R"({"workers": ["h4", "h1", "h7", "h0"]})"), kPlace), 4, false, kPlace, {});
  CHECK(all_reduce(R"("two_level")", *dealt).collective(first(4), 1, 32).groups == Groups{0, 1, 0, 1});
  const AllReduce by_size = all_reduce(R"("two_level:4")", *racks);
  CHECK(by_size.collective(first(7), 1, 32).groups == Groups{0, 0, 0, 0, 1, 1, 1});
}

TEST_CASE("groups lose the workers that are gone, and with them their names", "[algorithms][collectives]") {
  // By hand: three racks of two; without the first rack and worker 3 there are two groups, of 1 and 2, which cannot scatter any more.
  const auto racks = made(R"({"kind": "two_level", "racks": 3})", 6);
  const AllReduce scatters = all_reduce(R"({"name": "two_level", "within": "scatter"})", *racks);
  CHECK(scatters.collective(first(6), 1, 32).kind == CollectiveKind::scattered_two_level_all_reduce);
  const CollectiveSpec left = scatters.collective(std::vector<NodeId>{2, 4, 5}, 1, 32);
  CHECK(left.groups == Groups{0, 1, 1});
  CHECK(left.ranks == 3);
  CHECK(left.kind == CollectiveKind::two_level_all_reduce);
  CHECK(scatters.collective(std::vector<NodeId>{2, 4}, 1, 32).kind == CollectiveKind::scattered_two_level_all_reduce);
}

TEST_CASE("groups that cannot be are refused", "[algorithms][collectives]") {
  const auto star = made(R"("star")", 4);
  CHECK_THROWS_WITH(all_reduce(R"("two_level")", *star),
                    "s.json: /algorithm/collective: needs \"group_size\": worker w0 stands in no rack of the topology");
  CHECK_THROWS_WITH(all_reduce(R"({"name": "two_level", "group_size": 3, "within": "scatter"})", *star),
                    "s.json: /algorithm/collective/within: must be \"root\" where groups differ in size, got \"scatter\" with groups of 1 "
                    "to 3 workers");
  CHECK_THROWS_WITH(all_reduce(R"("two_levels")", *star), ContainsSubstring("two_level"));
}
