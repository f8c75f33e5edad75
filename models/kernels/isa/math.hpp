#pragma once

#include "models/kernels/isa/simd.hpp"

/// Elementary functions that give the same bits with every C library. What is not a number stays so.
namespace peloton::PELOTON_ISA {
namespace {

/// Constants of the exponential: e^x = 2^n e^r with n = round(x / ln 2), r = x − n ln 2, |r| ≤ ln 2 / 2, e^r by its Taylor series.
template <class T>
struct ExpOf;
template <>
struct ExpOf<float> {
  static constexpr float kLow = -87.0F;  // below, 2^n is no longer a normal number
  static constexpr float kHigh = 88.0F;
  static constexpr float kRound = 12582912.0F;  // 1.5 · 2^23: adding it leaves n in the low bits
  static constexpr float kLn2High = 0.693359375F;
  static constexpr float kLn2Low = -2.12194440e-4F;
  static constexpr int kTerms = 7;  // remainder 0.3466^8 / 8! = 5e-9
  static constexpr int kMantissa = 23;
  static constexpr Bits<float> kBias = 127;
};
template <>
struct ExpOf<double> {
  static constexpr double kLow = -708.0;
  static constexpr double kHigh = 709.0;
  static constexpr double kRound = 6755399441055744.0;  // 1.5 · 2^52
  static constexpr double kLn2High = 6.93145751953125e-1;
  static constexpr double kLn2Low = 1.42860682030941723212e-6;
  static constexpr int kTerms = 13;  // remainder 0.3466^14 / 14! = 4e-18
  static constexpr int kMantissa = 52;
  static constexpr Bits<double> kBias = 1023;
};

/// e^x within 2 units in the last place; arguments outside kLow … kHigh are moved to the border.
template <class T>
inline Pack<T> exponential(Pack<T> x) {
  using E = ExpOf<T>;
  constexpr Pack<T> kZero = {};
  x = x < E::kLow ? kZero + E::kLow : x;
  x = x > E::kHigh ? kZero + E::kHigh : x;
  const Pack<T> shifted = x * static_cast<T>(1.44269504088896340736) + E::kRound;
  const Pack<T> n = shifted - E::kRound;
  const Pack<T> r = (x - n * E::kLn2High) - n * E::kLn2Low;
  Pack<T> series = kZero + 1;
#pragma GCC unroll 16
  for (int k = E::kTerms; k > 0; --k) series = 1 + series * r * (T{1} / static_cast<T>(k));
  const BitsPack<T> power = (__builtin_bit_cast(BitsPack<T>, shifted) + E::kBias) << E::kMantissa;
  return series * __builtin_bit_cast(Pack<T>, power);
}

/// 2 artanh(s) = 2 (s + s³/3 + s⁵/5 + …) with `terms` terms.
template <int terms, class Real>
inline Real twice_artanh(Real s) {
  const Real square = s * s;
  Real series = {};
#pragma GCC unroll 20
  for (int k = terms - 1; k >= 0; --k) series = series * square + 2.0 / (2 * k + 1);
  return s * series;
}

/// log(1 + t) for 0 ≤ t ≤ 1, relative error a few units in the last place: 2 artanh(t / (2 + t)), remainder (1/3)^37.
inline Pack<double> log_of_one_plus(Pack<double> t) { return twice_artanh<18>(t / (2 + t)); }

/// log x for positive normal x.
inline double natural_log(double x) {
  const std::uint64_t bits = __builtin_bit_cast(std::uint64_t, x);
  // x = 2^e m with m in [√½, √2): moving the border of the exponent field by √½.
  constexpr std::uint64_t kBorder = 0x3fe6a09e667f3bcdU;  // the bits of √½
  const std::uint64_t shifted = bits - kBorder;
  const auto e = static_cast<double>(static_cast<std::int64_t>(shifted) >> 52);
  const double m = __builtin_bit_cast(double, bits - (shifted & 0xfff0000000000000U));
  const double fraction = twice_artanh<11>((m - 1) / (m + 1));
  return (x - x) + (e * ExpOf<double>::kLn2High + (e * ExpOf<double>::kLn2Low + fraction));  // x − x keeps what is not finite
}

}  // namespace
}  // namespace peloton::PELOTON_ISA
