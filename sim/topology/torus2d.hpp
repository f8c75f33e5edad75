#pragma once

#include <memory>
#include <optional>

#include "sim/topology/link_options.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {

/// A grid with wrap-around of full-duplex links, host r · columns + c in row r and column c. A line of two has one link.
///
/// Dimension-order routing: first along the row to the column of the destination, then along that column, each the shorter way round,
/// on a tie the ascending one. The server is the host after the workers.
struct Torus2dTopology {
  static constexpr std::string_view kind = "torus2d";
  static constexpr std::string_view help = "a grid of hosts with wrap-around; routes along the row, then along the column";

  std::optional<Count> rows;
  std::optional<Count> columns;
  BitsPerSecond bandwidth = kDefaultBandwidth;
  Seconds latency = kDefaultLatency;

  static auto fields() {
    return options(
        field("rows", &Torus2dTopology::rows, between(1, 4e6), "rows (default: such that the grid is as square as can be)"),
        field("columns", &Torus2dTopology::columns, between(1, 4e6), "columns (default: as many as the workers and the server need)"),
        field("bandwidth", &Torus2dTopology::bandwidth, kPositive, "bandwidth of a link, each way"),
        field("latency", &Torus2dTopology::latency, kLatencyRange, "latency of a link"));
  }
};

[[nodiscard]] std::unique_ptr<Topology> make_torus2d(const Torus2dTopology& options, std::size_t workers, std::size_t servers,
                                                     const Place& place);

}  // namespace peloton
