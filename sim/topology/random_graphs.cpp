#include "sim/topology/random_graphs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_set>

#include "sim/base/random.hpp"

namespace peloton {
namespace {

constexpr int kDraws = 100;
/// Random switches that may fail for one edge before the pairing is drawn again; with at most half of all pairs taken, most succeed.
constexpr int kSwitchTries = 1000;
/// With more isolated nodes than this expected, no draw of kDraws is connected: the chance of each is about exp(−20).
constexpr double kHopelessIsolated = 20;

/// Asked for membership only: its order would not be the same everywhere.
class EdgeSet {
 public:
  explicit EdgeSet(std::size_t edges) { keys_.reserve(edges); }
  bool contains(std::uint32_t a, std::uint32_t b) const { return keys_.contains(key(a, b)); }
  /// False when it is there already.
  bool insert(std::uint32_t a, std::uint32_t b) { return keys_.insert(key(a, b)).second; }
  void erase(std::uint32_t a, std::uint32_t b) { keys_.erase(key(a, b)); }

 private:
  static std::uint64_t key(std::uint32_t a, std::uint32_t b) { return std::uint64_t{std::min(a, b)} << 32 | std::max(a, b); }
  std::unordered_set<std::uint64_t> keys_;
};

/// The first connected graph among kDraws; `draw` may fail with nothing.
template <class Draw>
std::vector<GraphEdge> connected_edges(std::size_t nodes, std::uint64_t seed, const Place& place, Draw draw) {
  for (std::uint64_t attempt = 0; attempt < kDraws; ++attempt) {
    RandomStream random(seed, Purpose::graph, 0, attempt);
    std::optional<std::vector<GraphEdge>> edges = draw(random);
    if (edges && !first_apart(nodes, *edges)) return std::move(*edges);
  }
  throw InputError(place,
                   fmt::format("must give a connected graph: none of {} draws with {} workers was (more neighbours help)", kDraws, nodes));
}

std::uint64_t own_seed(const std::optional<Count>& own, std::uint64_t seed) { return own ? static_cast<std::uint64_t>(*own) : seed; }

/// Makes the edges at `bad`, loops and copies of others, good: (u, v) and a random good edge (x, y) become (u, x) and (v, y).
/// False when some edge finds no partner.
bool switch_bad_edges(std::vector<GraphEdge>& edges, const std::vector<std::size_t>& bad, EdgeSet& present, RandomStream& random) {
  std::vector<bool> is_bad(edges.size(), false);
  for (const std::size_t b : bad) is_bad[b] = true;
  const auto can_add = [&](std::uint32_t a, std::uint32_t b) { return a != b && !present.contains(a, b); };
  for (const std::size_t b : bad) {
    const auto [u, v] = edges[b];
    for (int tries = 0; is_bad[b]; ++tries) {
      if (tries == kSwitchTries) return false;
      const std::size_t partner = random.below(static_cast<std::uint32_t>(edges.size()));
      auto [x, y] = edges[partner];
      if (random.below(2) == 1) std::swap(x, y);
      const bool same_edge = std::minmax(u, x) == std::minmax(v, y);
      if (is_bad[partner] || same_edge || !can_add(u, x) || !can_add(v, y)) continue;
      present.erase(x, y);
      present.insert(u, x);
      present.insert(v, y);
      edges[b] = {u, x};
      edges[partner] = {v, y};
      is_bad[b] = false;
    }
  }
  return true;
}

std::optional<std::vector<GraphEdge>> paired_edges(std::size_t nodes, std::size_t degree, RandomStream& random) {
  std::vector<std::uint32_t> stubs(nodes * degree);
  for (std::size_t i = 0; i < stubs.size(); ++i) stubs[i] = static_cast<std::uint32_t>(i / degree);
  shuffle(stubs, random);
  std::vector<GraphEdge> edges(stubs.size() / 2);
  EdgeSet present(edges.size());
  std::vector<std::size_t> bad;
  for (std::size_t e = 0; e < edges.size(); ++e) {
    const auto [a, b] = edges[e] = {stubs[2 * e], stubs[2 * e + 1]};
    if (a == b || !present.insert(a, b)) bad.push_back(e);
  }
  if (!switch_bad_edges(edges, bad, present, random)) return std::nullopt;
  return edges;
}

std::vector<GraphEdge> complement(std::size_t nodes, const std::vector<GraphEdge>& edges) {
  EdgeSet present(edges.size());
  for (const auto& [a, b] : edges) present.insert(a, b);
  std::vector<GraphEdge> out;
  for (std::uint32_t a = 0; a < nodes; ++a)
    for (std::uint32_t b = a + 1; b < nodes; ++b)
      if (!present.contains(a, b)) out.emplace_back(a, b);
  return out;
}

/// Walks the pairs (w, v), w < v, in the order (0, 1), (0, 2), (1, 2), (0, 3), …; the steps between edges are geometric.
std::vector<GraphEdge> bernoulli_edges(std::size_t nodes, double probability, RandomStream& random) {
  std::vector<GraphEdge> edges;
  const double pairs = static_cast<double>(nodes) * static_cast<double>(nodes - 1) / 2;
  const double log_miss = std::log1p(-probability);
  std::uint64_t v = 1;
  std::uint64_t w = 0;
  while (true) {
    w += static_cast<std::uint64_t>(std::min(std::floor(std::log1p(-random.uniform()) / log_miss), pairs));
    while (v < nodes && w >= v) w -= v++;
    if (v >= nodes) return edges;
    edges.emplace_back(static_cast<std::uint32_t>(w), static_cast<std::uint32_t>(v));
    ++w;
  }
}

std::vector<GraphEdge> rewired_ring(std::uint32_t nodes, std::uint32_t reach, double rewire, RandomStream& random) {
  std::vector<GraphEdge> edges;
  EdgeSet present(std::size_t{nodes} * reach);
  std::vector<std::uint32_t> degree(nodes, 2 * reach);
  for (std::uint32_t step = 1; step <= reach; ++step)
    for (std::uint32_t i = 0; i < nodes; ++i) {
      edges.emplace_back(i, (i + step) % nodes);
      present.insert(i, edges.back().second);
    }
  for (auto& [near, far] : edges) {
    if (random.uniform() >= rewire || degree[near] == nodes - 1) continue;
    std::uint32_t target = near;
    while (target == near || present.contains(near, target)) target = random.below(nodes);
    present.erase(near, far);
    present.insert(near, target);
    --degree[far];
    ++degree[target];
    far = target;
  }
  return edges;
}

}  // namespace

void check_edge_count(double edges, const Place& place) {
  if (edges > kMostEdges)
    throw InputError(
        place, fmt::format("must have at most {:.0f} edges (those of a complete graph of 4096 workers), got {:.0f}", kMostEdges, edges));
}

std::vector<GraphEdge> random_edges(const RandomRegularGraph& options, std::size_t nodes, std::uint64_t seed, const Place& place) {
  const auto degree = static_cast<std::size_t>(options.degree);
  const Place degree_place = place / "degree";
  if (degree >= nodes) throw InputError(degree_place, fmt::format("must be < {} (the number of workers), got {}", nodes, degree));
  check_edge_count(static_cast<double>(nodes) * static_cast<double>(degree) / 2, degree_place);
  if (nodes * degree % 2 != 0)
    throw InputError(degree_place,
                     fmt::format("must be even for an odd number of workers ({}), since an edge has two ends; got {}", nodes, degree));
  const bool dense = 2 * degree > nodes - 1;
  return connected_edges(nodes, own_seed(options.seed, seed), degree_place, [&](RandomStream& random) {
    auto edges = paired_edges(nodes, dense ? nodes - 1 - degree : degree, random);
    if (edges && dense) edges = complement(nodes, *edges);
    return edges;
  });
}

std::vector<GraphEdge> random_edges(const ErdosRenyiGraph& options, std::size_t nodes, std::uint64_t seed, const Place& place) {
  if (nodes == 1) return {};
  const Place number_place = place / (options.degree ? "degree" : "probability");
  const auto others = static_cast<double>(nodes - 1);
  if (options.degree && *options.degree > others)
    throw InputError(number_place, fmt::format("must be ≤ {} (the number of other workers), got {}", nodes - 1, *options.degree));
  const double probability = options.degree ? *options.degree / others : *options.probability;
  const auto count = static_cast<double>(nodes);
  check_edge_count(probability * count * others / 2, number_place);
  const double isolated = count * std::pow(1 - probability, others);
  if (isolated > kHopelessIsolated)
    throw InputError(number_place, fmt::format("must give a connected graph: of {} workers about {:.0f} would have no neighbour "
                                               "(a connected graph needs a mean degree near ln {} = {:.1f})",
                                               nodes, isolated, nodes, std::log(count)));
  return connected_edges(nodes, own_seed(options.seed, seed), number_place,
                         [&](RandomStream& random) { return std::optional(bernoulli_edges(nodes, probability, random)); });
}

std::vector<GraphEdge> random_edges(const WattsStrogatzGraph& options, std::size_t nodes, std::uint64_t seed, const Place& place) {
  const Place neighbours_place = place / "neighbours";
  if (options.neighbours % 2 != 0)
    throw InputError(neighbours_place, fmt::format("must be even (half of them on each side), got {}", options.neighbours));
  // Rewiring an almost complete graph is neither quick nor a small world.
  const std::size_t most = std::max<std::size_t>(2, nodes / 2);
  if (nodes < 3 || static_cast<std::size_t>(options.neighbours) > most)
    throw InputError(neighbours_place,
                     fmt::format("must be at most half the workers ({}, at least 3 of them), got {}", nodes, options.neighbours));
  check_edge_count(static_cast<double>(nodes) * static_cast<double>(options.neighbours) / 2, neighbours_place);
  return connected_edges(nodes, own_seed(options.seed, seed), neighbours_place, [&](RandomStream& random) {
    return std::optional(
        rewired_ring(static_cast<std::uint32_t>(nodes), static_cast<std::uint32_t>(options.neighbours / 2), options.rewire, random));
  });
}

}  // namespace peloton
