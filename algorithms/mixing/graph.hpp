#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "sim/topology/edges.hpp"

namespace peloton {

/// The smallest positive and the largest eigenvalue of the Laplacian D − A of a connected graph.
struct LaplacianEnds {
  double connectivity = 0;  ///< the algebraic connectivity
  double largest = 0;
};

/// Who talks to whom: an undirected, simple, connected graph on nodes 0 … n − 1. Immutable; O(nodes + edges) memory.
class Graph {
 public:
  /// `nodes` ≥ 1; no loops, no edge twice, connected (see first_apart). O(edges · log edges).
  /// `laplacian` is given where a closed form is known.
  Graph(std::size_t nodes, std::vector<GraphEdge> edges, std::optional<LaplacianEnds> laplacian = std::nullopt);

  [[nodiscard]] std::size_t nodes() const { return starts_.size() - 1; }
  [[nodiscard]] std::size_t edges() const { return neighbours_.size() / 2; }
  [[nodiscard]] std::size_t degree(std::size_t node) const { return starts_.at(node + 1) - starts_.at(node); }
  [[nodiscard]] std::size_t max_degree() const;
  /// Ascending.
  [[nodiscard]] std::span<const std::uint32_t> neighbours(std::size_t node) const {
    return std::span(neighbours_).subspan(first_arc(node), degree(node));
  }
  /// Each edge is two arcs, one per direction, numbered by source and then by target: those of `node` are first_arc(node) and on.
  [[nodiscard]] std::size_t first_arc(std::size_t node) const { return starts_.at(node); }
  [[nodiscard]] const std::optional<LaplacianEnds>& laplacian() const { return laplacian_; }

 private:
  std::vector<std::uint32_t> starts_;  ///< nodes + 1 offsets into neighbours_
  std::vector<std::uint32_t> neighbours_;
  std::optional<LaplacianEnds> laplacian_;
};

}  // namespace peloton
