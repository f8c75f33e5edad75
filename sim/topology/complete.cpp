#include "sim/topology/complete.hpp"

namespace peloton {

namespace {

/// Resources: from · nodes + to.
class Complete final : public ImplicitTopology {
 public:
  Complete(const CompleteTopology& options, std::size_t workers, bool server)
      : ImplicitTopology(workers, server, 0), link_{to_duration(options.latency), options.bandwidth.value} {}

  PathCost cost(NodeId /*from*/, NodeId /*to*/) const override { return link_; }

  void route(NodeId from, NodeId to, std::vector<Resource>& out) const override {
    out.clear();
    out.push_back({from * std::uint64_t{nodes()} + to, link_.bandwidth});
  }

  std::string link_name(std::uint64_t resource) const override { return way_name(resource / nodes(), resource % nodes()); }

 private:
  PathCost link_;
};

}  // namespace

std::unique_ptr<Topology> make_complete(const CompleteTopology& options, std::size_t workers, bool needs_server, const Place& place) {
  ImplicitTopology::need_workers(workers, CompleteTopology::kind, place);
  return std::make_unique<Complete>(options, workers, needs_server);
}

}  // namespace peloton
