#pragma once

#include <optional>
#include <vector>

#include "sim/base/options.hpp"
#include "sim/topology/edges.hpp"

namespace peloton {

inline constexpr std::string_view kGraphSeedHelp = "seed of the graph (default: the scenario's seed)";

struct RandomRegularGraph {
  static constexpr std::string_view kind = "random_regular";
  static constexpr std::string_view help = "a random graph in which every worker has the same number of neighbours";
  Count degree = 4;
  std::optional<Count> seed;
  static auto fields() {
    return options(field("degree", &RandomRegularGraph::degree, at_least(1), "neighbours of a worker"),
                   field("seed", &RandomRegularGraph::seed, kNonNegative, kGraphSeedHelp));
  }
};

struct ErdosRenyiGraph {
  static constexpr std::string_view kind = "erdos_renyi";
  static constexpr std::string_view help =
      "G(n, p): each pair by itself with the same probability; drawn again until connected. Needs either degree or probability";
  std::optional<double> degree;
  std::optional<double> probability;
  std::optional<Count> seed;
  static auto fields() {
    return options(field("degree", &ErdosRenyiGraph::degree, kPositive, "expected number of neighbours of a worker"),
                   field("probability", &ErdosRenyiGraph::probability, {.low = 0, .high = 1, .low_open = true}, "probability of each pair"),
                   field("seed", &ErdosRenyiGraph::seed, kNonNegative, kGraphSeedHelp));
  }
  void validate(const Place& place) const {
    if (degree.has_value() == probability.has_value()) throw InputError(place, "needs either degree or probability");
  }
};

struct WattsStrogatzGraph {
  static constexpr std::string_view kind = "watts_strogatz";
  static constexpr std::string_view help =
      "a small world (Watts, Strogatz, Nature 1998): a ring of workers joined to their nearest neighbours, each edge given a random far "
      "end with probability rewire; drawn again until connected";
  Count neighbours = 4;
  double rewire = 0.1;
  std::optional<Count> seed;
  static auto fields() {
    return options(
        field("neighbours", &WattsStrogatzGraph::neighbours, at_least(2), "neighbours of a worker before rewiring, an even number"),
        field("rewire", &WattsStrogatzGraph::rewire, between(0, 1), "probability that an edge gets a random far end"),
        field("seed", &WattsStrogatzGraph::seed, kNonNegative, kGraphSeedHelp));
  }
};

/// Graphs have at most this many edges: those of the complete graph of 4,096 nodes.
inline constexpr double kMostEdges = 4096.0 * 4095.0 / 2.0;
/// Beyond, an InputError at `place`.
void check_edge_count(double edges, const Place& place);

/// The edges of a connected random graph, a function of (options, nodes, seed) alone; the options' seed goes before `seed`.
/// No such graph, or none that is connected in 100 draws: an InputError at `place` or below it.
///
/// Random regular: the pairing model (Bollobás, European J. Combin. 1980) whose loops and double edges are removed by random switches
/// (McKay, Wormald, J. Algorithms 1990, without their rejections: uniform only asymptotically); complements above half the degree.
[[nodiscard]] std::vector<GraphEdge> random_edges(const RandomRegularGraph& options, std::size_t nodes, std::uint64_t seed,
                                                  const Place& place);
/// Erdős–Rényi: skips from edge to edge (Batagelj, Brandes, Phys. Rev. E 2005), O(nodes + edges) per draw.
[[nodiscard]] std::vector<GraphEdge> random_edges(const ErdosRenyiGraph& options, std::size_t nodes, std::uint64_t seed,
                                                  const Place& place);
/// Watts–Strogatz: each node keeps its end of neighbours / 2 edges; loops and double edges are drawn again.
[[nodiscard]] std::vector<GraphEdge> random_edges(const WattsStrogatzGraph& options, std::size_t nodes, std::uint64_t seed,
                                                  const Place& place);

}  // namespace peloton
