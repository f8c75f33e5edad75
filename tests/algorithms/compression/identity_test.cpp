#include "algorithms/compression/identity.hpp"

#include "tests/test.hpp"

using namespace peloton;

TEST_CASE("the dense codec's buffer has the counted length and decodes to the rounded numbers", "[algorithms][compression]") {
  // Oracle: hand computation. 1/3 in float32 is 0.3333333432674408.
  const std::vector<double> x = {1.0, 1.0 / 3, -2.5, 1e-300};
  const ConstView view{Precision::float64, x.data(), x.size()};
  for (const Precision wire : {Precision::float32, Precision::float64}) {
    const IdentityCodec codec(wire);
    const std::vector<std::uint8_t> message = codec.encode(view);
    CHECK(8 * message.size() == codec.bits(x.size()));
    CHECK(codec.bits(4) == (wire == Precision::float32 ? 128U : 256U));
    std::vector<double> out(4);
    codec.decode(message, {Precision::float64, out.data(), out.size()});
    for (std::size_t i = 0; i < 4; ++i)
      CHECK(out[i] == (wire == Precision::float32 ? static_cast<double>(static_cast<float>(x[i])) : x[i]));
  }
  std::vector<double> wrong(3);
  CHECK_THROWS_AS(IdentityCodec(Precision::float32).decode(std::vector<std::uint8_t>(16), {Precision::float64, wrong.data(), 3}),
                  InputError);
}

TEST_CASE("little-endian IEEE numbers stand on the wire", "[algorithms][compression]") {
  // 1.0f is 0x3f800000.
  const float one = 1.0F;
  CHECK(IdentityCodec(Precision::float32).encode({Precision::float32, &one, 1}) == std::vector<std::uint8_t>{0x00, 0x00, 0x80, 0x3f});
}
