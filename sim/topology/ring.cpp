#include "sim/topology/ring.hpp"

namespace peloton {

namespace {

/// Resources: 2i from node i to the node after it, 2i + 1 back.
class Ring final : public ImplicitTopology {
 public:
  Ring(const RingTopology& options, std::size_t workers, std::size_t servers)
      : ImplicitTopology({.workers = workers, .servers = servers, .hosts = workers + servers}),
        latency_(to_duration(options.latency)),
        bandwidth_(options.bandwidth.value) {}

  PathCost cost(NodeId from, NodeId to) const override {
    const std::size_t up = ascending_hops(from, to);
    const std::size_t hops = std::min(up, nodes() - up);
    return {{latency_.ns * static_cast<std::int64_t>(hops)}, bandwidth_};
  }

  void route(NodeId from, NodeId to, std::vector<Resource>& out) const override {
    out.clear();
    const std::size_t up = ascending_hops(from, to);
    std::size_t node = from;
    if (2 * up <= nodes()) {
      for (; node != to; node = node + 1 == nodes() ? 0 : node + 1) out.push_back({2 * node, bandwidth_});
    } else {
      while (node != to) {
        node = node == 0 ? nodes() - 1 : node - 1;
        out.push_back({2 * node + 1, bandwidth_});
      }
    }
  }

  std::size_t links() const override { return nodes() > 1 ? nodes() : 0; }
  PhysicalLink link(std::size_t i) const override {
    const std::size_t after = i + 1 == nodes() ? 0 : i + 1;
    return {static_cast<NodeId>(i), static_cast<NodeId>(after), bandwidth_, latency_, Sharing::full};
  }

 private:
  std::size_t ascending_hops(NodeId from, NodeId to) const { return to >= from ? to - from : to + nodes() - from; }

  Duration latency_;
  double bandwidth_;
};

}  // namespace

std::unique_ptr<Topology> make_ring(const RingTopology& options, std::size_t workers, std::size_t servers, const Place& place) {
  ImplicitTopology::need_workers(workers, RingTopology::kind, place);
  return std::make_unique<Ring>(options, workers, servers);
}

}  // namespace peloton
