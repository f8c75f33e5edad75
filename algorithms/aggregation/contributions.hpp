#pragma once

#include <algorithm>
#include <limits>
#include <utility>

#include "algorithms/aggregation/aggregator.hpp"

namespace peloton {

/// Contributions that exist already.
class VectorContributions final : public Contributions {
 public:
  /// `samples`: as many as `values`, or none for one sample each; `together` ≥ 1: how many are shown at a time.
  explicit VectorContributions(std::vector<Vector> values, std::vector<double> samples = {},
                               std::size_t together = std::numeric_limits<std::size_t>::max())
      : values_(std::move(values)), samples_(std::move(samples)), together_(together) {
    if (samples_.empty()) samples_.assign(values_.size(), 1.0);
    PELOTON_INVARIANT(samples_.size() == values_.size(), "every contribution has its samples");
  }

  [[nodiscard]] std::size_t size() const override { return samples_.size(); }
  [[nodiscard]] std::span<const double> samples() const override { return samples_; }
  void consume(const std::function<void(std::span<const Vector> values)>& body) override {
    for (std::size_t begin = 0; begin < values_.size();) {
      const std::size_t count = std::min(together_, values_.size() - begin);
      const auto some = std::span(values_).subspan(begin, count);
      body(some);
      std::fill(some.begin(), some.end(), Vector());
      begin += count;
    }
    values_.clear();
  }

 private:
  std::vector<Vector> values_;
  std::vector<double> samples_;
  std::size_t together_;
};

}  // namespace peloton
