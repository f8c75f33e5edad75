#include "algorithms/compression/topk.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "algorithms/compression/conventions.hpp"
#include "tests/algorithms/aggregation/vectors.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

TopkCodec topk(double ratio, std::size_t dimension, Precision wire = Precision::float64) {
  return {{.ratio = Fraction{ratio}, .scope = TopkScope::vector},
          {.dimension = dimension, .tensors = {dimension}, .wire = wire, .seed = 1}};
}

std::vector<double> round_trip(const TopkCodec& codec, const std::vector<double>& values, Precision precision = Precision::float64) {
  Space space(precision, values.size());
  const EncodedVector message = codec.encode(space.vector(values).view(), 0, 0);
  CHECK(message.bits == codec.fixed_bits());
  CHECK(message.bytes.size() == (message.bits + 7) / 8);
  Vector out = space.vector(scattered(values.size(), 9));  // decode must overwrite it
  codec.decode(message, out.write());
  return values_of(out);
}

/// The definition: sorts by magnitude, then by index.
std::vector<double> largest(const std::vector<double>& x, std::size_t k) {
  std::vector<std::size_t> order(x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return std::abs(x[a]) > std::abs(x[b]); });
  std::vector<double> out(x.size(), 0.0);
  for (std::size_t i = 0; i < k; ++i) out[order[i]] = x[order[i]];
  return out;
}

}  // namespace

TEST_CASE("the largest magnitudes are sent, the lower index first among equals", "[algorithms][compression]") {
  // Hand computation: k = ⌊0.4 · 8⌋ = 3. Of the magnitudes 2 3 1 2 2 0 3 2 the two threes and the first two go.
  CHECK(topk(0.4, 8).values() == 3);
  CHECK(round_trip(topk(0.4, 8), {-2, 3, 1, 2, -2, 0, -3, 2}) == std::vector<double>{-2, 3, 0, 0, 0, 0, -3, 0});
  // All zero: the first k zeros are sent and received.
  CHECK(round_trip(topk(0.4, 8), std::vector<double>(8, 0.0)) == std::vector<double>(8, 0.0));
  // At least one.
  CHECK(topk(0.001, 8).values() == 1);
  CHECK(round_trip(topk(0.001, 8), {1, 1, 1, 1, 1, 1, 1, -1}) == std::vector<double>{1, 0, 0, 0, 0, 0, 0, 0});
}

TEST_CASE("what is sent is what sorting by magnitude and index gives", "[algorithms][compression]") {
  // Oracle: a stable sort. Grid values have many ties; a ratio of 1 is lossless.
  for (const Precision precision : kPrecisions) {
    for (const std::size_t d : {1U, 2U, 63U, 64U, 65U, 500U, 5000U}) {
      for (const double ratio : {0.001, 0.02, 0.1, 0.5, 1.0}) {
        const auto k = std::max<std::size_t>(1, static_cast<std::size_t>(ratio * static_cast<double>(d)));
        const TopkCodec codec = topk(ratio, d, precision);
        CHECK(codec.values() == k);
        const std::vector<double> grid = on_grid(d, 0.3);
        CHECK(round_trip(codec, grid, precision) == largest(grid, k));
        Space space(precision, d);
        const std::vector<double> rounded = values_of(space.vector(scattered(d, 0.1)));
        CHECK(round_trip(codec, rounded, precision) == largest(rounded, k));
        if (ratio == 1.0) CHECK(round_trip(codec, rounded, precision) == rounded);
      }
    }
  }
}

