#pragma once

#include <memory>
#include <string>

#include "sim/topology/graph_options.hpp"
#include "sim/topology/link_options.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {

/// A network from a GraphML file, as the Internet Topology Zoo publishes them (see graphml_file.hpp). Every node is a host, in the order
/// of the file; the workers are on the first ones, the server on the next. Links are full-duplex, parallel ones stay apart.
struct GraphmlTopology {
  static constexpr std::string_view kind = "graphml";
  static constexpr std::string_view help = "a network from a GraphML file, such as those of the Internet Topology Zoo";

  std::string path;
  BitsPerSecond bandwidth = kDefaultBandwidth;
  Seconds latency = kDefaultLatency;
  bool geographic = false;
  RouteBy routing = RouteBy::latency;

  static auto fields() {
    return options(
        required("path", &GraphmlTopology::path, "the file, relative to the data folder"),
        field("bandwidth", &GraphmlTopology::bandwidth, kPositive, "bandwidth, each way, of links for which the file has no speed"),
        field("latency", &GraphmlTopology::latency, kLatencyRange,
              "latency of links; with geographic of those with an end somewhere unknown"),
        field("geographic", &GraphmlTopology::geographic,
              "latency of a link = great-circle distance of its ends / (2/3 of the speed of light), where the file has coordinates"),
        field("routing", &GraphmlTopology::routing, kRoutingHelp));
  }
};

[[nodiscard]] std::unique_ptr<Topology> make_graphml(const GraphmlTopology& options, std::size_t workers, std::size_t servers,
                                                     const std::string& data_folder, const Place& place);

}  // namespace peloton
