#include "sim/topology/complete.hpp"

#include "sim/topology/all_pairs.hpp"

namespace peloton {

namespace {

class Complete final : public ImplicitTopology {
 public:
  Complete(const CompleteTopology& options, std::size_t workers, std::size_t servers)
      : ImplicitTopology({.workers = workers, .servers = servers, .hosts = workers + servers}),
        pairs_{hosts()},
        link_{to_duration(options.latency), options.bandwidth.value} {}

  PathCost cost(NodeId /*from*/, NodeId /*to*/) const override { return link_; }

  void route(NodeId from, NodeId to, std::vector<Resource>& out) const override {
    out.clear();
    const AllPairs::Place place = pairs_.find(from, to);
    out.push_back({2 * place.pair + (place.forward ? 0 : 1), link_.bandwidth});
  }

  std::size_t links() const override { return pairs_.count(); }
  PhysicalLink link(std::size_t i) const override {
    const auto [a, b] = pairs_.at(i);
    return {static_cast<NodeId>(a), static_cast<NodeId>(b), link_.bandwidth, link_.latency, Sharing::full};
  }

 private:
  AllPairs pairs_;
  PathCost link_;
};

}  // namespace

std::unique_ptr<Topology> make_complete(const CompleteTopology& options, std::size_t workers, std::size_t servers, const Place& place) {
  ImplicitTopology::need_workers(workers, CompleteTopology::kind, place);
  return std::make_unique<Complete>(options, workers, servers);
}

}  // namespace peloton
