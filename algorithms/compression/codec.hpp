#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "algorithms/compression/codec_options.hpp"
#include "models/vector.hpp"

namespace peloton {

/// A vector as it crosses the network: `bits` bits in a buffer of ⌈bits / 8⌉ bytes, the last padded with zeros.
struct EncodedVector {
  std::vector<std::uint8_t> bytes;
  std::uint64_t bits = 0;
};

/// What a codec knows of the vectors it will see, on both sides of the wire.
struct CodecContext {
  std::size_t dimension = 0;
  std::vector<std::size_t> tensors;  ///< sizes of the parameter tensors, in order; their sum is the dimension
  Precision wire = Precision::float32;
  std::uint64_t seed = 1;  ///< of randomised codecs
};

/// Turns a vector into bytes and back. Immutable. `decode` needs nothing but the bytes and the context, so the length of the buffer is
/// what the method pays; formulas of papers are tests.
class Codec {
 public:
  explicit Codec(CodecContext context) : context_(std::move(context)) {}
  virtual ~Codec() = default;
  Codec(const Codec&) = delete;
  Codec& operator=(const Codec&) = delete;

  [[nodiscard]] const CodecContext& context() const { return context_; }

  /// The length of every message, for codecs whose length does not depend on the values.
  [[nodiscard]] virtual std::optional<std::uint64_t> fixed_bits() const = 0;
  /// True when the sum of two messages is the message of the sum: then messages can be added on the way, as an all-reduce does. Such a
  /// message is a row of numbers of the wire's type.
  [[nodiscard]] virtual bool is_linear() const { return false; }
  /// The length of coordinates begin … end − 1 encoded on their own, for codecs to which it makes no difference to the values whether the
  /// rest is encoded with them and whose lengths do not depend on the values; nothing where the vector must be encoded as a whole.
  [[nodiscard]] virtual std::optional<std::uint64_t> bits_of(std::size_t /*begin*/, std::size_t /*end*/) const { return std::nullopt; }
  /// x: d numbers of either precision. `sender` and `message` address the randomness of randomised codecs.
  [[nodiscard]] virtual EncodedVector encode(ConstView x, std::uint32_t sender, std::uint64_t message) const = 0;
  /// out: d numbers of either precision. A buffer that is no message of this codec is an InputError.
  virtual void decode(const EncodedVector& message, MutableView out) const = 0;

 private:
  CodecContext context_;
};

/// Whether the codecs of that kind are.
[[nodiscard]] bool is_linear(const CodecSpec& spec);

[[nodiscard]] std::unique_ptr<Codec> make_codec(const CodecSpec& spec, CodecContext context);

}  // namespace peloton
