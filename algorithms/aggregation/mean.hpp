#pragma once

#include "algorithms/aggregation/aggregator.hpp"

namespace peloton {

/// Σ_i w_i g_i with w_i = 1/n (uniform) or b_i / Σ b (samples). Reads one contribution at a time: memory of one vector.
/// The sum runs in the order given and is divided once at the end.
class Mean final : public Aggregator {
 public:
  explicit Mean(const MeanOptions& options) : options_(options) {}
  [[nodiscard]] std::vector<double> weights(std::span<const double> samples) const override;
  [[nodiscard]] Vector aggregate(VectorSpace& space, Contributions& contributions) override;

 private:
  [[nodiscard]] double factor(double samples) const { return options_.weighting == Weighting::uniform ? 1.0 : samples; }
  MeanOptions options_;
};

}  // namespace peloton
