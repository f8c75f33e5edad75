#include "sim/topology/star.hpp"

#include <algorithm>

#include "sim/topology/positions.hpp"

namespace peloton {

namespace {

/// Resources: 2i from node i to the switch, 2i + 1 from the switch to node i. The switch is the last node.
class Star final : public ImplicitTopology {
 public:
  Star(const StarTopology& options, std::size_t workers, std::size_t servers)
      : ImplicitTopology({.workers = workers, .servers = servers, .hosts = workers + servers, .switches = 1}),
        hub_(static_cast<NodeId>(nodes() - 1)),
        worker_link_{to_duration(options.latency), options.bandwidth.value},
        server_link_{to_duration(options.server_latency.value_or(options.latency)),
                     options.server_bandwidth.value_or(options.bandwidth).value} {}

  PathCost cost(NodeId from, NodeId to) const override {
    const PathCost up = link_of(from);
    const PathCost down = link_of(to);
    return {up.latency + down.latency, std::min(up.bandwidth, down.bandwidth)};
  }

  void route(NodeId from, NodeId to, std::vector<Resource>& out) const override {
    out.clear();
    if (from != hub_) out.push_back({2ULL * from, link_of(from).bandwidth});
    if (to != hub_) out.push_back({2ULL * to + 1, link_of(to).bandwidth});
  }

  bool is_server_tree() const override { return true; }
  std::size_t links() const override { return hosts(); }
  PhysicalLink link(std::size_t i) const override {
    const PathCost cost = link_of(static_cast<NodeId>(i));
    return {static_cast<NodeId>(i), hub_, cost.bandwidth, cost.latency, Sharing::full};
  }

  std::vector<Position> positions() const override {
    std::vector<Position> out = circle_positions(hosts());
    out.push_back({});
    return out;
  }

 private:
  /// The link between a node and the switch; the switch itself is free.
  PathCost link_of(NodeId node) const {
    if (node < workers()) return worker_link_;
    return node == hub_ ? PathCost{} : server_link_;
  }

  std::optional<std::size_t> find_switch(std::string_view name) const override {
    return name == "switch" ? std::optional<std::size_t>(0) : std::nullopt;
  }

  NodeId hub_;
  PathCost worker_link_;
  PathCost server_link_;
};

}  // namespace

std::unique_ptr<Topology> make_star(const StarTopology& options, std::size_t workers, std::size_t servers, const Place& place) {
  ImplicitTopology::need_workers(workers, StarTopology::kind, place);
  return std::make_unique<Star>(options, workers, servers);
}

}  // namespace peloton
