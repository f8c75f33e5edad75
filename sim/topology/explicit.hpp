#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/topology/graph.hpp"
#include "sim/topology/graph_options.hpp"
#include "sim/topology/link_options.hpp"

namespace peloton {

template <>
struct EnumNames<Sharing> {
  static constexpr std::array<std::pair<std::string_view, Sharing>, 3> names{
      {{"full", Sharing::full}, {"half", Sharing::half}, {"fatpipe", Sharing::fatpipe}}};
};

struct ExplicitLink {
  std::string name;
  std::vector<std::string> between;
  BitsPerSecond bandwidth = kDefaultBandwidth;
  Seconds latency = kDefaultLatency;
  Sharing sharing = Sharing::full;

  static auto fields() {
    return options(required("name", &ExplicitLink::name, "name of the link"),
                   required("between", &ExplicitLink::between, "the two nodes it joins"),
                   field("bandwidth", &ExplicitLink::bandwidth, kPositive, "bandwidth"),
                   field("latency", &ExplicitLink::latency, kLatencyRange, "latency"),
                   field("sharing", &ExplicitLink::sharing,
                         "full: the bandwidth each way; half: both ways share it; fatpipe: each flow may use all of it"));
  }
};

struct ExplicitRoute {
  std::string from;
  std::string to;
  std::vector<std::string> links;

  static auto fields() {
    return options(required("from", &ExplicitRoute::from, "sending node"), required("to", &ExplicitRoute::to, "receiving node"),
                   required("links", &ExplicitRoute::links, "names of the links, in order"));
  }
};

struct ExplicitPlacement {
  std::optional<std::string> server;
  std::vector<std::string> workers;

  static auto fields() {
    return options(
        field("server", &ExplicitPlacement::server,
              "node of the server (default: the node \"server\", else the last one without a worker; several servers: the last ones)"),
        field("workers", &ExplicitPlacement::workers,
              "nodes of workers 0, 1, … (default: the nodes without a server in order of declaration)"));
  }
};

/// Nodes and links as written down, for small irregular networks. See GraphTopology for the routes.
///
/// With workers, nodes are numbered workers first, then the server, then the others in order of declaration, and all workers and the
/// server must reach each other. A node named as the server carries no worker, even when the algorithm needs no server.
/// Without workers (a scenario of the network alone) nodes are numbered in order of declaration, and parts may be apart.
struct ExplicitTopology {
  static constexpr std::string_view kind = "explicit";
  static constexpr std::string_view help = "declared nodes and links, shortest paths";

  std::vector<std::string> nodes;
  std::vector<ExplicitLink> links;
  std::vector<ExplicitRoute> routes;
  RouteBy routing = RouteBy::latency;
  ExplicitPlacement placement;

  static auto fields() {
    return options(required("nodes", &ExplicitTopology::nodes, "names of the nodes"),
                   required("links", &ExplicitTopology::links, "the links between them"),
                   field("routes", &ExplicitTopology::routes, "routes that replace shortest paths, each for its own direction"),
                   field("routing", &ExplicitTopology::routing, kRoutingHelp),
                   field("placement", &ExplicitTopology::placement, "which nodes carry the workers and the server"));
  }
};

[[nodiscard]] std::unique_ptr<Topology> make_explicit(const ExplicitTopology& options, std::size_t workers, std::size_t servers,
                                                      const Place& place);

}  // namespace peloton
