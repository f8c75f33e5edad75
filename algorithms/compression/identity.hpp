#pragma once

#include <cstdint>
#include <vector>

#include "models/vector.hpp"

namespace peloton {

/// The dense codec: every coordinate as an IEEE number of the wire's type, little-endian, nothing else. 32 d or 64 d bits.
///
/// Encoding float64 numbers for a float32 wire rounds to nearest; decoding gives back exactly what was encoded.
class IdentityCodec {
 public:
  explicit IdentityCodec(Precision wire) : wire_(wire) {}

  [[nodiscard]] Precision wire() const { return wire_; }
  /// The exact length of an encoded message of `dimension` coordinates.
  [[nodiscard]] std::uint64_t bits(std::size_t dimension) const { return 8ULL * bytes_of(wire_) * dimension; }
  [[nodiscard]] std::vector<std::uint8_t> encode(ConstView x) const;
  /// `out` has the dimension that was encoded; a buffer of another length is an InputError.
  void decode(const std::vector<std::uint8_t>& message, MutableView out) const;

 private:
  Precision wire_;
};

}  // namespace peloton
