#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "sim/base/options.hpp"
#include "sim/time.hpp"

namespace peloton {

/// A worker sends when its computation has ended, and starts one when the whole model is there.
struct NoOverlap {
  static constexpr std::string_view kind = "none";
  static constexpr std::string_view help = "messages leave when a computation has ended; it starts when the whole model is there";
  static auto fields() { return options(); }
};

/// Gradients leave during the backward pass, bucket by bucket, and a forward pass waits for no more of the model than it needs: what
/// frameworks do (PyTorch DDP: Li et al., PVLDB 2020; waiting per layer: Jayarajan et al., P3, MLSys 2019).
struct LayerwiseOverlap {
  static constexpr std::string_view kind = "layerwise";
  static constexpr std::string_view help = "buckets of parameter tensors travel while others are computed";
  Bytes bucket{25e6};
  Fraction backward{2.0 / 3};
  static auto fields() {
    return options(field("bucket", &LayerwiseOverlap::bucket, kNonNegative,
                         "tensors are gathered, from the last to the first, until a message has at least this size"),
                   field("backward", &LayerwiseOverlap::backward, Check{.low = 0, .high = 1, .high_open = true},
                         "share of a mini-batch's time that the backward pass takes"));
  }
};

using OverlapSpec = OneOf<"kind", NoOverlap, LayerwiseOverlap>;

/// When a computation needs and releases the parts of the vectors that it reads and makes.
///
/// A mini-batch of duration T is a forward pass of (1 − β) T over the tensors in order and a backward pass of β T over them in reverse
/// order; each tensor has the share of a pass that its work is of all work. Buckets gather whole tensors in backward order until they
/// reach the size; the last, which has the first tensors, may stay smaller.
class LayerSchedule {
 public:
  struct Tensor {
    std::size_t coordinates = 0;
    double work = 0;  ///< in any unit; where all are 0, the coordinates stand for it
  };
  /// Coordinates begin … end − 1.
  struct Bucket {
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  /// At least one tensor with a coordinate.
  LayerSchedule(const LayerwiseOverlap& options, std::span<const Tensor> tensors, double bytes_per_coordinate);

  /// In backward order; together they are the vector.
  [[nodiscard]] const std::vector<Bucket>& buckets() const { return buckets_; }
  [[nodiscard]] std::size_t size() const { return buckets_.size(); }

  [[nodiscard]] Duration backward(Duration mini_batch) const;
  /// From the beginning of a backward pass until the gradient of bucket k is complete; the pass itself for the last one.
  [[nodiscard]] Duration released(std::size_t k, Duration backward) const;
  /// From the beginning of a forward pass that nothing holds up until it needs bucket k: 0 for the last one.
  [[nodiscard]] Duration needed(std::size_t k, Duration forward) const;

 private:
  double backward_;
  std::vector<Bucket> buckets_;
  std::vector<double> done_;  ///< share of all work that buckets 0 … k are; exactly 1 for the last
};

}  // namespace peloton
