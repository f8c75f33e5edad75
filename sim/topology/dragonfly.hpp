#pragma once

#include <memory>
#include <optional>

#include "sim/topology/link_options.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {

/// A dragonfly (Kim, Dally, Scott, Abts, ISCA 2008): groups of routers that are all joined to each other, with one link between every
/// two groups, and hosts at the routers. Full-duplex links.
///
/// With g groups of a routers, each router ends h = ⌈(g − 1) / a⌉ global links at most: group i's link to group j is at its router
/// ⌊((j − i − 1) mod g) / h⌋. Minimal routing: to the router with the global link, across it, to the router of the destination; at most
/// five links from host to host. Routers are switches: only hosts send and receive. The server is the host after the workers.
struct DragonflyTopology {
  static constexpr std::string_view kind = "dragonfly";
  static constexpr std::string_view help = "groups of fully joined routers, a link between every two groups; minimal routing";

  std::optional<Count> groups;
  std::optional<Count> routers;
  std::optional<Count> hosts;
  BitsPerSecond bandwidth = kDefaultBandwidth;
  Seconds latency = kDefaultLatency;
  std::optional<BitsPerSecond> global_bandwidth;
  std::optional<Seconds> global_latency;

  static auto fields() {
    return options(
        field("groups", &DragonflyTopology::groups, between(1, 4096), "groups g (default: as many as the workers and the server need)"),
        field("routers", &DragonflyTopology::routers, between(1, 4096), "routers a of a group (default: 2 p)"),
        field("hosts", &DragonflyTopology::hosts, between(1, 4096),
              "hosts p of a router (default: the least with which a balanced dragonfly of 2 p² + 1 groups has room)"),
        field("bandwidth", &DragonflyTopology::bandwidth, kPositive, "bandwidth of a host's or a local link, each way"),
        field("latency", &DragonflyTopology::latency, kLatencyRange, "latency of a host's or a local link"),
        field("global_bandwidth", &DragonflyTopology::global_bandwidth, kPositive,
              "bandwidth of a link between groups (default: as the others)"),
        field("global_latency", &DragonflyTopology::global_latency, kLatencyRange,
              "latency of a link between groups (default: as the others)"));
  }
};

[[nodiscard]] std::unique_ptr<Topology> make_dragonfly(const DragonflyTopology& options, std::size_t workers, std::size_t servers,
                                                       const Place& place);

}  // namespace peloton
