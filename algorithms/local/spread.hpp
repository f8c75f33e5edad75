#pragma once

#include "algorithms/aggregation/aggregator.hpp"

namespace peloton {

/// An aggregator that also finds out, while it aggregates, how far the contributions are apart:
///
///   √(Σ w_i ‖x_i − x̄‖²) = √(Σ w_i ‖x_i − o‖² − ‖x̄ − o‖²),   x̄ = Σ w_i x_i,   w_i: the aggregator's weights,   for any origin o
///
/// The contributions are read once more each, one at a time, and none is kept. The difference cancels: an origin near the contributions
/// keeps the error, about √ε of their distance to it (ε: the rounding of the run's precision), small. A rule that is no weighted mean
/// takes a vector more, for x̄.
class SpreadAggregator final : public Aggregator {
 public:
  explicit SpreadAggregator(const AggregatorSpec& spec) : inner_(make_aggregator(spec)), weighted_mean_(spec.is<MeanOptions>()) {}

  /// o of the next aggregate; empty: 0. The handle is dropped with that aggregate.
  void set_origin(Vector origin) { origin_ = std::move(origin); }
  /// The spread of the last aggregate's contributions; 0 before the first.
  [[nodiscard]] double spread() const { return spread_; }

  [[nodiscard]] std::vector<double> weights(std::span<const double> samples) const override { return inner_->weights(samples); }
  [[nodiscard]] Vector aggregate(VectorSpace& space, Contributions& contributions) override;
  [[nodiscard]] Aggregator& rule() override { return *inner_; }
  [[nodiscard]] bool holds_all() const override { return inner_->holds_all(); }
  void visit_state(StateVisitor& v) { v("spread", spread_); }

 private:
  class Probe;
  [[nodiscard]] double squared_distance(VectorSpace& space, const Vector& x) const;

  std::unique_ptr<Aggregator> inner_;
  bool weighted_mean_;
  Vector origin_;
  double spread_ = 0;
};

}  // namespace peloton
