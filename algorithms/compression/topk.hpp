#pragma once

#include "algorithms/compression/codec.hpp"

namespace peloton {

/// The k = max(1, ⌊ratio · d⌋) coordinates of largest magnitude, of the vector or of each of its tensors; the others become zero.
/// (SASG's code takes them tensor by tensor: Deng et al., arXiv 2112.04088.)
///
/// The lower index wins ties. A coordinate that is not a number counts as infinite, so that it reaches the receiver. Magnitudes are
/// compared in the precision of x, then the values are rounded to the wire's.
///
/// On the wire: all values, tensor after tensor in ascending order of the index; then for each tensor of size d the k indices of
/// ⌈log2 d⌉ bits or, where that takes fewer bits, a bitmap of d: k (w + ⌈log2 d⌉) or k w + d bits, known to both sides beforehand.
class TopkCodec final : public Codec {
 public:
  TopkCodec(const TopkOptions& options, CodecContext context);

  /// The number of values in a message: k, or the sum of the tensors' k.
  [[nodiscard]] std::uint64_t values() const { return values_; }
  [[nodiscard]] std::optional<std::uint64_t> fixed_bits() const override { return bits_; }
  /// Of whole parts.
  [[nodiscard]] std::optional<std::uint64_t> bits_of(std::size_t begin, std::size_t end) const override;
  [[nodiscard]] EncodedVector encode(ConstView x, std::uint32_t sender, std::uint64_t message) const override;
  void decode(const EncodedVector& message, MutableView out) const override;

 private:
  /// A range of coordinates from which k are taken.
  struct Part {
    std::size_t begin = 0;
    std::size_t size = 0;
    std::size_t k = 0;
    [[nodiscard]] bool as_bitmap() const;
    [[nodiscard]] std::uint64_t position_bits() const;
  };

  std::vector<Part> parts_;
  std::uint64_t values_ = 0;
  std::uint64_t bits_ = 0;
};

}  // namespace peloton
