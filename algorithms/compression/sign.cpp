#include "algorithms/compression/sign.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "algorithms/compression/bits.hpp"
#include "sim/base/random.hpp"

namespace peloton {
namespace {

constexpr std::size_t kWord = 64;                  ///< coordinates packed at a time
constexpr std::size_t kDigits = 5;                 ///< of base 3 in a byte
constexpr unsigned kBytesUsed = 243;               ///< 3⁵
constexpr std::size_t kDigitBlock = 64 * kDigits;  ///< coordinates whose digits are found at a time

/// The bit i of the result is the byte i of `flags`, each 0 or 1.
std::uint64_t packed(const std::array<std::uint8_t, kWord>& flags) {
  std::uint64_t out = 0;
  for (std::size_t byte = 0; byte < 8; ++byte) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, flags.data() + 8 * byte, 8);
    // Moves the flag 8 i of the word to bit 56 + i; no two partial products meet, so nothing is carried.
    out |= (eight * 0x0102040810204080U >> 56) << (8 * byte);
  }
  return out;
}

template <class T>
std::uint64_t negatives(const T* x) {
  std::array<std::uint8_t, kWord> flags;
  for (std::size_t i = 0; i < kWord; ++i) flags[i] = x[i] < 0 ? 1 : 0;
  return packed(flags);
}

template <class T>
std::uint64_t positives(const T* x) {
  std::array<std::uint8_t, kWord> flags;
  for (std::size_t i = 0; i < kWord; ++i) flags[i] = x[i] > 0 ? 1 : 0;
  return packed(flags);
}

/// Calls body(numbers, count) for blocks of `size` numbers; the last holds `count` of x and then zeros.
template <std::size_t size, class T, class Body>
void for_each_block(std::span<const T> x, Body body) {
  std::size_t at = 0;
  for (; at + size <= x.size(); at += size) body(x.data() + at, size);
  if (at == x.size()) return;
  std::array<T, size> rest{};
  std::copy(x.begin() + static_cast<std::ptrdiff_t>(at), x.end(), rest.begin());
  body(rest.data(), x.size() - at);
}

template <class T>
void put_bits(std::span<const T> x, BitWriter& writer) {
  for_each_block<kWord>(x, [&](const T* block, std::size_t count) { writer.put(negatives(block), static_cast<unsigned>(count)); });
}

/// 64 coins are drawn for each word with a zero in it; a zero gets the coin of its place in the word.
template <class T>
void put_bits(std::span<const T> x, BitWriter& writer, RandomStream coins) {
  for_each_block<kWord>(x, [&](const T* block, std::size_t count) {
    std::uint64_t negative = negatives(block);
    std::uint64_t zero = ~(negative | positives(block));
    if (count < kWord) zero &= (std::uint64_t{1} << count) - 1;
    if (zero != 0) {
      const std::uint64_t high = coins();
      negative |= zero & (high << 32 | coins());
    }
    writer.put(negative, static_cast<unsigned>(count));
  });
}

template <class T>
void put_digits(std::span<const T> x, std::uint8_t* out) {
  for_each_block<kDigitBlock>(x, [&](const T* block, std::size_t count) {
    std::array<std::uint8_t, kDigitBlock> digits;
    for (std::size_t i = 0; i < digits.size(); ++i) digits[i] = static_cast<std::uint8_t>((block[i] > 0 ? 1 : 0) + (block[i] < 0 ? 2 : 0));
    for (std::size_t i = 0; i < count; i += kDigits) {
      const std::uint8_t* five = digits.data() + i;
      *out++ = static_cast<std::uint8_t>(five[0] + 3 * (five[1] + 3 * (five[2] + 3 * (five[3] + 3 * five[4]))));
    }
  });
}

/// The four signs that four bits stand for.
template <class T>
constexpr std::array<std::array<T, 4>, 16> kSignsOfBits = [] {
  std::array<std::array<T, 4>, 16> out{};
  for (unsigned bits = 0; bits < 16; ++bits)
    for (unsigned i = 0; i < 4; ++i) out[bits][i] = static_cast<T>((bits >> i & 1U) != 0 ? -1 : 1);
  return out;
}();

template <class T>
void get_bits(const std::vector<std::uint8_t>& bytes, std::span<T> out) {
  const auto signs = [&](std::size_t i) { return kSignsOfBits<T>[bytes[i / 8] >> (i % 8) & 15U].data(); };
  std::size_t i = 0;
  for (; i + 4 <= out.size(); i += 4) std::memcpy(out.data() + i, signs(i), 4 * sizeof(T));
  if (i < out.size()) std::memcpy(out.data() + i, signs(i), (out.size() - i) * sizeof(T));
}

constexpr std::array<std::array<std::int8_t, kDigits>, kBytesUsed> kSignsOfByte = [] {
  std::array<std::array<std::int8_t, kDigits>, kBytesUsed> out{};
  constexpr std::array<std::int8_t, 3> signs = {0, 1, -1};
  for (unsigned byte = 0; byte < kBytesUsed; ++byte) {
    unsigned rest = byte;
    for (std::size_t i = 0; i < kDigits; ++i, rest /= 3) out[byte][i] = signs[rest % 3];
  }
  return out;
}();

template <class T>
void get_digits(const std::vector<std::uint8_t>& bytes, std::span<T> out) {
  for (std::size_t b = 0; b < bytes.size(); ++b) {
    if (bytes[b] >= kBytesUsed)
      throw InputError(fmt::format("byte {} of the message must be < 243 (five digits to the base 3), got {}", b, bytes[b]));
    const std::array<std::int8_t, kDigits>& signs = kSignsOfByte[bytes[b]];
    const std::size_t count = std::min(kDigits, out.size() - b * kDigits);
    for (std::size_t i = 0; i < count; ++i) out[b * kDigits + i] = static_cast<T>(signs[i]);
    if (std::any_of(signs.begin() + static_cast<std::ptrdiff_t>(count), signs.end(), [](std::int8_t sign) { return sign != 0; }))
      throw InputError(fmt::format("the last byte of a message of {} coordinates must be padded with zeros, got {}", out.size(), bytes[b]));
  }
}

}  // namespace

EncodedVector SignCodec::encode(ConstView x, std::uint32_t sender, std::uint64_t message) const {
  PELOTON_INVARIANT(x.size == context().dimension, "a codec encodes vectors of its dimension");
  return with_type(x.precision, [&]<class T>(T) {
    const std::span<const T> numbers = x.as<T>();
    if (zero_ == ZeroSign::keep) {
      EncodedVector out{.bytes = std::vector<std::uint8_t>(bits(context().dimension) / 8), .bits = bits(context().dimension)};
      put_digits(numbers, out.bytes.data());
      return out;
    }
    BitWriter writer(bits(context().dimension));
    if (zero_ == ZeroSign::random)
      put_bits(numbers, writer, RandomStream(context().seed, Purpose::codec, sender, message));
    else
      put_bits(numbers, writer);
    return writer.take();
  });
}

void SignCodec::decode(const EncodedVector& message, MutableView out) const {
  PELOTON_INVARIANT(out.size == context().dimension, "a codec decodes vectors of its dimension");
  require_length(message, bits(context().dimension));
  with_type(out.precision,
            [&]<class T>(T) { zero_ == ZeroSign::keep ? get_digits(message.bytes, out.as<T>()) : get_bits(message.bytes, out.as<T>()); });
}

}  // namespace peloton
