#include "sim/topology/two_level.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace peloton {

namespace {

struct Racks {
  std::size_t count = 0;
  std::size_t hosts_each = 0;
};

std::size_t divided_up(std::size_t a, std::size_t b) { return (a + b - 1) / b; }

Racks shape(const TwoLevelTopology& options, std::size_t workers, const Place& place) {
  if (!options.racks || !options.workers_per_rack) ImplicitTopology::need_workers(workers, TwoLevelTopology::kind, place);
  const auto count = static_cast<std::size_t>(options.racks.value_or(0));
  const auto each = static_cast<std::size_t>(options.workers_per_rack.value_or(0));
  if (options.racks && options.workers_per_rack) {
    if (workers > count * each)
      throw InputError(place, fmt::format("must have a host for each of the {} workers, got {} racks of {}", workers, count, each));
    return {count, each};
  }
  if (options.racks) return {count, divided_up(workers, count)};
  if (options.workers_per_rack) return {divided_up(workers, each), each};
  const auto root = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(workers))));
  const std::size_t filled = divided_up(workers, root);
  return {divided_up(workers, filled), filled};
}

/// Links: that of each host up, in order of the hosts; then those of the racks. Switches: the core, then the racks.
class TwoLevel final : public ImplicitTopology {
 public:
  TwoLevel(const TwoLevelTopology& options, Racks racks, std::size_t workers, std::size_t servers)
      : ImplicitTopology(
            {.workers = workers, .servers = servers, .hosts = racks.count * racks.hosts_each + servers, .switches = 1 + racks.count}),
        racks_(racks),
        core_(static_cast<NodeId>(hosts())),
        host_link_{to_duration(options.latency), options.bandwidth.value},
        rack_link_{to_duration(options.core_latency.value_or(options.latency)),
                   options.core_bandwidth
                       .value_or(BitsPerSecond{options.bandwidth.value * static_cast<double>(racks.hosts_each) / options.oversubscription})
                       .value},
        server_link_{to_duration(options.server_latency.value_or(options.latency)),
                     options.server_bandwidth.value_or(options.bandwidth).value} {}

  std::optional<std::size_t> rack(NodeId node) const override {
    if (node == core_ || is_server(node)) return std::nullopt;
    return node > core_ ? node - core_ - 1 : seat_of(node) / racks_.hosts_each;
  }

  std::vector<NodeId> below(NodeId node) const override {
    if (node < core_) return {node};
    std::vector<NodeId> out;
    for (NodeId host = 0; host < core_; ++host)
      if (node == core_ || above(host) == node) out.push_back(host);
    return out;
  }

  PathCost cost(NodeId from, NodeId to) const override {
    const NodeId top = meeting_point(from, to);
    const PathCost a = climb(from, top);
    const PathCost b = climb(to, top);
    return {a.latency + b.latency, std::min(a.bandwidth, b.bandwidth)};
  }

  void route(NodeId from, NodeId to, std::vector<Resource>& out) const override {
    out.clear();
    const NodeId top = meeting_point(from, to);
    for (NodeId node = from; node != top; node = above(node)) out.push_back({2 * link_up(node), cost_up(node).bandwidth});
    const std::size_t climbed = out.size();
    for (NodeId node = to; node != top; node = above(node)) out.push_back({2 * link_up(node) + 1, cost_up(node).bandwidth});
    std::reverse(out.begin() + static_cast<std::ptrdiff_t>(climbed), out.end());
  }

  bool is_server_tree() const override { return true; }
  std::size_t links() const override { return hosts() + racks_.count; }
  PhysicalLink link(std::size_t i) const override {
    const auto below = static_cast<NodeId>(i < hosts() ? i : i + 1);
    const PathCost cost = cost_up(below);
    return {below, above(below), cost.bandwidth, cost.latency, Sharing::full};
  }

  std::vector<Position> positions() const override {
    std::vector<Position> out(nodes());
    const double height = std::max(2.0, static_cast<double>(racks_.count * racks_.hosts_each) / 12);
    const double rack_width = static_cast<double>(racks_.hosts_each) + 1;
    const double middle = (rack_width * static_cast<double>(racks_.count) - 2) / 2;
    for (NodeId node = 0; node < hosts(); ++node) {
      const std::size_t seat = seat_of(node);
      const double x = static_cast<double>(seat / racks_.hosts_each) * rack_width + static_cast<double>(seat % racks_.hosts_each);
      out[node] = is_server(node) ? Position{middle + 0.3 * rack_width + 2 * (node - server()), -0.7 * height} : Position{x, 2 * height};
    }
    out[core_] = {middle, 0};
    for (std::size_t rack = 0; rack < racks_.count; ++rack)
      out[core_ + 1 + rack] = {static_cast<double>(rack) * rack_width + (rack_width - 2) / 2, height};
    return out;
  }

 private:
  /// The place of a host that is no server, counted over the racks.
  std::size_t seat_of(NodeId host) const { return host < workers() ? host : host - servers(); }

  NodeId above(NodeId node) const {
    if (node > core_ || is_server(node)) return core_;
    return static_cast<NodeId>(core_ + 1 + seat_of(node) / racks_.hosts_each);
  }
  /// Links are numbered by the node below, the core left out.
  std::uint64_t link_up(NodeId node) const { return node < core_ ? node : node - 1; }
  PathCost cost_up(NodeId node) const {
    if (node > core_) return rack_link_;
    return is_server(node) ? server_link_ : host_link_;
  }

  NodeId meeting_point(NodeId a, NodeId b) const {
    const auto rack_of = [&](NodeId node) { return node < core_ ? above(node) : node; };
    return rack_of(a) == rack_of(b) ? rack_of(a) : core_;
  }

  PathCost climb(NodeId from, NodeId top) const {
    PathCost out;
    for (NodeId node = from; node != top; node = above(node)) {
      const PathCost up = cost_up(node);
      out = {out.latency + up.latency, std::min(out.bandwidth, up.bandwidth)};
    }
    return out;
  }

  std::string switch_name(std::size_t i) const override { return i == 0 ? "core" : fmt::format("rack{}", i - 1); }
  std::optional<std::size_t> find_switch(std::string_view name) const override {
    if (name == "core") return 0;
    const std::optional<std::size_t> rack = number_after("rack", name);
    return rack ? std::optional(*rack + 1) : std::nullopt;
  }

  Racks racks_;
  NodeId core_;
  PathCost host_link_;
  PathCost rack_link_;
  PathCost server_link_;
};

}  // namespace

void TwoLevelTopology::validate(const Place& place) const {
  if (core_bandwidth && oversubscription != 1) throw InputError(place, "takes \"oversubscription\" or \"core_bandwidth\", got both");
}

std::unique_ptr<Topology> make_two_level(const TwoLevelTopology& options, std::size_t workers, std::size_t servers, const Place& place) {
  return std::make_unique<TwoLevel>(options, shape(options, workers, place), workers, servers);
}

}  // namespace peloton
