#include "sim/base/hash.hpp"

#include <bit>
#include <set>
#include <vector>

#include "tests/test.hpp"

using namespace peloton;

namespace {

std::uint64_t of_words(const std::vector<std::uint64_t>& words) {
  Fingerprint f;
  for (const std::uint64_t word : words) f.add(word);
  return f.value();
}

std::uint64_t of_bytes(const std::string& bytes) {
  Fingerprint f;
  f.add_bytes(bytes.data(), bytes.size());
  return f.value();
}

}  // namespace

TEST_CASE("a fingerprint depends on the words, their order and their number", "[sim][base][hash]") {
  // Invariant: different sequences, different values (a chance collision of ten 64-bit values: 2^-58).
  const std::vector<std::vector<std::uint64_t>> sequences{{},     {0},       {0, 0},    {1},       {1, 2},
                                                          {2, 1}, {1, 2, 3}, {1, 3, 2}, {3, 2, 1}, {1ULL << 63}};
  std::set<std::uint64_t> values;
  for (const auto& sequence : sequences) values.insert(of_words(sequence));
  CHECK(values.size() == sequences.size());
}

TEST_CASE("bytes are told apart by content and length", "[sim][base][hash]") {
  const std::vector<std::string> texts{"",          "a",        std::string("a\0", 2), std::string("a\0\0\0\0\0\0\0", 8), "abcdefgh",
                                       "abcdefghi", "abcdefghj"};
  std::set<std::uint64_t> values;
  for (const std::string& text : texts) values.insert(of_bytes(text));
  CHECK(values.size() == texts.size());
}

TEST_CASE("one changed bit changes half of a fingerprint", "[sim][base][hash]") {
  // 64 positions × 64 output bits: flips are binomial(4096, 1/2) for an ideal hash, standard deviation 32. The mean may be off by 6
  // standard deviations (error probability 2e-9); a word is followed by another, as every event's are.
  int flips = 0;
  for (int bit = 0; bit < 64; ++bit) flips += std::popcount(of_words({12345, 678}) ^ of_words({12345 ^ (1ULL << bit), 678}));
  CHECK(std::abs(flips - 2048) < 192);
}

TEST_CASE("a fingerprint continues from its raw state", "[sim][base][hash]") {
  Fingerprint whole;
  Fingerprint first;
  Fingerprint second;
  for (std::uint64_t word = 0; word < 10; ++word) whole.add(word);
  for (std::uint64_t word = 0; word < 5; ++word) first.add(word);
  second.set_raw(first.raw());
  for (std::uint64_t word = 5; word < 10; ++word) second.add(word);
  CHECK(second.value() == whole.value());
}

TEST_CASE("a fingerprint is printed as sixteen hexadecimal digits", "[sim][base][hash]") {
  Fingerprint f;
  for (int i = 0; i < 300; ++i) {  // long enough for leading zeros to occur: (15/16)^300 = 4e-9
    f.add(7);
    REQUIRE(f.hex().size() == 16);
    REQUIRE(std::stoull(f.hex(), nullptr, 16) == f.value());
  }
}
