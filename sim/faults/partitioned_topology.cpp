#include "sim/faults/partitioned_topology.hpp"

namespace peloton {

PartitionedTopology::PartitionedTopology(const Topology& under, const std::vector<NetworkPartition>& partitions)
    : Topology({.workers = under.workers(), .servers = under.servers(), .hosts = under.hosts(), .switches = under.nodes() - under.hosts()}),
      under_(under),
      partitions_(partitions) {}

void PartitionedTopology::route(NodeId from, NodeId to, std::vector<Resource>& out) const {
  under_.route(from, to, out);
  for (std::size_t i = 0; i < partitions_.size(); ++i) {
    const std::uint8_t a = partitions_[i].sides[from];
    const std::uint8_t b = partitions_[i].sides[to];
    // A fatpipe: what passes when it is open shares nothing. The last of the way, so that what is under way meets it.
    if (a != 0 && b != 0 && a != b) out.push_back({kFirstPartition + 2 * i, std::numeric_limits<double>::infinity(), true});
  }
}

PhysicalLink PartitionedTopology::link(std::size_t i) const {
  if (i < kFirstPartition / 2) return under_.link(i);
  return {.a = 0, .b = 1, .bandwidth = std::numeric_limits<double>::infinity(), .latency = {}, .sharing = Sharing::fatpipe};
}

}  // namespace peloton
