#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

namespace peloton {

/// Two different nodes, in either order.
using GraphEdge = std::pair<std::uint32_t, std::uint32_t>;

/// The lowest node without a path to node 0; nothing when the edges connect all nodes.
[[nodiscard]] std::optional<std::uint32_t> first_apart(std::size_t nodes, std::span<const GraphEdge> edges);

}  // namespace peloton
