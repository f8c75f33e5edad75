#include "algorithms/compression/bits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace peloton {

static_assert(std::endian::native == std::endian::little, "messages are little-endian");

void BitWriter::append(std::uint64_t word) {
  const std::size_t at = out_.bytes.size();
  out_.bytes.resize(at + sizeof(word));
  std::memcpy(out_.bytes.data() + at, &word, sizeof(word));
}

EncodedVector BitWriter::take() {
  append(word_);
  out_.bytes.resize((out_.bits + 7) / 8);
  return std::move(out_);
}

std::uint64_t BitReader::next() {
  std::uint64_t word = 0;
  const std::size_t count = std::min(sizeof(word), bytes_.size() - at_);
  std::memcpy(&word, bytes_.data() + at_, count);
  at_ += count;
  return word;
}

void require_length(const EncodedVector& message, std::uint64_t bits) {
  const std::uint64_t bytes = (bits + 7) / 8;
  if (message.bits != bits || message.bytes.size() != bytes)
    throw InputError(
        fmt::format("the message must have {} bits in {} bytes, got {} bits in {} bytes", bits, bytes, message.bits, message.bytes.size()));
  if (bits % 8 != 0 && message.bytes.back() >> (bits % 8) != 0)
    throw InputError(
        fmt::format("the last byte of a message of {} bits must be padded with zeros, got {:#04x}", bits, message.bytes.back()));
}

}  // namespace peloton
