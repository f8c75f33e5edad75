#include "sim/topology/dragonfly.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/topology/all_pairs.hpp"
#include "sim/topology/positions.hpp"

namespace peloton {

namespace {

constexpr std::size_t kMostHosts = 16'000'000;

struct Shape {
  std::size_t groups = 0;   // g
  std::size_t routers = 0;  // a, of a group
  std::size_t hosts = 0;    // p, of a router
};

Shape shape(const DragonflyTopology& options, std::size_t workers, std::size_t servers, const Place& place) {
  if (!options.groups || !options.routers || !options.hosts) ImplicitTopology::need_workers(workers, DragonflyTopology::kind, place);
  const std::size_t needed = workers + servers;
  Shape out;
  out.hosts = 1;
  while (2 * out.hosts * out.hosts * (2 * out.hosts * out.hosts + 1) < needed) ++out.hosts;
  if (options.hosts) out.hosts = static_cast<std::size_t>(*options.hosts);
  out.routers = options.routers ? static_cast<std::size_t>(*options.routers) : 2 * out.hosts;
  const std::size_t group_hosts = out.routers * out.hosts;
  out.groups = options.groups ? static_cast<std::size_t>(*options.groups) : (needed + group_hosts - 1) / group_hosts;
  if (out.groups > kMostHosts / group_hosts)
    throw InputError(place, fmt::format("must have at most {} hosts, got {} groups of {} routers with {} hosts", kMostHosts, out.groups,
                                        out.routers, out.hosts));
  ImplicitTopology::need_hosts(out.groups * group_hosts, workers, servers, place);
  return out;
}

/// Router r is router r mod a of group ⌊r / a⌋; host d is at router ⌊d / p⌋.
/// Links: of the hosts; then the local ones, group by group; then the global ones. Switches: the routers.
class Dragonfly final : public ImplicitTopology {
 public:
  Dragonfly(const DragonflyTopology& options, const Shape& shape, std::size_t workers, std::size_t servers)
      : ImplicitTopology({.workers = workers,
                          .servers = servers,
                          .hosts = shape.groups * shape.routers * shape.hosts,
                          .switches = shape.groups * shape.routers}),
        shape_(shape),
        group_pairs_{shape.groups},
        router_pairs_{shape.routers},
        global_links_each_(std::max<std::size_t>(1, (shape.groups + shape.routers - 2) / shape.routers)),
        link_{to_duration(options.latency), options.bandwidth.value},
        global_link_{to_duration(options.global_latency.value_or(options.latency)),
                     options.global_bandwidth.value_or(options.bandwidth).value} {}

  std::optional<std::size_t> rack(NodeId node) const override {
    return (node < hosts() ? node / shape_.hosts : node - hosts()) / shape_.routers;
  }

  PathCost cost(NodeId from, NodeId to) const override {
    PathCost out;
    walk(from, to, [&](std::uint64_t link, std::uint64_t) {
      const PathCost& one = link < first_global() ? link_ : global_link_;
      out = {out.latency + one.latency, std::min(out.bandwidth, one.bandwidth)};
    });
    return out;
  }

  void route(NodeId from, NodeId to, std::vector<Resource>& out) const override {
    out.clear();
    walk(from, to, [&](std::uint64_t link, std::uint64_t way) {
      out.push_back({2 * link + way, link < first_global() ? link_.bandwidth : global_link_.bandwidth});
    });
  }

  std::size_t links() const override { return first_global() + group_pairs_.count(); }
  PhysicalLink link(std::size_t i) const override {
    if (i < hosts()) return between(i, hosts() + i / shape_.hosts, link_);
    if (i < first_global()) {
      const std::size_t group = (i - hosts()) / router_pairs_.count();
      const auto [a, b] = router_pairs_.at((i - hosts()) % router_pairs_.count());
      return between(hosts() + group * shape_.routers + a, hosts() + group * shape_.routers + b, link_);
    }
    const auto [a, b] = group_pairs_.at(i - first_global());
    return between(hosts() + gateway(a, b), hosts() + gateway(b, a), global_link_);
  }

  std::vector<Position> positions() const override;

 private:
  /// The router of `group` that ends its link to the group `other`.
  std::size_t gateway(std::size_t group, std::size_t other) const {
    return group * shape_.routers + (other + shape_.groups - group - 1) % shape_.groups / global_links_each_;
  }
  std::size_t first_global() const { return hosts() + shape_.groups * router_pairs_.count(); }
  static PhysicalLink between(std::size_t a, std::size_t b, const PathCost& cost) {
    return {static_cast<NodeId>(a), static_cast<NodeId>(b), cost.bandwidth, cost.latency, Sharing::full};
  }

  /// Calls `step(link, way)` for each link from host to host.
  template <class Step>
  void walk(NodeId from, NodeId to, Step step) const {
    const std::size_t last = to / shape_.hosts;
    std::size_t router = from / shape_.hosts;
    const auto local = [&](std::size_t next) {
      if (next == router) return;
      const AllPairs::Place pair = router_pairs_.find(router % shape_.routers, next % shape_.routers);
      step(hosts() + router / shape_.routers * router_pairs_.count() + pair.pair, pair.forward ? 0 : 1);
      router = next;
    };
    step(from, 0);
    const std::size_t group = router / shape_.routers;
    const std::size_t last_group = last / shape_.routers;
    if (group != last_group) {
      local(gateway(group, last_group));
      const AllPairs::Place pair = group_pairs_.find(group, last_group);
      step(first_global() + pair.pair, pair.forward ? 0 : 1);
      router = gateway(last_group, group);
    }
    local(last);
    step(to, 1);
  }

  std::string switch_name(std::size_t i) const override { return fmt::format("router{}.{}", i / shape_.routers, i % shape_.routers); }

  Shape shape_;
  AllPairs group_pairs_;
  AllPairs router_pairs_;
  std::size_t global_links_each_;  // h
  PathCost link_;
  PathCost global_link_;
};

/// The groups stand on a circle, the routers of each on a circle of their own, the hosts outside them.
std::vector<Position> Dragonfly::positions() const {
  std::vector<Position> out(nodes());
  const std::vector<Position> unit = circle_positions(shape_.routers);
  const double spread = std::max(1.5, static_cast<double>(shape_.hosts));
  const double group_radius = spread * -unit.front().y;
  const std::vector<Position> centres = circle_positions(shape_.groups);
  const double apart = 2.2 * (group_radius + 2);
  for (std::size_t r = 0; r < shape_.groups * shape_.routers; ++r) {
    const Position centre{apart * centres[r / shape_.routers].x, apart * centres[r / shape_.routers].y};
    const Position offset = unit[r % shape_.routers];
    const double length = std::max(-unit.front().y, 1e-9);
    const Position out_ward{offset.x / length, offset.y / length};
    out[hosts() + r] = {centre.x + spread * offset.x, centre.y + spread * offset.y};
    for (std::size_t i = 0; i < shape_.hosts; ++i) {
      const double aside = (static_cast<double>(i) - static_cast<double>(shape_.hosts - 1) / 2) * 0.8;
      out[r * shape_.hosts + i] = {out[hosts() + r].x + 1.5 * out_ward.x - aside * out_ward.y,
                                   out[hosts() + r].y + 1.5 * out_ward.y + aside * out_ward.x};
    }
  }
  return out;
}

}  // namespace

std::unique_ptr<Topology> make_dragonfly(const DragonflyTopology& options, std::size_t workers, std::size_t servers, const Place& place) {
  return std::make_unique<Dragonfly>(options, shape(options, workers, servers, place), workers, servers);
}

}  // namespace peloton
