#include "sim/topology/topology_spec.hpp"

namespace peloton {

namespace {

struct Maker {
  std::size_t workers;
  bool needs_server;
  const Place& place;
  const TopologySources& sources;

  std::unique_ptr<Topology> operator()(const StarTopology& o) const { return make_star(o, workers, needs_server, place); }
  std::unique_ptr<Topology> operator()(const TwoLevelTopology& o) const { return make_two_level(o, workers, needs_server, place); }
  std::unique_ptr<Topology> operator()(const RingTopology& o) const { return make_ring(o, workers, needs_server, place); }
  std::unique_ptr<Topology> operator()(const CompleteTopology& o) const { return make_complete(o, workers, needs_server, place); }
  std::unique_ptr<Topology> operator()(const Torus2dTopology& o) const { return make_torus2d(o, workers, needs_server, place); }
  std::unique_ptr<Topology> operator()(const FatTreeTopology& o) const { return make_fat_tree(o, workers, needs_server, place); }
  std::unique_ptr<Topology> operator()(const DragonflyTopology& o) const { return make_dragonfly(o, workers, needs_server, place); }
  std::unique_ptr<Topology> operator()(const RandomRegularTopology& o) const { return random(o); }
  std::unique_ptr<Topology> operator()(const ErdosRenyiTopology& o) const { return random(o); }
  std::unique_ptr<Topology> operator()(const WattsStrogatzTopology& o) const { return random(o); }
  std::unique_ptr<Topology> operator()(const GraphmlTopology& o) const {
    return make_graphml(o, workers, needs_server, sources.data_folder, place);
  }
  std::unique_ptr<Topology> operator()(const LatencyMatrixTopology& o) const {
    return make_latency_matrix(o, workers, needs_server, sources.data_folder, place);
  }
  std::unique_ptr<Topology> operator()(const ExplicitTopology& o) const { return make_explicit(o, workers, needs_server, place); }

 private:
  template <class Options>
  std::unique_ptr<Topology> random(const Options& o) const {
    return make_random(o, workers, needs_server, sources.seed, place);
  }
};

}  // namespace

std::unique_ptr<Topology> make_topology(const TopologySpec& spec, std::size_t workers, bool needs_server, const Place& place,
                                        const TopologySources& sources) {
  return std::visit(Maker{workers, needs_server, place, sources}, spec.value);
}

std::unique_ptr<Topology> make_placed_topology(const TopologySpec& spec, const std::optional<PlacementSpec>& placement, std::size_t workers,
                                               bool needs_server, const Place& cluster, const TopologySources& sources) {
  const Place place = cluster / "topology";
  if (!placement) return make_topology(spec, workers, needs_server, place, sources);
  if (spec.is<ExplicitTopology>()) {
    const ExplicitPlacement& own = spec.get<ExplicitTopology>().placement;
    if (own.server || !own.workers.empty())
      throw InputError(cluster / "placement", "the topology has a placement of its own (/cluster/topology/placement): give one of them");
  }
  const bool own_host = needs_server && !placement->server;
  std::unique_ptr<Topology> physical =
      make_topology(spec, std::max<std::size_t>(1, hosts_needed(*placement, workers)), own_host, place, sources);
  return place_workers(*placement, std::move(physical), workers, needs_server, sources.seed, cluster / "placement");
}

}  // namespace peloton
