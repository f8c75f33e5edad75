#include "algorithms/mixing/graph_spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>
#include <set>

#include "sim/topology/worker_graph.hpp"

namespace peloton {
namespace {

constexpr double kPi = std::numbers::pi;

/// 2 − 2 cos x, without cancellation.
double two_minus_two_cosine(double x) {
  const double s = std::sin(x / 2);
  return 4 * s * s;
}

/// Of a cycle, with eigenvalues 2 − 2 cos(2πk/n). Two nodes have one edge, not two; one node has no positive eigenvalue.
LaplacianEnds cycle_ends(std::size_t nodes) {
  if (nodes == 1) return {std::numeric_limits<double>::infinity(), 0};
  if (nodes == 2) return {2, 2};
  const auto n = static_cast<double>(nodes);
  return {two_minus_two_cosine(2 * kPi / n), two_minus_two_cosine(2 * kPi * static_cast<double>(nodes / 2) / n)};
}

/// Of a circulant graph: Σ_s c_s (2 − 2 cos(2πks/n)) over its distances s ≤ n/2, with c_s = 1/2 for s = n/2, whose edge is its own reverse.
LaplacianEnds circulant_ends(std::size_t nodes, const std::set<std::size_t>& distances) {
  LaplacianEnds ends{std::numeric_limits<double>::infinity(), 0};
  for (std::size_t k = 1; k <= nodes / 2; ++k) {
    double eigenvalue = 0;
    for (const std::size_t s : distances) {
      const double angle = 2 * kPi * static_cast<double>(k * s % nodes) / static_cast<double>(nodes);
      eigenvalue += two_minus_two_cosine(angle) * (2 * s == nodes ? 0.5 : 1);
    }
    ends = {std::min(ends.connectivity, eigenvalue), std::max(ends.largest, eigenvalue)};
  }
  return ends;
}

std::vector<GraphEdge> circulant_edges(std::size_t nodes, const std::set<std::size_t>& distances) {
  std::vector<GraphEdge> edges;
  for (const std::size_t s : distances)
    for (std::size_t i = 0; i < (2 * s == nodes ? s : nodes); ++i)
      edges.emplace_back(static_cast<std::uint32_t>(i), static_cast<std::uint32_t>((i + s) % nodes));
  return edges;
}

/// The distances 1, 2, 4, … < nodes, the shorter way round.
std::set<std::size_t> exponential_distances(std::size_t nodes) {
  std::set<std::size_t> distances;
  for (std::size_t s = 1; s < nodes; s *= 2) distances.insert(std::min(s, nodes - s));
  return distances;
}

/// Rows and columns with this product; not given, the most square ones.
std::pair<std::size_t, std::size_t> torus_shape(const Torus2dGraph& spec, std::size_t workers, const Place& place) {
  const auto rows = static_cast<std::size_t>(spec.rows.value_or(0));
  const auto columns = static_cast<std::size_t>(spec.columns.value_or(0));
  if (spec.rows && spec.columns) {
    if (workers % rows != 0 || workers / rows != columns)
      throw InputError(place,
                       fmt::format("rows × columns must be the number of workers, got {} × {} for {} workers", rows, columns, workers));
    return {rows, columns};
  }
  if (const std::size_t given = rows + columns; given > 0) {
    if (workers % given != 0)
      throw InputError(place / (spec.rows ? "rows" : "columns"),
                       fmt::format("must divide the number of workers, {}, got {}", workers, given));
    return spec.rows ? std::pair(rows, workers / rows) : std::pair(workers / columns, columns);
  }
  auto side = static_cast<std::size_t>(std::sqrt(static_cast<double>(workers)));
  while (workers % side != 0) --side;
  return {side, workers / side};
}

/// One graph per kind. Closed forms of Laplacian spectra: Brouwer, Haemers, Spectra of Graphs, 2012, section 1.4.
struct GraphMaker {
  std::size_t workers;
  std::uint64_t seed;
  const Place& place;
  const Topology* topology;

  [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(workers); }
  void limit_edges(double per_worker) const { check_edge_count(static_cast<double>(workers) * per_worker, place); }

  Graph operator()(const RingGraph&) const {
    limit_edges(1);
    return {workers, workers == 1 ? std::vector<GraphEdge>() : circulant_edges(workers, {1}), cycle_ends(workers)};
  }

  Graph operator()(const CompleteGraph&) const {
    limit_edges(static_cast<double>(workers - 1) / 2);
    std::vector<GraphEdge> edges;
    edges.reserve(workers * (workers - 1) / 2);
    for (std::uint32_t a = 0; a < count(); ++a)
      for (std::uint32_t b = a + 1; b < count(); ++b) edges.emplace_back(a, b);
    const auto n = static_cast<double>(workers);
    return {workers, std::move(edges), LaplacianEnds{n, n}};
  }

