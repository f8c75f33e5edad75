#include "sim/topology/topology_spec.hpp"

namespace peloton {

namespace {

struct Maker {
  std::size_t workers;
  bool needs_server;
  const Place& place;

  std::unique_ptr<Topology> operator()(const StarTopology& o) const { return make_star(o, workers, needs_server, place); }
  std::unique_ptr<Topology> operator()(const RingTopology& o) const { return make_ring(o, workers, needs_server, place); }
  std::unique_ptr<Topology> operator()(const CompleteTopology& o) const { return make_complete(o, workers, needs_server, place); }
  std::unique_ptr<Topology> operator()(const ExplicitTopology& o) const { return make_explicit(o, workers, needs_server, place); }
};

}  // namespace

std::unique_ptr<Topology> make_topology(const TopologySpec& spec, std::size_t workers, bool needs_server, const Place& place) {
  return std::visit(Maker{workers, needs_server, place}, spec.value);
}

}  // namespace peloton
