#include "sim/topology/topology_spec.hpp"

namespace peloton {

namespace {

struct Maker {
  std::size_t workers;
  std::size_t servers;
  const Place& place;
  const TopologySources& sources;

  std::unique_ptr<Topology> operator()(const StarTopology& o) const { return make_star(o, workers, servers, place); }
  std::unique_ptr<Topology> operator()(const TwoLevelTopology& o) const { return make_two_level(o, workers, servers, place); }
  std::unique_ptr<Topology> operator()(const RingTopology& o) const { return make_ring(o, workers, servers, place); }
  std::unique_ptr<Topology> operator()(const CompleteTopology& o) const { return make_complete(o, workers, servers, place); }
  std::unique_ptr<Topology> operator()(const Torus2dTopology& o) const { return make_torus2d(o, workers, servers, place); }
  std::unique_ptr<Topology> operator()(const FatTreeTopology& o) const { return make_fat_tree(o, workers, servers, place); }
  std::unique_ptr<Topology> operator()(const DragonflyTopology& o) const { return make_dragonfly(o, workers, servers, place); }
  std::unique_ptr<Topology> operator()(const RandomRegularTopology& o) const { return random(o); }
  std::unique_ptr<Topology> operator()(const ErdosRenyiTopology& o) const { return random(o); }
  std::unique_ptr<Topology> operator()(const WattsStrogatzTopology& o) const { return random(o); }
  std::unique_ptr<Topology> operator()(const GraphmlTopology& o) const {
    return make_graphml(o, workers, servers, sources.data_folder, place);
  }
  std::unique_ptr<Topology> operator()(const LatencyMatrixTopology& o) const {
    return make_latency_matrix(o, workers, servers, sources.data_folder, place);
  }
  std::unique_ptr<Topology> operator()(const ExplicitTopology& o) const { return make_explicit(o, workers, servers, place); }

 private:
  template <class Options>
  std::unique_ptr<Topology> random(const Options& o) const {
    return make_random(o, workers, servers, sources.seed, place);
  }
};

}  // namespace

std::unique_ptr<Topology> make_topology(const TopologySpec& spec, std::size_t workers, std::size_t servers, const Place& place,
                                        const TopologySources& sources) {
  return std::visit(Maker{workers, servers, place, sources}, spec.value);
}

std::unique_ptr<Topology> make_placed_topology(const TopologySpec& spec, const std::optional<PlacementSpec>& placement, std::size_t workers,
                                               std::size_t servers, const Place& cluster, const TopologySources& sources) {
  const Place place = cluster / "topology";
  if (!placement) return make_topology(spec, workers, servers, place, sources);
  if (spec.is<ExplicitTopology>()) {
    const ExplicitPlacement& own = spec.get<ExplicitTopology>().placement;
    if (own.server || !own.workers.empty())
      throw InputError(cluster / "placement", "the topology has a placement of its own (/cluster/topology/placement): give one of them");
  }
  const std::size_t own_hosts = servers_placed(*placement) > 0 ? 0 : servers;
  std::unique_ptr<Topology> physical =
      make_topology(spec, std::max<std::size_t>(1, hosts_needed(*placement, workers)), own_hosts, place, sources);
  return place_workers(*placement, std::move(physical), workers, servers, sources.seed, cluster / "placement");
}

}  // namespace peloton
