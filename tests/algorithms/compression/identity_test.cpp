#include "algorithms/compression/identity.hpp"

#include "tests/test.hpp"

using namespace peloton;

TEST_CASE("the dense codec's buffer has the counted length and decodes to the rounded numbers", "[algorithms][compression]") {
  // Oracle: hand computation. 1/3 in float32 is 0.3333333432674408.
  const std::vector<double> x = {1.0, 1.0 / 3, -2.5, 1e-300};
  for (const Precision wire : {Precision::float32, Precision::float64}) {
    const auto codec = make_codec(IdentityOptions{}, {.dimension = 4, .tensors = {4}, .wire = wire, .seed = 1});
    const EncodedVector message = codec->encode({Precision::float64, x.data(), x.size()}, 0, 0);
    CHECK(message.bits == (wire == Precision::float32 ? 128U : 256U));
    CHECK(message.bits == codec->fixed_bits());
    CHECK(8 * message.bytes.size() == message.bits);
    std::vector<double> out(4);
    codec->decode(message, {Precision::float64, out.data(), out.size()});
    for (std::size_t i = 0; i < 4; ++i)
      CHECK(out[i] == (wire == Precision::float32 ? static_cast<double>(static_cast<float>(x[i])) : x[i]));
    CHECK_THROWS_AS(codec->decode({std::vector<std::uint8_t>(12), 96}, {Precision::float64, out.data(), 4}), InputError);
  }
}

TEST_CASE("float32 numbers survive a float64 wire", "[algorithms][compression]") {
  // Round trip: every float is a double.
  const std::vector<float> x = {0.1F, -3e38F, 1e-45F};
  const IdentityCodec codec({.dimension = 3, .tensors = {3}, .wire = Precision::float64, .seed = 1});
  std::vector<float> out(3);
  codec.decode(codec.encode({Precision::float32, x.data(), 3}, 0, 0), {Precision::float32, out.data(), 3});
  CHECK(out == x);
}

TEST_CASE("little-endian IEEE numbers stand on the wire", "[algorithms][compression]") {
  // 1.0f is 0x3f800000.
  const float one = 1.0F;
  const IdentityCodec codec({.dimension = 1, .tensors = {1}, .wire = Precision::float32, .seed = 1});
  CHECK(codec.encode({Precision::float32, &one, 1}, 0, 0).bytes == std::vector<std::uint8_t>{0x00, 0x00, 0x80, 0x3f});
}
