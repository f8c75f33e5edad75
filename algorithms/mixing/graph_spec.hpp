#pragma once

#include <optional>
#include <vector>

#include "algorithms/mixing/graph.hpp"
#include "sim/base/options.hpp"
#include "sim/topology/random_graphs.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {

struct RingGraph {
  static constexpr std::string_view kind = "ring";
  static constexpr std::string_view help = "each worker and the one after it";
  static auto fields() { return options(); }
};

struct CompleteGraph {
  static constexpr std::string_view kind = "complete";
  static constexpr std::string_view help = "all pairs, of at most 4096 workers";
  static auto fields() { return options(); }
};

struct Torus2dGraph {
  static constexpr std::string_view kind = "torus2d";
  static constexpr std::string_view help =
      "a grid with wrap-around, worker r · columns + c in row r and column c; a line of two has one edge";
  std::optional<Count> rows;
  std::optional<Count> columns;
  static auto fields() {
    return options(field("rows", &Torus2dGraph::rows, at_least(1), "rows (default: such that the grid is as square as can be)"),
                   field("columns", &Torus2dGraph::columns, at_least(1), "columns (default: workers / rows)"));
  }
};

struct StarGraph {
  static constexpr std::string_view kind = "star";
  static constexpr std::string_view help = "worker 0 and each other worker";
  static auto fields() { return options(); }
};

struct PathGraph {
  static constexpr std::string_view kind = "path";
  static constexpr std::string_view help = "each worker and the one after it, not closed to a ring";
  static auto fields() { return options(); }
};

struct HypercubeGraph {
  static constexpr std::string_view kind = "hypercube";
  static constexpr std::string_view help = "workers whose numbers differ in one bit; their number is a power of two";
  static auto fields() { return options(); }
};

struct ExponentialGraph {
  static constexpr std::string_view kind = "exponential";
  static constexpr std::string_view help =
      "workers at distances 1, 2, 4, … round the ring, in both directions (the static exponential graph of Ying et al., NeurIPS 2021, "
      "made undirected)";
  static auto fields() { return options(); }
};

struct TopologyGraph {
  static constexpr std::string_view kind = "topology";
  static constexpr std::string_view help =
      "workers that the network (cluster.topology) joins by a link, or by links over nodes without workers such as switches";
  static auto fields() { return options(); }
};

struct EdgesGraph {
  static constexpr std::string_view kind = "edges";
  static constexpr std::string_view help = "the pairs written down";
  std::vector<std::vector<Count>> edges;
  static auto fields() { return options(required("edges", &EdgesGraph::edges, "pairs of workers, as [0, 1]")); }
};

/// The registry of graphs: one line here, one in make_graph. The first is the default.
using GraphSpec = OneOf<"kind", RingGraph, CompleteGraph, Torus2dGraph, StarGraph, PathGraph, HypercubeGraph, ExponentialGraph,
                        RandomRegularGraph, ErdosRenyiGraph, WattsStrogatzGraph, TopologyGraph, EdgesGraph>;

/// The graph of that many workers ≥ 1, which are its nodes. `seed` is that of random graphs without one of their own; `topology` is asked
/// by the graph of that kind only, which must have it.
/// A graph that is not connected, has more edges than a complete graph of 4,096 nodes, or does not exist is an InputError at `place`.
[[nodiscard]] Graph make_graph(const GraphSpec& spec, std::size_t workers, std::uint64_t seed, const Place& place,
                               const Topology* topology = nullptr);

}  // namespace peloton
