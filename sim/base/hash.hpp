#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

namespace peloton {

/// A 64-bit fingerprint of a sequence of words, order-sensitive; not for adversaries. About 1 ns per word.
class Fingerprint {
 public:
  void add(std::uint64_t word) { state_ = std::rotl((state_ ^ word) * 0x9fb21c651e98df25U, 29) + 0x9e3779b97f4a7c15U; }

  /// Adds `size` bytes and their count.
  void add_bytes(const void* data, std::size_t size) {
    const auto* bytes = static_cast<const unsigned char*>(data);
    std::uint64_t word = 0;
    std::size_t i = 0;
    for (; i + 8 <= size; i += 8) {
      std::memcpy(&word, bytes + i, 8);
      add(word);
    }
    if (i < size) {
      word = 0;
      std::memcpy(&word, bytes + i, size - i);
      add(word);
    }
    add(size);
  }

  [[nodiscard]] std::uint64_t value() const {
    std::uint64_t z = state_;
    z = (z ^ (z >> 32)) * 0xd6e8feb86659fd93U;
    return z ^ (z >> 29);
  }

  /// Sixteen hexadecimal digits.
  [[nodiscard]] std::string hex() const;

  [[nodiscard]] std::uint64_t raw() const { return state_; }
  void set_raw(std::uint64_t raw) { state_ = raw; }

 private:
  std::uint64_t state_ = 0x51afd7ed558ccd01U;
};

}  // namespace peloton
