#include "algorithms/mixing/mixing_matrix.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace peloton {
namespace {

constexpr std::size_t kDenseNodes = 1000;

/// The weight of an edge between nodes of these degrees, per kind.
struct EdgeWeight {
  std::size_t a;
  std::size_t b;
  std::size_t max_degree;

  static double share(std::size_t degree) { return 1 / static_cast<double>(1 + degree); }
  double operator()(const MetropolisMixing&) const { return share(std::max(a, b)); }
  double operator()(const LazyMetropolisMixing&) const { return share(std::max(a, b)) / 2; }
  double operator()(const MaxDegreeMixing&) const { return share(max_degree); }
  double operator()(const UniformMixing&) const { return share(a); }
};

void check_regular(const Graph& graph, const Place& place) {
  for (std::size_t node = 1; node < graph.nodes(); ++node)
    if (graph.degree(node) != graph.degree(0))
      throw InputError(place,
                       fmt::format("uniform weights need a graph in which all workers have equally many neighbours (else \"metropolis\"): "
                                   "worker 0 has {}, worker {} has {}",
                                   graph.degree(0), node, graph.degree(node)));
}

}  // namespace

MixingMatrix::MixingMatrix(const MixingSpec& spec, Graph graph, const Place& place) : graph_(std::move(graph)) {
  if (spec.is<UniformMixing>()) check_regular(graph_, place);
  const std::size_t max_degree = graph_.max_degree();
  weights_.reserve(2 * graph_.edges());
  self_weights_.reserve(nodes());
  for (std::size_t node = 0; node < nodes(); ++node) {
    double given_away = 0;
    for (const std::uint32_t neighbour : graph_.neighbours(node)) {
      weights_.push_back(std::visit(EdgeWeight{degree(node), degree(neighbour), max_degree}, spec.value));
      given_away += weights_.back();
    }
    self_weights_.push_back(1 - given_away);
  }
}

std::optional<Spectrum> MixingMatrix::spectrum() const {
  if (const auto closed = closed_form_spectrum(*this)) return closed;
  if (nodes() <= kDenseNodes) return dense_spectrum(*this);
  return lanczos_spectrum(*this);
}

std::optional<double> MixingMatrix::spectral_gap() const {
  const std::optional<Spectrum> ends = spectrum();
  return ends ? std::optional(ends->gap()) : std::nullopt;
}

}  // namespace peloton
