#pragma once

#include <memory>
#include <optional>

#include "sim/topology/graph_options.hpp"
#include "sim/topology/link_options.hpp"
#include "sim/topology/random_graphs.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {

/// Random connected graphs of full-duplex links (see random_graphs.hpp), whose nodes are the workers and the server, if there is one.
struct RandomRegularTopology {
  static constexpr std::string_view kind = "random_regular";
  static constexpr std::string_view help = "a random graph of links in which every node has the same number of neighbours";

  Count degree = 4;
  std::optional<Count> seed;
  BitsPerSecond bandwidth = kDefaultBandwidth;
  Seconds latency = kDefaultLatency;
  RouteBy routing = RouteBy::latency;

  static auto fields() {
    return options(field("degree", &RandomRegularTopology::degree, at_least(1), "links of a node"),
                   field("seed", &RandomRegularTopology::seed, kNonNegative, kGraphSeedHelp),
                   field("bandwidth", &RandomRegularTopology::bandwidth, kPositive, "bandwidth of a link, each way"),
                   field("latency", &RandomRegularTopology::latency, kLatencyRange, "latency of a link"),
                   field("routing", &RandomRegularTopology::routing, kRoutingHelp));
  }
  [[nodiscard]] RandomRegularGraph graph() const { return {.degree = degree, .seed = seed}; }
};

struct ErdosRenyiTopology {
  static constexpr std::string_view kind = "erdos_renyi";
  static constexpr std::string_view help = "each pair of nodes has a link with the same probability; drawn again until connected";

  std::optional<double> degree;
  std::optional<double> probability;
  std::optional<Count> seed;
  BitsPerSecond bandwidth = kDefaultBandwidth;
  Seconds latency = kDefaultLatency;
  RouteBy routing = RouteBy::latency;

  static auto fields() {
    return options(
        field("degree", &ErdosRenyiTopology::degree, kPositive, "expected number of links of a node; needs this or probability"),
        field("probability", &ErdosRenyiTopology::probability, {.low = 0, .high = 1, .low_open = true}, "probability of each pair"),
        field("seed", &ErdosRenyiTopology::seed, kNonNegative, kGraphSeedHelp),
        field("bandwidth", &ErdosRenyiTopology::bandwidth, kPositive, "bandwidth of a link, each way"),
        field("latency", &ErdosRenyiTopology::latency, kLatencyRange, "latency of a link"),
        field("routing", &ErdosRenyiTopology::routing, kRoutingHelp));
  }
  void validate(const Place& place) const { graph().validate(place); }
  [[nodiscard]] ErdosRenyiGraph graph() const { return {.degree = degree, .probability = probability, .seed = seed}; }
};

struct WattsStrogatzTopology {
  static constexpr std::string_view kind = "watts_strogatz";
  static constexpr std::string_view help = "a small world: a ring of nodes linked to their nearest neighbours, some links rewired";

  Count neighbours = 4;
  double rewire = 0.1;
  std::optional<Count> seed;
  BitsPerSecond bandwidth = kDefaultBandwidth;
  Seconds latency = kDefaultLatency;
  RouteBy routing = RouteBy::latency;

  static auto fields() {
    return options(field("neighbours", &WattsStrogatzTopology::neighbours, at_least(2), "links of a node before rewiring, an even number"),
                   field("rewire", &WattsStrogatzTopology::rewire, between(0, 1), "probability that a link gets a random far end"),
                   field("seed", &WattsStrogatzTopology::seed, kNonNegative, kGraphSeedHelp),
                   field("bandwidth", &WattsStrogatzTopology::bandwidth, kPositive, "bandwidth of a link, each way"),
                   field("latency", &WattsStrogatzTopology::latency, kLatencyRange, "latency of a link"),
                   field("routing", &WattsStrogatzTopology::routing, kRoutingHelp));
  }
  [[nodiscard]] WattsStrogatzGraph graph() const { return {.neighbours = neighbours, .rewire = rewire, .seed = seed}; }
};

/// `seed` is that of graphs without one of their own.
[[nodiscard]] std::unique_ptr<Topology> make_random(const RandomRegularTopology& options, std::size_t workers, std::size_t servers,
                                                    std::uint64_t seed, const Place& place);
[[nodiscard]] std::unique_ptr<Topology> make_random(const ErdosRenyiTopology& options, std::size_t workers, std::size_t servers,
                                                    std::uint64_t seed, const Place& place);
[[nodiscard]] std::unique_ptr<Topology> make_random(const WattsStrogatzTopology& options, std::size_t workers, std::size_t servers,
                                                    std::uint64_t seed, const Place& place);

}  // namespace peloton
