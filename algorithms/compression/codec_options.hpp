#pragma once

#include <array>

#include "sim/base/options.hpp"

namespace peloton {

/// Every coordinate as it is: 32 d or 64 d bits.
struct IdentityOptions {
  static constexpr std::string_view kind = "identity";
  static constexpr std::string_view help = "every coordinate as an IEEE number of the wire's type";
  static auto fields() { return options(); }
};

/// What becomes of a coordinate that is exactly zero (or not a number).
enum class ZeroSign : std::uint8_t { plus, random, keep };
template <>
struct EnumNames<ZeroSign> {
  static constexpr std::array names = {std::pair{std::string_view("plus"), ZeroSign::plus},
                                       std::pair{std::string_view("random"), ZeroSign::random},
                                       std::pair{std::string_view("keep"), ZeroSign::keep}};
};

/// sign(x): one bit a coordinate; with zero = keep five three-valued digits in a byte, 1.6 bits a coordinate.
struct SignOptions {
  static constexpr std::string_view kind = "sign";
  static constexpr std::string_view help = "the sign of each coordinate, one bit (1.6 bits when zeros are kept)";
  ZeroSign zero = ZeroSign::plus;
  static auto fields() {
    return options(field("zero", &SignOptions::zero, "a zero is sent as plus one, as a random sign, or kept as a third value"));
  }
};

enum class TopkScope : std::uint8_t { vector, tensor };
template <>
struct EnumNames<TopkScope> {
  static constexpr std::array names = {std::pair{std::string_view("vector"), TopkScope::vector},
                                       std::pair{std::string_view("tensor"), TopkScope::tensor}};
};

/// The k = max(1, ⌊ratio · d⌋) coordinates of largest magnitude; the lower index wins ties.
struct TopkOptions {
  static constexpr std::string_view kind = "topk";
  static constexpr std::string_view help = "the coordinates of largest magnitude, each with its index of ⌈log2 d⌉ bits";
  Fraction ratio{0.01};
  TopkScope scope = TopkScope::vector;
  static auto fields() {
    return options(
        field("ratio", &TopkOptions::ratio, Check{.low = 0, .high = 1, .low_open = true}, "share of the coordinates that is sent"),
        field("scope", &TopkOptions::scope, "the largest of the whole vector, or of each parameter tensor"));
  }
};

using CodecSpec = OneOf<"name", IdentityOptions, SignOptions, TopkOptions>;

}  // namespace peloton
