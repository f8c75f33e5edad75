#include "algorithms/mixing/graph.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "sim/base/error.hpp"

namespace peloton {

Graph::Graph(std::size_t nodes, std::vector<GraphEdge> edges, std::optional<LaplacianEnds> laplacian)
    : starts_(nodes + 1, 0), neighbours_(2 * edges.size()), laplacian_(laplacian) {
  PELOTON_INVARIANT(nodes >= 1, "a graph has nodes");
  PELOTON_INVARIANT(neighbours_.size() <= std::numeric_limits<std::uint32_t>::max(), "arcs are numbered by 32 bits");
  for (auto& [a, b] : edges) {
    if (a > b) std::swap(a, b);
    PELOTON_INVARIANT(a != b && b < nodes, "an edge joins two different nodes of the graph");
    ++starts_[a + 1];
    ++starts_[b + 1];
  }
  std::sort(edges.begin(), edges.end());
  PELOTON_INVARIANT(std::adjacent_find(edges.begin(), edges.end()) == edges.end(), "no edge stands twice");
  PELOTON_INVARIANT(!first_apart(nodes, edges), "the graph is connected");
  std::partial_sum(starts_.begin(), starts_.end(), starts_.begin());

  // In sorted order, a node meets its lower neighbours first and all of them ascending.
  std::vector<std::uint32_t> next(starts_.begin(), starts_.end() - 1);
  for (const auto& [a, b] : edges) {
    neighbours_[next[a]++] = b;
    neighbours_[next[b]++] = a;
  }
}

std::size_t Graph::max_degree() const {
  std::size_t largest = 0;
  for (std::size_t node = 0; node < nodes(); ++node) largest = std::max(largest, degree(node));
  return largest;
}

}  // namespace peloton
