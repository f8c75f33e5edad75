#pragma once
/// Graphs and mixing matrices from their JSON, for the tests of this folder.

#include <set>
#include <string>

#include "algorithms/mixing/graph_spec.hpp"
#include "algorithms/mixing/mixing_matrix.hpp"

namespace peloton::test {

inline const Place kGraphPlace{"s.json", "/graph"};

inline Graph graph_of(const std::string& json, std::size_t workers, std::uint64_t seed = 1) {
  return make_graph(OptionType<GraphSpec>::parse(Json::parse(json), kGraphPlace), workers, seed, kGraphPlace);
}

/// `weights` is a kind of weights.
inline MixingMatrix mixing_of(const std::string& graph, std::size_t workers, const std::string& weights = "metropolis") {
  return {OptionType<MixingSpec>::parse(Json(weights), {"s.json", "/mixing"}), graph_of(graph, workers), {"s.json", "/mixing"}};
}

/// Lower node first.
inline std::set<GraphEdge> edges_of(const Graph& graph) {
  std::set<GraphEdge> edges;
  for (std::uint32_t a = 0; a < graph.nodes(); ++a)
    for (const std::uint32_t b : graph.neighbours(a))
      if (a < b) edges.emplace(a, b);
  return edges;
}

}  // namespace peloton::test