  Graph operator()(const Torus2dGraph& spec) const {
    limit_edges(2);
    const auto [rows, columns] = torus_shape(spec, workers, place);
    std::vector<GraphEdge> edges;
    const auto join_next_on_cycle = [&](std::size_t node, std::size_t position, std::size_t length, std::size_t stride) {
      if (position + 1 == length && length <= 2) return;  // no loop, and no second edge between two nodes
      const std::size_t next = position + 1 == length ? node - position * stride : node + stride;
      edges.emplace_back(static_cast<std::uint32_t>(node), static_cast<std::uint32_t>(next));
    };
    for (std::size_t node = 0; node < workers; ++node) {
      join_next_on_cycle(node, node % columns, columns, 1);
      join_next_on_cycle(node, node / columns, rows, columns);
    }
    // The eigenvalues of a Cartesian product are the sums of those of its factors.
    const LaplacianEnds r = cycle_ends(rows);
    const LaplacianEnds c = cycle_ends(columns);
    return {workers, std::move(edges), LaplacianEnds{std::min(r.connectivity, c.connectivity), r.largest + c.largest}};
  }

  Graph operator()(const StarGraph&) const {
    limit_edges(1);
    std::vector<GraphEdge> edges;
    for (std::uint32_t leaf = 1; leaf < count(); ++leaf) edges.emplace_back(0, leaf);
    const auto n = static_cast<double>(workers);
    return {workers, std::move(edges), LaplacianEnds{workers == 2 ? 2.0 : 1.0, n}};  // 1 only with two leaves or more
  }

  Graph operator()(const PathGraph&) const {
    limit_edges(1);
    std::vector<GraphEdge> edges;
    for (std::uint32_t node = 1; node < count(); ++node) edges.emplace_back(node - 1, node);
    const auto n = static_cast<double>(workers);  // eigenvalues 2 − 2 cos(πk/n)
    return {workers, std::move(edges), LaplacianEnds{two_minus_two_cosine(kPi / n), two_minus_two_cosine(kPi * (n - 1) / n)}};
  }

  Graph operator()(const HypercubeGraph&) const {
    if (!std::has_single_bit(workers)) throw InputError(place, fmt::format("needs a power of two as number of workers, got {}", workers));
    const double dimension = std::countr_zero(workers);
    limit_edges(dimension / 2);
    std::vector<GraphEdge> edges;
    for (std::uint32_t node = 0; node < count(); ++node)
      for (std::uint32_t bit = 1; bit < count(); bit *= 2)
        if ((node & bit) == 0) edges.emplace_back(node, node | bit);
    return {workers, std::move(edges), LaplacianEnds{2, 2 * dimension}};
  }

  Graph operator()(const ExponentialGraph&) const {
    const std::set<std::size_t> distances = exponential_distances(workers);
    limit_edges(static_cast<double>(distances.size()));
    return {workers, circulant_edges(workers, distances), circulant_ends(workers, distances)};
  }

  Graph operator()(const TopologyGraph&) const {
    PELOTON_INVARIANT(topology != nullptr, "the graph of the topology is made where there is one");
    std::optional<std::vector<GraphEdge>> edges = worker_neighbours(*topology, static_cast<std::size_t>(kMostEdges));
    if (!edges)
      throw InputError(place,
                       fmt::format("must have at most {:.0f} edges, but so many of the {} workers are neighbours in the network: those "
                                   "under one switch all are",
                                   kMostEdges, workers));
    if (const auto apart = first_apart(workers, *edges))
      throw InputError(place, fmt::format("must connect all workers, but no links lead from worker {} to worker 0", *apart));
    const auto n = static_cast<double>(workers);
    const bool complete = 2 * edges->size() == workers * (workers - 1);
    return {workers, std::move(*edges), complete ? std::optional(LaplacianEnds{n, n}) : std::nullopt};
  }

  Graph operator()(const EdgesGraph& spec) const {
    const Place list = place / "edges";
    check_edge_count(static_cast<double>(spec.edges.size()), list);
    std::vector<GraphEdge> edges;
    std::set<GraphEdge> seen;
    for (std::size_t i = 0; i < spec.edges.size(); ++i) {
      edges.push_back(written_edge(spec.edges[i], list / i));
      if (!seen.insert(std::minmax(edges.back().first, edges.back().second)).second)
        throw InputError(list / i, fmt::format("workers {} and {} are joined already", edges.back().first, edges.back().second));
    }
    if (const auto apart = first_apart(workers, edges))
      throw InputError(list, fmt::format("must connect all workers, but worker {} has no path to worker 0", *apart));
    return {workers, std::move(edges)};
  }

  template <class Random>
  Graph operator()(const Random& spec) const {
    return {workers, random_edges(spec, workers, seed, place)};
  }

 private:
  [[nodiscard]] GraphEdge written_edge(const std::vector<Count>& pair, const Place& at) const {
    if (pair.size() != 2) throw InputError(at, fmt::format("must be a pair of workers, got {} numbers", pair.size()));
    for (std::size_t end = 0; end < 2; ++end)
      if (pair[end] < 0 || static_cast<std::size_t>(pair[end]) >= workers)
        throw InputError(at / end, fmt::format("must be a worker, 0 to {}, got {}", workers - 1, pair[end]));
    if (pair[0] == pair[1]) throw InputError(at, fmt::format("must join two different workers, got {} twice", pair[0]));
    return {static_cast<std::uint32_t>(pair[0]), static_cast<std::uint32_t>(pair[1])};
  }
};

}  // namespace

Graph make_graph(const GraphSpec& spec, std::size_t workers, std::uint64_t seed, const Place& place, const Topology* topology) {
  PELOTON_INVARIANT(workers >= 1, "a graph of workers has a worker");
  return std::visit(GraphMaker{workers, seed, place, topology}, spec.value);
}

}  // namespace peloton