TEST_CASE("numbers of one binary order of magnitude are told apart", "[algorithms][compression]") {
  // Oracle: a stable sort; magnitudes differ in their last bits only, and in subnormals.
  for (const Precision precision : kPrecisions) {
    const double step = precision == Precision::float32 ? 0x1p-23 : 0x1p-52;
    std::vector<double> near_one(300);
    std::vector<double> tiny(300);
    for (std::size_t i = 0; i < 300; ++i) {
      const auto rank = static_cast<double>(i * 77 % 300);
      near_one[i] = (i % 2 == 0 ? 1 : -1) * (1 + rank * step);
      tiny[i] = rank * (precision == Precision::float32 ? 0x1p-149 : 0x1p-1074);
    }
    CHECK(round_trip(topk(0.1, 300, precision), near_one, precision) == largest(near_one, 30));
    CHECK(round_trip(topk(0.1, 300, precision), tiny, precision) == largest(tiny, 30));
  }
}

TEST_CASE("a coordinate that is not a number is not hidden", "[algorithms][compression]") {
  // Contract: it counts as infinite; index order decides among those. 0.4 · 5 = 2 of five.
  const std::vector<double> x = {1, kNan, 5, -kInf, kNan};
  for (const Precision precision : kPrecisions) {
    const std::vector<double> out = round_trip(topk(0.4, 5, precision), x, precision);
    CHECK(out[0] == 0);
    CHECK(std::isnan(out[1]));
    CHECK(out[2] == 0);
    CHECK(out[3] == -kInf);
    CHECK(out[4] == 0);
  }
}

TEST_CASE("a message has k (w + log2 d) bits, or k w + d where that is less", "[algorithms][compression]") {
  // Closed form k (w + ⌈log2 d⌉) (FedAdam-SSM, arXiv 2405.17932). d = 1000 has ten bits an index: indices for k ≤ 100, then a bitmap.
  CHECK(topk(0.01, 1000, Precision::float32).fixed_bits() == count_by_conventions(10, 1000, 32).log2_index);
  CHECK(topk(0.01, 1000, Precision::float64).fixed_bits() == 10 * (64 + 10));
  CHECK(topk(0.1, 1000, Precision::float32).fixed_bits() == 100 * (32 + 10));
  CHECK(topk(0.101, 1000, Precision::float32).fixed_bits() == count_by_conventions(101, 1000, 32).bitmap);
  CHECK(topk(1, 1000, Precision::float32).fixed_bits() == 33 * 1000);
  CHECK(topk(1, 1, Precision::float32).fixed_bits() == 32);
}

TEST_CASE("values stand before ascending indices on the wire", "[algorithms][compression]") {
  // Hand computation: 1.0f is 0x3f800000, −2.0f is 0xc0000000; indices 1 and 14 of four bits: 0xe1.
  std::vector<float> x(16, 0.0F);
  x[1] = 1;
  x[14] = -2;
  const TopkCodec codec = topk(0.125, 16, Precision::float32);
  const EncodedVector message = codec.encode({Precision::float32, x.data(), x.size()}, 0, 0);
  CHECK(message.bytes == std::vector<std::uint8_t>{0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0xe1});
  CHECK(message.bits == 72);
}

TEST_CASE("tensor by tensor, each sends its own share", "[algorithms][compression]") {
  // Published: SASG's 784-512-10 network sends 4,014 + 5 + 51 + 1 = 4,071 values at 1 % (xiaogdeng/SASG). Bits by hand: indices of
  // 19, 9, 13 and 4 bits, 32 a value: 4,014 · 51 + 5 · 41 + 51 · 45 + 36.
  const std::vector<std::size_t> tensors = {784 * 512, 512, 5120, 10};
  const TopkCodec mnist({.ratio = Fraction{0.01}, .scope = TopkScope::tensor},
                        {.dimension = 407050, .tensors = tensors, .wire = Precision::float32, .seed = 1});
  CHECK(mnist.values() == 4071);
  CHECK(mnist.fixed_bits() == 4014 * 51 + 5 * 41 + 51 * 45 + 36);

  // Oracle: the definition applied to each tensor. 0.25 of 9, 1 and 30 are 2, 1 and 7, the last two as bitmaps.
  const std::vector<double> x = scattered(40, 2);
  const TopkCodec codec({.ratio = Fraction{0.25}, .scope = TopkScope::tensor},
                        {.dimension = 40, .tensors = {9, 1, 30}, .wire = Precision::float64, .seed = 1});
  CHECK(codec.values() == 10);
  CHECK(codec.fixed_bits() == 10 * 64 + 2 * 4 + 0 + 30);
  std::vector<double> expected;
  for (const auto& [begin, size, k] : {std::array<std::size_t, 3>{0, 9, 2}, {9, 1, 1}, {10, 30, 7}}) {
    const auto first = x.begin() + static_cast<std::ptrdiff_t>(begin);
    const std::vector<double> part = largest({first, first + static_cast<std::ptrdiff_t>(size)}, k);
    expected.insert(expected.end(), part.begin(), part.end());
  }
  CHECK(round_trip(codec, x) == expected);
}

