#include "sim/topology/edges.hpp"

#include <boost/pending/disjoint_sets.hpp>
#include <numeric>
#include <vector>

namespace peloton {

std::optional<std::uint32_t> first_apart(std::size_t nodes, std::span<const GraphEdge> edges) {
  std::vector<std::uint32_t> rank(nodes, 0);
  std::vector<std::uint32_t> parent(nodes);
  std::iota(parent.begin(), parent.end(), 0U);
  boost::disjoint_sets components(rank.data(), parent.data());
  for (const auto& [a, b] : edges) components.union_set(a, b);
  const std::uint32_t first = components.find_set(0U);
  for (std::uint32_t node = 1; node < nodes; ++node)
    if (components.find_set(node) != first) return node;
  return std::nullopt;
}

}  // namespace peloton
