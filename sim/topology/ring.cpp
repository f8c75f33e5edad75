#include "sim/topology/ring.hpp"

namespace peloton {

namespace {

/// Resources: 2i from node i to the node after it, 2i + 1 back.
class Ring final : public ImplicitTopology {
 public:
  Ring(const RingTopology& options, std::size_t workers, bool server)
      : ImplicitTopology(workers, server, 0), latency_(to_duration(options.latency)), bandwidth_(options.bandwidth.value) {}

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

  std::string link_name(std::uint64_t resource) const override {
    const std::uint64_t node = resource / 2;
    const std::uint64_t after = node + 1 == nodes() ? 0 : node + 1;
    return resource % 2 == 0 ? way_name(node, after) : way_name(after, node);
  }

 private:
  std::size_t ascending_hops(NodeId from, NodeId to) const { return to >= from ? to - from : to + nodes() - from; }

  Duration latency_;
  double bandwidth_;
};

}  // namespace

std::unique_ptr<Topology> make_ring(const RingTopology& options, std::size_t workers, bool needs_server, const Place& place) {
  ImplicitTopology::need_workers(workers, RingTopology::kind, place);
  return std::make_unique<Ring>(options, workers, needs_server);
}

}  // namespace peloton
