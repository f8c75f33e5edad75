#pragma once

#include <vector>

#include "sim/faults/fault_schedule.hpp"

namespace peloton {

/// A topology whose routes also lead through its partitions: each is a resource of infinite bandwidth on the routes that it cuts, known by
/// a number from kFirstPartition on, which LinkConditions closes for a time. What a flow in progress meets there is what it meets on any
/// link that is cut, in every network model. It has no latency, no load and is no link.
class PartitionedTopology final : public Topology {
 public:
  /// Both referees must outlive it.
  PartitionedTopology(const Topology& under, const std::vector<NetworkPartition>& partitions);

  [[nodiscard]] std::optional<NodeId> find(std::string_view name) const override { return under_.find(name); }
  [[nodiscard]] std::string name(NodeId node) const override { return under_.name(node); }
  [[nodiscard]] std::string host_name(NodeId node) const override { return under_.host_name(node); }
  [[nodiscard]] NodeId carrier(NodeId node) const override { return under_.carrier(node); }
  [[nodiscard]] std::optional<std::size_t> rack(NodeId node) const override { return under_.rack(node); }
  [[nodiscard]] std::vector<NodeId> below(NodeId node) const override { return under_.below(node); }
  [[nodiscard]] bool reachable(NodeId from, NodeId to) const override { return under_.reachable(from, to); }
  [[nodiscard]] PathCost cost(NodeId from, NodeId to) const override { return under_.cost(from, to); }
  void route(NodeId from, NodeId to, std::vector<Resource>& out) const override;
  [[nodiscard]] PathCost inside(NodeId host) const override { return under_.inside(host); }
  [[nodiscard]] std::size_t links() const override { return under_.links(); }
  [[nodiscard]] PhysicalLink link(std::size_t i) const override;
  [[nodiscard]] std::string link_name(std::uint64_t resource) const override { return under_.link_name(resource); }
  [[nodiscard]] std::vector<Position> positions() const override { return under_.positions(); }
  [[nodiscard]] bool is_map() const override { return under_.is_map(); }

 private:
  const Topology& under_;
  const std::vector<NetworkPartition>& partitions_;
};

}  // namespace peloton
