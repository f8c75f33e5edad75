#pragma once

#include <memory>
#include <optional>

#include "sim/topology/link_options.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {

/// The k-ary fat-tree (Al-Fares, Loukissas, Vahdat, SIGCOMM 2008): k pods of k/2 edge and k/2 aggregation switches, (k/2)² core switches,
/// k³/4 hosts, 3k³/4 full-duplex links of one kind. Full bisection bandwidth when traffic spreads evenly.
///
/// A message climbs no higher than it must; on the way up, the destination's number d decides (D-mod-k routing: Zahavi, J. Parallel
/// Distrib. Comput. 2012): aggregation switch d mod k/2, then core switch ⌊d / (k/2)⌋ mod k/2 of those above. All messages to a host
/// come down the same way. Only hosts send and receive. The server is the host after the workers.
struct FatTreeTopology {
  static constexpr std::string_view kind = "fat_tree";
  static constexpr std::string_view help = "the k-ary fat-tree: k³/4 hosts, routes up and down by the destination";

  std::optional<Count> k;
  BitsPerSecond bandwidth = kDefaultBandwidth;
  Seconds latency = kDefaultLatency;

  static auto fields() {
    return options(field("k", &FatTreeTopology::k, between(2, 252),
                         "ports of a switch, an even number (default: the least with enough hosts for workers and server)"),
                   field("bandwidth", &FatTreeTopology::bandwidth, kPositive, "bandwidth of a link, each way"),
                   field("latency", &FatTreeTopology::latency, kLatencyRange, "latency of a link"));
  }
  void validate(const Place& place) const;
};

[[nodiscard]] std::unique_ptr<Topology> make_fat_tree(const FatTreeTopology& options, std::size_t workers, std::size_t servers,
                                                      const Place& place);

}  // namespace peloton
