#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/options.hpp"
#include "sim/topology/link_options.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {

/// A node of a topology as a scenario names it: "h3", "core", "Chicago", or 3 for host 3.
struct NodeName {
  std::string text;
};

template <>
struct OptionType<NodeName> {
  static NodeName parse(const Json& json, const Place& place);
  static Json write(const NodeName& v) { return v.text; }
  static Json schema() { return {{"type", Json::array({"string", "integer"})}}; }
  static std::string type() { return "node"; }
};

/// Which host carries which worker: a rule, or the node of each worker.
struct WorkerPlaces {
  enum class Rule { first, round_robin, random, list };
  Rule rule = Rule::first;
  std::vector<NodeName> nodes;  ///< of workers 0, 1, … (list)
};

template <>
struct OptionType<WorkerPlaces> {
  static WorkerPlaces parse(const Json& json, const Place& place);
  static Json write(const WorkerPlaces& v);
  static Json schema();
  static std::string type() { return "first | round_robin | random | list of node"; }
};

/// Which nodes of a topology carry the workers and the server. Hosts are called h0, h1, …, or as their topology calls them.
///
/// Workers on one host share its links; messages between them cross none and take no time (in a latency matrix: its diagonal), or
/// `loopback_latency` and bits / `loopback_bandwidth` each, whatever else is under way.
struct PlacementSpec {
  WorkerPlaces workers;
  Count per_host = 1;
  std::optional<NodeName> server;
  std::vector<NodeName> servers;
  std::optional<Seconds> loopback_latency;
  std::optional<BitsPerSecond> loopback_bandwidth;

  static auto fields() {
    return options(
        field("workers", &PlacementSpec::workers,
              "first: per_host workers on each host in turn; round_robin: one on each host, then round again; random: on hosts drawn by "
              "the scenario's seed; or the list of their nodes"),
        field("per_host", &PlacementSpec::per_host, between(1, 4e6), "the most workers on a host (first, round_robin, random)"),
        field("server", &PlacementSpec::server, "node of the server, which workers may share (default: a host of its own)"),
        field("servers", &PlacementSpec::servers,
              "nodes of several servers (cluster.servers), which workers may share (default: hosts of their own)"),
        field("loopback_latency", &PlacementSpec::loopback_latency, kLatencyRange, "latency of a message inside a host (default: none)"),
        field("loopback_bandwidth", &PlacementSpec::loopback_bandwidth, kPositive, "bandwidth of a message inside a host (default: inf)"));
  }
};

/// Of how many servers the placement says where they are; the others need hosts of their own.
[[nodiscard]] std::size_t servers_placed(const PlacementSpec& placement);

/// How many hosts a topology must have to carry so many workers, the servers' own not counted; those of a list are found by name.
[[nodiscard]] std::size_t hosts_needed(const PlacementSpec& placement, std::size_t workers);

/// `physical` with workers and server as new nodes on top of it: node i < workers is worker i, then the server, then all of the physical
/// nodes under their own names. `physical` was made with hosts_needed workers, and with the `servers` when the placement names none. `seed`
/// draws random places. Nodes that are unknown, not enough hosts, and ends that do not reach each other: InputErrors at or below `place`.
[[nodiscard]] std::unique_ptr<Topology> place_workers(const PlacementSpec& placement, std::unique_ptr<Topology> physical,
                                                      std::size_t workers, std::size_t servers, std::uint64_t seed, const Place& place);

}  // namespace peloton
