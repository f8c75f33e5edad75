#include "algorithms/compression/identity.hpp"

#include <bit>
#include <cstring>

#include "algorithms/compression/bits.hpp"

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

EncodedVector IdentityCodec::encode(ConstView x, std::uint32_t /*sender*/, std::uint64_t /*message*/) const {
  PELOTON_INVARIANT(x.size == context().dimension, "a codec encodes vectors of its dimension");
  EncodedVector out{.bytes = std::vector<std::uint8_t>(bits(context().dimension) / 8), .bits = bits(context().dimension)};
  with_type(x.precision, [&]<class T>(T) {
    const std::span<const T> numbers = x.as<T>();
    context().wire == Precision::float32 ? put<float>(numbers, out.bytes.data()) : put<double>(numbers, out.bytes.data());
  });
  return out;
}

void IdentityCodec::decode(const EncodedVector& message, MutableView out) const {
  PELOTON_INVARIANT(out.size == context().dimension, "a codec decodes vectors of its dimension");
  require_length(message, bits(context().dimension));
  with_type(out.precision, [&]<class T>(T) {
    const std::span<T> numbers = out.as<T>();
    context().wire == Precision::float32 ? get<float>(message.bytes.data(), numbers) : get<double>(message.bytes.data(), numbers);
  });
}

}  // namespace peloton
