#include "sim/network/star_sharing.hpp"

#include <algorithm>
#include <limits>

#include "sim/network/fair_queue.hpp"

namespace peloton {
namespace {

/// A queue's place among the resources of the star: the server's link in one direction, the workers' in the same one.
struct Way {
  std::uint64_t hub = 0;
  std::uint64_t first_spoke = 0;  // of worker 0; those of the others follow in steps of 2
  FairQueue queue;
  std::vector<std::uint64_t> loaded;  // the resources of the last report, ascending; empty while nobody watches

  [[nodiscard]] std::uint64_t spoke_resource(NodeId worker) const { return first_spoke + 2ULL * worker; }
};

double bandwidth_of(std::span<const Resource> route, std::uint64_t id) {
  for (const Resource& resource : route)
    if (resource.id == id) return resource.bandwidth;
  return std::numeric_limits<double>::infinity();
}

class StarSharing final : public FlowSharing {
 public:
  explicit StarSharing(const Topology& topology) : server_(topology.server()), workers_(topology.workers()) {
    up_.hub = 2ULL * server_ + 1;
    up_.first_spoke = 0;
    down_.hub = 2ULL * server_;
    down_.first_spoke = 1;
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
    const NodeId worker = worker_of(flow);
    way.queue.set_hub(bandwidth_of(flow.route, way.hub));
    way.queue.join(now, flow, worker, bandwidth_of(flow.route, way.spoke_resource(worker)));
  }

  void set_bandwidth(Time now, std::uint64_t resource, double bandwidth) override {
    for (Way* way : {&up_, &down_}) {
      if (resource == way->hub) return way->queue.set_hub(bandwidth);
      if (resource % 2 == way->first_spoke) return way->queue.set_spoke(now, static_cast<NodeId>(resource / 2), bandwidth);
    }
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
  [[nodiscard]] const Way& way_of(const JoiningFlow& flow) const { return flow.to == server_ ? up_ : down_; }

  /// The loads of the links in use, and 0 for those that were in the last report and no longer are.
  static void take_loads(Way& way, std::vector<ResourceLoad>& out) {
    std::vector<std::uint64_t> before = std::move(way.loaded);
    way.loaded.clear();
    const auto report = [&](std::uint64_t resource, double share) {
      constexpr double kRounding = 1e-9;
      out.push_back({resource, share > 1 - kRounding ? 1.0 : share});
      way.loaded.push_back(resource);
    };
    const double hub = way.queue.loads([&](NodeId worker, double share) { report(way.spoke_resource(worker), share); });
    if (way.queue.size() > 0) report(way.hub, hub);
    for (const std::uint64_t resource : before)
      if (!std::binary_search(way.loaded.begin(), way.loaded.end(), resource)) out.push_back({resource, 0});
  }

  NodeId server_;
  std::size_t workers_;
  Way up_;
  Way down_;

  // Scratch, without meaning between calls.
  std::vector<FairQueue::Ended> ended_;
};

}  // namespace

std::unique_ptr<FlowSharing> make_star_sharing(const Topology& topology) { return std::make_unique<StarSharing>(topology); }

}  // namespace peloton