TEST_CASE("top-k is a contraction", "[algorithms][compression]") {
  // Bound ‖x − C(x)‖² ≤ (1 − k/d) ‖x‖² (Stich, Cordonnier, Jaggi, NeurIPS 2018), with equality for equal magnitudes.
  const std::size_t d = 200;
  for (const double ratio : {0.01, 0.1, 0.75}) {
    const TopkCodec codec = topk(ratio, d);
    const double factor = 1 - static_cast<double>(codec.values()) / static_cast<double>(d);
    for (std::size_t trial = 0; trial <= 20; ++trial) {
      const std::vector<double> x = trial == 20 ? std::vector<double>(d, -0.5) : scattered(d, static_cast<double>(trial));
      const std::vector<double> sent = round_trip(codec, x);
      double error = 0;
      double norm = 0;
      for (std::size_t i = 0; i < d; ++i) {
        error += (x[i] - sent[i]) * (x[i] - sent[i]);
        norm += x[i] * x[i];
      }
      if (trial < 20)
        CHECK(error < factor * norm);
      else
        CHECK(error == Approx(factor * norm).epsilon(1e-12));
    }
  }
}

TEST_CASE("a buffer that is no message of largest values is refused", "[algorithms][compression]") {
  // Contract: the length, the order of the indices and the count of the bitmap are checked. Two of twelve: 4 bits an index.
  std::vector<float> out(12);
  const MutableView view{Precision::float32, out.data(), out.size()};
  const TopkCodec codec = topk(0.17, 12, Precision::float32);
  const auto message = [](std::uint8_t positions) {
    EncodedVector m{std::vector<std::uint8_t>(9), 72};
    m.bytes[8] = positions;
    return m;
  };
  CHECK_NOTHROW(codec.decode(message(0xb0), view));
  CHECK_THROWS_WITH(codec.decode(message(0xc0), view),
                    Catch::Matchers::ContainsSubstring("index 1 of the message must be ≥ 1 and < 12, got 12"));
  CHECK_THROWS_AS(codec.decode(message(0x33), view), InputError);
  CHECK_THROWS_AS(codec.decode(message(0x23), view), InputError);
  CHECK_THROWS_AS(codec.decode({std::vector<std::uint8_t>(10), 80}, view), InputError);

  std::vector<float> four(4);
  const TopkCodec bitmap = topk(0.75, 4, Precision::float32);
  EncodedVector marked{std::vector<std::uint8_t>(13), 100};
  marked.bytes[12] = 0b1011;
  CHECK_NOTHROW(bitmap.decode(marked, {Precision::float32, four.data(), 4}));
  marked.bytes[12] = 0b1111;
  CHECK_THROWS_WITH(bitmap.decode(marked, {Precision::float32, four.data(), 4}), Catch::Matchers::ContainsSubstring("must mark 3, got 4"));
}

TEST_CASE("a float32 wire rounds what a float64 vector chose", "[algorithms][compression]") {
  // Hand computation: 1 + 2⁻⁴⁰ beats 1 in float64, and arrives as 1.
  CHECK(round_trip(topk(0.5, 2, Precision::float32), {1, 1 + 0x1p-40}) == std::vector<double>{0, 1});
}
