#include "sim/topology/fat_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace peloton {

namespace {

std::size_t ports(const FatTreeTopology& options, std::size_t workers, std::size_t servers, const Place& place) {
  if (options.k) {
    const auto k = static_cast<std::size_t>(*options.k);
    ImplicitTopology::need_hosts(k * k * k / 4, workers, servers, place / "k");
    return k;
  }
  ImplicitTopology::need_workers(workers, FatTreeTopology::kind, place);
  std::size_t k = 2;
  while (k * k * k / 4 < workers + servers) k += 2;
  return k;
}

/// Host d sits at edge switch ⌊d / h⌋, h = k/2, in pod ⌊d / h²⌋. Core switch c joins aggregation switch ⌊c / h⌋ of each pod.
/// Links: of the hosts; then edge switch e to aggregation switch j of its pod as e · h + j; then aggregation switch a to core switch
/// i of its group as a · h + i. Switches: edge, aggregation, core.
class FatTree final : public ImplicitTopology {
 public:
  FatTree(const FatTreeTopology& options, std::size_t k, std::size_t workers, std::size_t servers)
      : ImplicitTopology({.workers = workers, .servers = servers, .hosts = k * k * k / 4, .switches = 5 * k * k / 4}),
        half_(k / 2),
        latency_(to_duration(options.latency)),
        bandwidth_(options.bandwidth.value) {}

  std::optional<std::size_t> rack(NodeId node) const override {
    if (node < hosts()) return node / half_;
    return node < first_aggregation() ? std::optional<std::size_t>(node - hosts()) : std::nullopt;
  }

  PathCost cost(NodeId from, NodeId to) const override {
    return {{latency_.ns * static_cast<std::int64_t>(2 * levels(from, to))}, bandwidth_};
  }

  void route(NodeId from, NodeId to, std::vector<Resource>& out) const override {
    out.clear();
    const std::size_t up = to % half_;
    const std::size_t above = to / half_ % half_;
    const std::size_t top = levels(from, to);
    const auto edge_link = [&](NodeId host) { return hosts() + host / half_ * half_ + up; };
    const auto core_link = [&](NodeId host) { return 2 * hosts() + (host / (half_ * half_) * half_ + up) * half_ + above; };
    const auto add = [&](std::uint64_t link, std::uint64_t way) { out.push_back({2 * link + way, bandwidth_}); };
    add(from, 0);
    if (top > 1) add(edge_link(from), 0);
    if (top > 2) add(core_link(from), 0);
    if (top > 2) add(core_link(to), 1);
    if (top > 1) add(edge_link(to), 1);
    add(to, 1);
  }

  std::size_t links() const override { return 3 * hosts(); }
  PhysicalLink link(std::size_t i) const override {
    const std::size_t n = hosts();
    if (i < n) return between(i, n + i / half_);
    if (i < 2 * n) {
      const std::size_t edge = (i - n) / half_;
      return between(n + edge, first_aggregation() + edge / half_ * half_ + (i - n) % half_);
    }
    const std::size_t aggregation = (i - 2 * n) / half_;
    return between(first_aggregation() + aggregation, first_core() + aggregation % half_ * half_ + (i - 2 * n) % half_);
  }

  std::vector<Position> positions() const override {
    std::vector<Position> out(nodes());
    const auto h = static_cast<double>(half_);
    const double height = std::max(2.0, h * h * h / 6);
    const double gap = half_ > 1 ? 1 : 0;  // between the hosts of two edge switches, twice that between pods
    const auto x = [&](double host) {
      const double edge = std::floor(host / h);
      return host + gap * edge + gap * std::floor(edge / h);
    };
    for (std::size_t host = 0; host < hosts(); ++host) out[host] = {x(static_cast<double>(host)), 3 * height};
    for (std::size_t edge = 0; edge < 2 * half_ * half_; ++edge) {
      const double middle = x(static_cast<double>(edge) * h) + (h - 1) / 2;
      out[hosts() + edge] = {middle, 2 * height};
      out[first_aggregation() + edge] = {middle, height};
    }
    const double width = x(static_cast<double>(hosts() - 1));
    const std::size_t cores = half_ * half_;
    for (std::size_t core = 0; core < cores; ++core)
      out[first_core() + core] = {width * (static_cast<double>(core) + 0.5) / static_cast<double>(cores), 0};
    return out;
  }

 private:
  /// Links that a message climbs: to the edge, the aggregation or the core switches.
  std::size_t levels(NodeId from, NodeId to) const {
    if (from / half_ == to / half_) return 1;
    return from / (half_ * half_) == to / (half_ * half_) ? 2 : 3;
  }
  std::size_t first_aggregation() const { return hosts() + 2 * half_ * half_; }
  std::size_t first_core() const { return first_aggregation() + 2 * half_ * half_; }
  PhysicalLink between(std::size_t a, std::size_t b) const {
    return {static_cast<NodeId>(a), static_cast<NodeId>(b), bandwidth_, latency_, Sharing::full};
  }

  std::string switch_name(std::size_t i) const override {
    const std::size_t per_level = 2 * half_ * half_;
    if (i >= 2 * per_level) return fmt::format("core{}", i - 2 * per_level);
    return fmt::format("{}{}.{}", i < per_level ? "edge" : "agg", i % per_level / half_, i % half_);
  }

  std::size_t half_;
  Duration latency_;
  double bandwidth_;
};

}  // namespace

void FatTreeTopology::validate(const Place& place) const {
  if (k && *k % 2 != 0) throw InputError(place / "k", fmt::format("must be even, got {}", *k));
}

std::unique_ptr<Topology> make_fat_tree(const FatTreeTopology& options, std::size_t workers, std::size_t servers, const Place& place) {
  return std::make_unique<FatTree>(options, ports(options, workers, servers, place), workers, servers);
}

}  // namespace peloton
