#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "algorithms/compression/codec.hpp"

namespace peloton {

/// ⌈log2 d⌉: the bits that tell d ≥ 1 things apart.
[[nodiscard]] constexpr unsigned index_bits(std::size_t d) { return static_cast<unsigned>(std::bit_width(d - 1)); }

/// Writes numbers of any width one after the other: the first bit is the lowest of the first byte.
class BitWriter {
 public:
  /// `bits`: the length the message will have.
  explicit BitWriter(std::uint64_t bits) { out_.bytes.reserve((bits / 64 + 1) * 8); }

  /// Appends the `width` ≤ 64 lowest bits of `value`, whose higher bits are zero.
  void put(std::uint64_t value, unsigned width) {
    out_.bits += width;
    word_ |= value << used_;
    if (used_ + width < 64) {
      used_ += width;
      return;
    }
    append(word_);
    word_ = used_ == 0 ? 0 : value >> (64 - used_);
    used_ = used_ + width - 64;
  }

  /// The message; the last byte is padded with zeros.
  [[nodiscard]] EncodedVector take();

 private:
  void append(std::uint64_t word);

  EncodedVector out_;
  std::uint64_t word_ = 0;  ///< bits that fill no byte of the output yet
  unsigned used_ = 0;       ///< how many, below 64
};

/// Reads what a BitWriter wrote. Past the end there are zeros: the caller has checked the length.
class BitReader {
 public:
  /// `message` must outlive the reader.
  explicit BitReader(const EncodedVector& message) : bytes_(message.bytes) {}

  /// The next `width` ≤ 64 bits.
  [[nodiscard]] std::uint64_t get(unsigned width) {
    std::uint64_t value = word_;
    if (width <= left_) {
      drop(width);
      left_ -= width;
    } else {
      const unsigned missing = width - left_;
      word_ = next();
      value |= word_ << left_;
      drop(missing);
      left_ = 64 - missing;
    }
    return width == 64 ? value : value & ((std::uint64_t{1} << width) - 1);
  }

 private:
  [[nodiscard]] std::uint64_t next();
  void drop(unsigned width) { word_ = width == 64 ? 0 : word_ >> width; }

  const std::vector<std::uint8_t>& bytes_;
  std::size_t at_ = 0;
  std::uint64_t word_ = 0;
  unsigned left_ = 0;  ///< unread bits in word_, below 64
};

/// Throws the InputError of a buffer that is no message of `bits` bits: another length, or a last byte that is not padded with zeros.
void require_length(const EncodedVector& message, std::uint64_t bits);

}  // namespace peloton
