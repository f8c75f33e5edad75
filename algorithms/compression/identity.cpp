#include "algorithms/compression/identity.hpp"

#include <fmt/format.h>

#include <bit>
#include <cstring>

namespace peloton {
namespace {

static_assert(std::endian::native == std::endian::little, "messages are little-endian");

template <class Wire, class T>
void put(std::span<const T> x, std::uint8_t* out) {
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto value = static_cast<Wire>(x[i]);
    std::memcpy(out + i * sizeof(Wire), &value, sizeof(Wire));
  }
}

template <class Wire, class T>
void get(const std::uint8_t* in, std::span<T> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    Wire value;
    std::memcpy(&value, in + i * sizeof(Wire), sizeof(Wire));
    out[i] = static_cast<T>(value);
  }
}

}  // namespace

std::vector<std::uint8_t> IdentityCodec::encode(ConstView x) const {
  std::vector<std::uint8_t> out(bits(x.size) / 8);
  const bool narrow = wire_ == Precision::float32;
  if (x.precision == Precision::float32)
    narrow ? put<float>(x.as<float>(), out.data()) : put<double>(x.as<float>(), out.data());
  else
    narrow ? put<float>(x.as<double>(), out.data()) : put<double>(x.as<double>(), out.data());
  return out;
}

void IdentityCodec::decode(const std::vector<std::uint8_t>& message, MutableView out) const {
  if (8 * message.size() != bits(out.size))
    throw InputError(fmt::format("a dense message of {} coordinates has {} bits, got {}", out.size, bits(out.size), 8 * message.size()));
  const bool narrow = wire_ == Precision::float32;
  if (out.precision == Precision::float32)
    narrow ? get<float>(message.data(), out.as<float>()) : get<double>(message.data(), out.as<float>());
  else
    narrow ? get<float>(message.data(), out.as<double>()) : get<double>(message.data(), out.as<double>());
}

}  // namespace peloton
