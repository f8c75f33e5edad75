#include "sim/topology/racks.hpp"

#include "sim/topology/topology_spec.hpp"
#include "tests/test.hpp"

using namespace peloton;

namespace {

std::vector<std::uint32_t> racks(const std::string& topology, std::size_t workers, const std::string& placement = "") {
  const auto spec = OptionType<TopologySpec>::parse(Json::parse(topology), {});
  std::optional<PlacementSpec> places;
  if (!placement.empty()) places = OptionType<PlacementSpec>::parse(Json::parse(placement), {});
  return racks_of_workers(*make_placed_topology(spec, places, workers, true, {}, {}));
}

}  // namespace

TEST_CASE("workers under one switch are a rack", "[sim][topology][racks]") {
  // By the topologies' definitions: racks of two_level fill in worker order; a fat tree of degree 4 has two hosts on each edge switch.
  CHECK(racks(R"({"kind": "two_level", "workers_per_rack": 3})", 7) == std::vector<std::uint32_t>{0, 0, 0, 1, 1, 1, 2});
  CHECK(racks(R"({"kind": "fat_tree", "k": 4})", 5) == std::vector<std::uint32_t>{0, 0, 1, 1, 2});
  CHECK(racks("\"star\"", 3) == std::vector<std::uint32_t>{0, 0, 0});
}

TEST_CASE("workers that share a host share its rack", "[sim][topology][racks]") {
  CHECK(racks(R"({"kind": "two_level", "workers_per_rack": 2})", 6, R"({"per_host": 2})") == std::vector<std::uint32_t>{0, 0, 0, 0, 1, 1});
}

TEST_CASE("a topology without switches has no racks", "[sim][topology][racks]") {
  CHECK(racks("\"ring\"", 4).empty());
  CHECK(racks("\"complete\"", 4).empty());
}
