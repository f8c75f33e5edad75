#include "sim/network/server_tree_sharing.hpp"

#include <algorithm>
#include <limits>

#include "sim/network/fair_queue.hpp"

namespace peloton {
namespace {

/// A queue's place among the resources of the tree: the server's link in one direction, the others in the opposite one.
struct Way {
  std::uint64_t hub = 0;
  std::uint64_t direction = 0;  // of the spokes and branches: 0 up, 1 down
  FairQueue queue;
  std::vector<std::uint64_t> loaded;  // the resources of the last report, ascending; empty while nobody watches

  [[nodiscard]] std::uint64_t resource(std::uint64_t link) const { return 2 * link + direction; }
};

double bandwidth_of(std::span<const Resource> route, std::uint64_t id) {
  for (const Resource& resource : route)
    if (resource.id == id) return resource.bandwidth;
  return std::numeric_limits<double>::infinity();
}

class ServerTreeSharing final : public FlowSharing {
 public:
  explicit ServerTreeSharing(const Topology& topology)
      : server_(topology.server()), workers_(topology.workers()), hosts_(topology.hosts()) {
    up_.hub = 2ULL * server_ + 1;
    down_.hub = 2ULL * server_;
    down_.direction = 1;
  }

  bool accepts(const JoiningFlow& flow) const override {
    if (flow.from != server_ && flow.to != server_) return false;
    const NodeId worker = worker_of(flow);
    constexpr double kMost = 0x1p60;  // bit/s, what a FairQueue can add up
    const bool countable = std::all_of(flow.route.begin(), flow.route.end(), [](const Resource& r) { return r.bandwidth <= kMost; });
    return worker < workers_ && countable && way_of(flow).queue.accepts(worker, flow.cap);
  }

  void join(Time now, const JoiningFlow& flow) override {
    Way& way = flow.to == server_ ? up_ : down_;
    way.queue.set_hub(bandwidth_of(flow.route, way.hub));
    FairQueue::Way through{.spoke = worker_of(flow), .spoke_bandwidth = bandwidth_of(flow.route, way.resource(worker_of(flow)))};
    for (const Resource& resource : flow.route) {
      if (resource.id / 2 < hosts_) continue;
      through.branch = branch_of(resource.id);
      through.branch_bandwidth = resource.bandwidth;
    }
    way.queue.join(now, flow, through);
  }

  void set_bandwidth(Time now, std::uint64_t resource, double bandwidth) override {
    if (resource == up_.hub) return up_.queue.set_hub(bandwidth);
    if (resource == down_.hub) return down_.queue.set_hub(bandwidth);
    FairQueue& queue = (resource % 2 == up_.direction ? up_ : down_).queue;
    if (resource / 2 >= hosts_) return queue.set_branch(branch_of(resource), bandwidth);
    queue.set_spoke(now, static_cast<NodeId>(resource / 2), bandwidth);
  }

  bool changed() const override { return up_.queue.changed() || down_.queue.changed(); }
  void solve(Time now) override {
    for (Way* way : {&up_, &down_})
      if (way->queue.changed()) way->queue.solve(now);
  }
  Time next_end() const override { return std::min(up_.queue.next_end(), down_.queue.next_end()); }

  void take_ended(Time now, std::vector<FlowId>& out) override {
    ended_.clear();
    up_.queue.take_ended(now, ended_);
    down_.queue.take_ended(now, ended_);
    std::sort(ended_.begin(), ended_.end(), [](const auto& a, const auto& b) { return a.start_order < b.start_order; });
    for (const FairQueue::Ended& ended : ended_) out.push_back(ended.flow);
  }

  double bits_left(Time now, FlowId flow) const override { return (up_.queue.holds(flow) ? up_ : down_).queue.bits_left(now, flow); }

  void watch_loads() override {}  // loads follow from the rates, when they are asked for

  void take_loads(std::vector<ResourceLoad>& out) override {
    out.clear();
    take_loads(up_, out);
    take_loads(down_, out);
  }

  void visit_state(StateVisitor& v) override {
    v("up", up_.queue);
    v("down", down_.queue);
  }

 private:
  [[nodiscard]] NodeId worker_of(const JoiningFlow& flow) const { return flow.to == server_ ? flow.from : flow.to; }
  [[nodiscard]] std::uint32_t branch_of(std::uint64_t resource) const { return static_cast<std::uint32_t>(resource / 2 - hosts_); }
  [[nodiscard]] const Way& way_of(const JoiningFlow& flow) const { return flow.to == server_ ? up_ : down_; }

  /// The loads of the links in use, and 0 for those that were in the last report and no longer are.
  void take_loads(Way& way, std::vector<ResourceLoad>& out) const {
    std::vector<std::uint64_t> before = std::move(way.loaded);
    way.loaded.clear();
    const auto report = [&](std::uint64_t resource, double share) {
      constexpr double kRounding = 1e-9;
      out.push_back({resource, share > 1 - kRounding ? 1.0 : share});
      way.loaded.push_back(resource);
    };
    way.queue.spoke_loads([&](NodeId worker, double share) { report(way.resource(worker), share); });
    if (way.queue.size() > 0) report(way.hub, way.queue.hub_load());
    way.queue.branch_loads([&](std::uint32_t branch, double share) { report(way.resource(hosts_ + branch), share); });
    for (const std::uint64_t resource : before)
      if (!std::binary_search(way.loaded.begin(), way.loaded.end(), resource)) out.push_back({resource, 0});
  }

  NodeId server_;
  std::size_t workers_;
  std::size_t hosts_;
  Way up_;
  Way down_;

  // Scratch, without meaning between calls.
  std::vector<FairQueue::Ended> ended_;
};

}  // namespace

std::unique_ptr<FlowSharing> make_server_tree_sharing(const Topology& topology) { return std::make_unique<ServerTreeSharing>(topology); }

}  // namespace peloton
