#pragma once

#include <memory>
#include <optional>

#include "sim/topology/link_options.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {

/// Racks of workers with a switch each, under one core switch: full-duplex links throughout. Racks fill in order of the workers'
/// numbers; the server has a link of its own to the core switch.
///
/// A message inside a rack crosses two links, one between racks four, one to or from the server three. The switches are called
/// "rack0", "rack1", … and "core".
struct TwoLevelTopology {
  static constexpr std::string_view kind = "two_level";
  static constexpr std::string_view help = "racks of workers, each with a switch, under a core switch with the server";

  std::optional<Count> racks;
  std::optional<Count> workers_per_rack;
  BitsPerSecond bandwidth = kDefaultBandwidth;
  Seconds latency = kDefaultLatency;
  double oversubscription = 1;
  std::optional<BitsPerSecond> core_bandwidth;
  std::optional<Seconds> core_latency;
  std::optional<BitsPerSecond> server_bandwidth;
  std::optional<Seconds> server_latency;

  static auto fields() {
    return options(
        field("racks", &TwoLevelTopology::racks, between(1, 4e6), "racks (default: as workers_per_rack asks, else about √workers)"),
        field("workers_per_rack", &TwoLevelTopology::workers_per_rack, between(1, 4e6), "hosts of a rack (default: workers / racks)"),
        field("bandwidth", &TwoLevelTopology::bandwidth, kPositive, "bandwidth of a worker's link to its rack's switch, each way"),
        field("latency", &TwoLevelTopology::latency, kLatencyRange, "latency of a worker's link"),
        field("oversubscription", &TwoLevelTopology::oversubscription, kPositive,
              "bandwidth of a rack's hosts together over that of its link to the core switch"),
        field("core_bandwidth", &TwoLevelTopology::core_bandwidth, kPositive,
              "bandwidth of a rack's link to the core switch (default: that of its hosts together / oversubscription)"),
        field("core_latency", &TwoLevelTopology::core_latency, kLatencyRange,
              "latency of a rack's link to the core switch (default: as a worker's)"),
        field("server_bandwidth", &TwoLevelTopology::server_bandwidth, kPositive,
              "bandwidth of the server's link (default: as a worker's)"),
        field("server_latency", &TwoLevelTopology::server_latency, kLatencyRange, "latency of the server's link (default: as a worker's)"));
  }
  void validate(const Place& place) const;
};

[[nodiscard]] std::unique_ptr<Topology> make_two_level(const TwoLevelTopology& options, std::size_t workers, std::size_t servers,
                                                       const Place& place);

}  // namespace peloton
