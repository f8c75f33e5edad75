#include "algorithms/compression/sign.hpp"

#include <limits>

#include "tests/algorithms/aggregation/vectors.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

SignCodec sign_codec(ZeroSign zero, std::size_t dimension, std::uint64_t seed = 1) {
  return {{.zero = zero}, {.dimension = dimension, .tensors = {dimension}, .wire = Precision::float32, .seed = seed}};
}

std::vector<double> decoded(const SignCodec& codec, const EncodedVector& message, Precision precision) {
  Space out(precision, codec.context().dimension);
  Vector x = out.space.make();
  codec.decode(message, x.write());
  return values_of(x);
}

std::vector<double> round_trip(const SignCodec& codec, const std::vector<double>& values, Precision precision, std::uint64_t number = 0) {
  Space in(precision, values.size());
  return decoded(codec, codec.encode(in.vector(values).view(), 3, number), precision);
}

}  // namespace

TEST_CASE("signs take one bit each, lowest first, one for minus", "[algorithms][compression]") {
  // Hand computation: + − − + + + + − | − + gives 1000_0110 and 01; ten coordinates are ten bits in two bytes.
  Space in(Precision::float32, 10);
  const SignCodec codec = sign_codec(ZeroSign::plus, 10);
  const EncodedVector message = codec.encode(in.vector({1, -2, -kInf, 4, 0.5, 1e-30, kInf, -1e-30, -1, 1}).view(), 0, 0);
  CHECK(message.bytes == std::vector<std::uint8_t>{0b1000'0110, 0b01});
  CHECK(message.bits == 10);
  CHECK(decoded(codec, message, Precision::float64) == std::vector<double>{1, -1, -1, 1, 1, 1, 1, -1, -1, 1});
}

TEST_CASE("kept zeros take five digits to the base 3 a byte", "[algorithms][compression]") {
  // Hand computation, digits 0, + = 1, − = 2, lowest first: (+ − 0 − +) is 1 + 2·3 + 0·9 + 2·27 + 1·81 = 142; (−) is 2.
  Space in(Precision::float64, 6);
  const SignCodec codec = sign_codec(ZeroSign::keep, 6);
  const EncodedVector message = codec.encode(in.vector({7, -7, -0.0, -kInf, kInf, -1e-300}).view(), 0, 0);
  CHECK(message.bytes == std::vector<std::uint8_t>{142, 2});
  CHECK(message.bits == 16);
  CHECK(decoded(codec, message, Precision::float32) == std::vector<double>{1, -1, 0, -1, 1, -1});
}

TEST_CASE("every coordinate's sign comes back, whatever the dimension", "[algorithms][compression]") {
  // Oracle: the definition of sign; messages of d and 8 ⌈d/5⌉ bits. The dimensions straddle bytes, words and blocks.
  for (const Precision precision : kPrecisions) {
    for (const std::size_t d : {1U, 4U, 5U, 7U, 8U, 63U, 64U, 65U, 319U, 320U, 321U, 1001U}) {
      std::vector<double> x = scattered(d, 0.5);
      std::vector<double> kept(d);
      std::vector<double> plus(d);
      for (std::size_t i = 0; i < d; ++i) {
        if (i % 7 == 3) x[i] = i % 2 == 0 ? 0.0 : -0.0;
        if (i % 11 == 5) x[i] = kNan;
        kept[i] = x[i] > 0 ? 1 : x[i] < 0 ? -1 : 0;
        plus[i] = x[i] < 0 ? -1 : 1;
      }
      Space in(precision, d);
      const Vector v = in.vector(x);
      for (const ZeroSign zero : {ZeroSign::plus, ZeroSign::keep, ZeroSign::random}) {
        const SignCodec codec = sign_codec(zero, d);
        const EncodedVector message = codec.encode(v.view(), 0, 0);
        CHECK(message.bits == (zero == ZeroSign::keep ? 8 * ((d + 4) / 5) : d));
        CHECK(message.bits == codec.fixed_bits());
        CHECK(message.bytes.size() == (message.bits + 7) / 8);
        const std::vector<double> out = decoded(codec, message, precision);
        if (zero == ZeroSign::plus) CHECK(out == plus);
        if (zero == ZeroSign::keep) CHECK(out == kept);
        if (zero == ZeroSign::random) {
          for (std::size_t i = 0; i < d; ++i) CHECK((kept[i] == 0 ? std::abs(out[i]) == 1 : out[i] == kept[i]));
        }
      }
    }
  }
}

TEST_CASE("coins of zeros are fair and belong to the sender's message", "[algorithms][compression]") {
  // Statistics with fixed seeds: 20,000 fair coins sum to 0 ± 4 · √20,000 = 566 but for 6 in 100,000 cases. Two messages agree in half of
  // the coins; the same message is the same.
  const std::vector<double> zeros(20000, 0.0);
  const SignCodec codec = sign_codec(ZeroSign::random, zeros.size());
  const std::vector<double> first = round_trip(codec, zeros, Precision::float32, 1);
  const std::vector<double> second = round_trip(codec, zeros, Precision::float32, 2);
  double sum = 0;
  double agreement = 0;
  for (std::size_t i = 0; i < zeros.size(); ++i) {
    sum += first[i];
    agreement += first[i] * second[i];
  }
  CHECK(std::abs(sum) < 566);
  CHECK(std::abs(agreement) < 566);
  CHECK(round_trip(codec, zeros, Precision::float64, 1) == first);
  CHECK(round_trip(sign_codec(ZeroSign::random, zeros.size(), 2), zeros, Precision::float32, 1) != first);
  Space in(Precision::float32, zeros.size());
  CHECK(codec.encode(in.vector(zeros).view(), 4, 1).bytes != codec.encode(in.vector(zeros).view(), 5, 1).bytes);
}

TEST_CASE("a buffer that is no message of signs is refused", "[algorithms][compression]") {
  // Contract: the length, the padding and the digits are checked.
  std::vector<float> out(6);
  const MutableView view{Precision::float32, out.data(), out.size()};
  const SignCodec plus = sign_codec(ZeroSign::plus, 6);
  const SignCodec keep = sign_codec(ZeroSign::keep, 6);
  CHECK_THROWS_AS(plus.decode({{0, 0}, 16}, view), InputError);
  CHECK_THROWS_AS(plus.decode({{0x40}, 6}, view), InputError);
  CHECK_THROWS_AS(keep.decode({{0}, 8}, view), InputError);
  CHECK_THROWS_WITH(keep.decode({{243, 0}, 16}, view), Catch::Matchers::ContainsSubstring("byte 0 of the message must be < 243"));
  CHECK_THROWS_WITH(keep.decode({{0, 3}, 16}, view), Catch::Matchers::ContainsSubstring("padded with zeros, got 3"));
}
