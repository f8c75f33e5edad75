#pragma once

#include "algorithms/compression/codec.hpp"

namespace peloton {

/// The dense codec: every coordinate as an IEEE number of the wire's type, little-endian, nothing else. 32 d or 64 d bits.
///
/// Encoding float64 numbers for a float32 wire rounds to nearest; decoding gives back exactly what was encoded.
class IdentityCodec final : public Codec {
 public:
  explicit IdentityCodec(CodecContext context) : Codec(std::move(context)) {}

  [[nodiscard]] std::optional<std::uint64_t> fixed_bits() const override { return bits(context().dimension); }
  [[nodiscard]] std::optional<std::uint64_t> bits_of(std::size_t begin, std::size_t end) const override { return bits(end - begin); }
  [[nodiscard]] bool is_linear() const override { return true; }
  [[nodiscard]] EncodedVector encode(ConstView x, std::uint32_t sender, std::uint64_t message) const override;
  void decode(const EncodedVector& message, MutableView out) const override;

 private:
  /// Of d coordinates.
  [[nodiscard]] std::uint64_t bits(std::size_t d) const { return 8 * bytes_of(context().wire) * d; }
};

}  // namespace peloton
