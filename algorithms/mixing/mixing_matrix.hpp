#pragma once

#include <optional>
#include <span>
#include <vector>

#include "algorithms/mixing/graph.hpp"
#include "algorithms/mixing/spectrum.hpp"
#include "sim/base/options.hpp"

namespace peloton {

struct MetropolisMixing {
  static constexpr std::string_view kind = "metropolis";
  static constexpr std::string_view help =
      "1 / (1 + the larger number of neighbours of the two) (Xiao, Boyd, Kim, J. Parallel Distrib. Comput. 2007)";
  static auto fields() { return options(); }
};

struct MaxDegreeMixing {
  static constexpr std::string_view kind = "max_degree";
  static constexpr std::string_view help = "1 / (1 + the largest number of neighbours of any worker)";
  static auto fields() { return options(); }
};

struct LazyMetropolisMixing {
  static constexpr std::string_view kind = "lazy_metropolis";
  static constexpr std::string_view help = "half of metropolis, so that no eigenvalue is negative";
  static auto fields() { return options(); }
};

struct UniformMixing {
  static constexpr std::string_view kind = "uniform";
  static constexpr std::string_view help = "the plain mean over a worker and its neighbours, on graphs where all have equally many";
  static auto fields() { return options(); }
};

/// The registry of weights; the first is the default.
using MixingSpec = OneOf<"kind", MetropolisMixing, MaxDegreeMixing, LazyMetropolisMixing, UniformMixing>;

/// A mixing matrix W on a graph: symmetric, rows and columns sum to one, no weight is negative, w_ij > 0 for i ≠ j exactly on edges.
/// 12 bytes per edge and direction.
class MixingMatrix {
 public:
  /// Uniform weights on a graph that is not regular are an InputError at `place`.
  MixingMatrix(const MixingSpec& spec, Graph graph, const Place& place);

  [[nodiscard]] const Graph& graph() const { return graph_; }
  [[nodiscard]] std::size_t nodes() const { return graph_.nodes(); }
  [[nodiscard]] std::size_t degree(std::size_t node) const { return graph_.degree(node); }
  [[nodiscard]] double self_weight(std::size_t node) const { return self_weights_.at(node); }
  /// Ascending.
  [[nodiscard]] std::span<const std::uint32_t> neighbours(std::size_t node) const { return graph_.neighbours(node); }
  /// Of the neighbours, in their order.
  [[nodiscard]] std::span<const double> weights(std::size_t node) const {
    return std::span(weights_).subspan(graph_.first_arc(node), graph_.degree(node));
  }

  /// In closed form where there is one, else from the dense matrix up to 1,000 nodes (a second at most), else by Lanczos iterations;
  /// nothing when these do not converge. Computed anew by each call.
  [[nodiscard]] std::optional<Spectrum> spectrum() const;
  /// spectrum()->gap()
  [[nodiscard]] std::optional<double> spectral_gap() const;

 private:
  Graph graph_;
  std::vector<double> weights_;  ///< of the graph's arcs
  std::vector<double> self_weights_;
};

}  // namespace peloton
