#pragma once

#include "algorithms/compression/codec.hpp"

namespace peloton {

/// The sign of each coordinate; the receiver gets +1 and −1, and 0 where zeros are kept.
///
///   zero = plus     d bits, 1 for a negative number: a zero counts as +1
///   zero = random   d bits: a fair coin for each zero, from the stream of (seed, sender, message)
///   zero = keep     8 ⌈d / 5⌉ bits: a byte holds five digits to the base 3, the first the lowest; 0: zero, 1: plus, 2: minus
///
/// −0 is a zero, and a coordinate that is not a number is treated as one: no sign could tell the receiver.
class SignCodec final : public Codec {
 public:
  SignCodec(const SignOptions& options, CodecContext context) : Codec(std::move(context)), zero_(options.zero) {}

  [[nodiscard]] std::optional<std::uint64_t> fixed_bits() const override { return bits(context().dimension); }
  [[nodiscard]] std::optional<std::uint64_t> bits_of(std::size_t begin, std::size_t end) const override { return bits(end - begin); }
  [[nodiscard]] EncodedVector encode(ConstView x, std::uint32_t sender, std::uint64_t message) const override;
  void decode(const EncodedVector& message, MutableView out) const override;

 private:
  /// Of d coordinates.
  [[nodiscard]] std::uint64_t bits(std::size_t d) const { return zero_ == ZeroSign::keep ? 8 * ((d + 4) / 5) : d; }
  ZeroSign zero_;
};

}  // namespace peloton
