#include "algorithms/compression/bits.hpp"

#include "algorithms/compression/conventions.hpp"
#include "sim/base/random.hpp"
#include "tests/test.hpp"

using namespace peloton;

TEST_CASE("index_bits is the logarithm rounded up", "[algorithms][compression]") {
  // Closed form ⌈log2 d⌉; 159,010 lies between 2¹⁷ and 2¹⁸.
  CHECK(index_bits(1) == 0);
  CHECK(index_bits(2) == 1);
  CHECK(index_bits(3) == 2);
  CHECK(index_bits(4) == 2);
  CHECK(index_bits(5) == 3);
  CHECK(index_bits(159010) == 18);
}

TEST_CASE("bits stand on the wire lowest first", "[algorithms][compression]") {
  // Hand computation: 101, then 0011, then 1_0000_0001 from the low end: 1001_1101 and, one bit of the nine used, 1000_0000.
  BitWriter writer(16);
  writer.put(0b101, 3);
  writer.put(0b0011, 4);
  writer.put(0b1'0000'0001, 9);
  const EncodedVector message = writer.take();
  CHECK(message.bits == 16);
  CHECK(message.bytes == std::vector<std::uint8_t>{0b1001'1101, 0b1000'0000});
}

TEST_CASE("numbers of any width come back as they were written", "[algorithms][compression]") {
  // Round trip; widths 0 to 64 in an order without a pattern, so that words break at every position.
  for (std::uint64_t trial = 0; trial < 20; ++trial) {
    RandomStream random(7, Purpose::test, 0, trial);
    std::vector<std::pair<std::uint64_t, unsigned>> numbers;
    std::uint64_t bits = 0;
    for (unsigned i = 0; i < 300; ++i) {
      const unsigned width = i < 65 && trial == 0 ? 64 - i : random.below(65);
      const std::uint64_t value = static_cast<std::uint64_t>(random()) << 32 | random();
      numbers.emplace_back(width == 0 ? 0 : value >> (64 - width), width);
      bits += width;
    }
    BitWriter writer(bits);
    for (const auto& [value, width] : numbers) writer.put(value, width);
    const EncodedVector message = writer.take();
    CHECK(message.bits == bits);
    CHECK(message.bytes.size() == (bits + 7) / 8);
    CHECK_NOTHROW(require_length(message, bits));
    BitReader reader(message);
    std::size_t wrong = 0;
    for (const auto& [value, width] : numbers) wrong += reader.get(width) == value ? 0 : 1;
    CHECK(wrong == 0);
  }
}

TEST_CASE("a buffer of another length, or with a padding that is not zero, is refused", "[algorithms][compression]") {
  // Contract: ten bits are two bytes, the last six bits zero.
  CHECK_NOTHROW(require_length({{0xff, 0x03}, 10}, 10));
  CHECK_THROWS_WITH(require_length({{0xff, 0x07}, 10}, 10), Catch::Matchers::ContainsSubstring("padded with zeros, got 0x07"));
  CHECK_THROWS_WITH(require_length({{0xff, 0x03, 0}, 10}, 10), Catch::Matchers::ContainsSubstring("10 bits in 2 bytes, got 10 bits in 3"));
  CHECK_THROWS_AS(require_length({{0xff, 0x03}, 11}, 10), InputError);
  CHECK_THROWS_AS(require_length({{}, 0}, 10), InputError);
  CHECK_NOTHROW(require_length({{}, 0}, 0));
}

TEST_CASE("a sparse message has as many bits as each paper's convention says", "[algorithms][compression]") {
  // Published: SASG on MNIST sends k = 4,071 of 407,050 coordinates: 130,272 bits of values, 260,544 with int32 positions
  // (xiaogdeng/SASG). By hand: ⌈log2 407,050⌉ = 19, 4,071 · 51 = 207,621; 130,272 + 407,050 = 537,322.
  constexpr Conventions bits = count_by_conventions(4071, 407050, 32);
  CHECK(bits.values_only == 130272);
  CHECK(bits.int32_index == 260544);
  CHECK(bits.log2_index == 207621);
  CHECK(bits.bitmap == 537322);
}
