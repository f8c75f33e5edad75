#pragma once

#include <vector>

#include "sim/base/options.hpp"
#include "sim/base/random.hpp"

namespace peloton {

struct LinearSpectrum {
  static constexpr std::string_view kind = "linear";
  static constexpr std::string_view help = "eigenvalues evenly spaced from low to high";
  double low = 0.1;
  double high = 1;
  static auto fields() {
    return options(field("low", &LinearSpectrum::low, kNonNegative, "smallest"),
                   field("high", &LinearSpectrum::high, kNonNegative, "largest"));
  }
  void validate(const Place& place) const;
};

struct GeometricSpectrum {
  static constexpr std::string_view kind = "geometric";
  static constexpr std::string_view help = "eigenvalues from low to high, each the same multiple of the one before";
  double low = 0.1;
  double high = 1;
  static auto fields() {
    return options(field("low", &GeometricSpectrum::low, kPositive, "smallest"),
                   field("high", &GeometricSpectrum::high, kPositive, "largest"));
  }
  void validate(const Place& place) const;
};

struct UniformSpectrum {
  static constexpr std::string_view kind = "uniform";
  static constexpr std::string_view help = "eigenvalues drawn uniformly between low and high";
  double low = 0.1;
  double high = 1;
  static auto fields() {
    return options(field("low", &UniformSpectrum::low, kNonNegative, "smallest possible"),
                   field("high", &UniformSpectrum::high, kNonNegative, "largest possible"));
  }
  void validate(const Place& place) const;
};

using SpectrumSpec = OneOf<"kind", LinearSpectrum, GeometricSpectrum, UniformSpectrum>;

/// d eigenvalues; random ones are drawn from the stream.
[[nodiscard]] std::vector<double> eigenvalues(const SpectrumSpec& spec, std::size_t d, RandomStream random);

/// Q diag(λ) Qᵀ (d × d, row-major) with Q uniform on the orthogonal group: the product of Householder reflections along Gaussian vectors
/// of length 2, 3, …, d (Stewart, SIAM J. Numer. Anal. 1980). 4/3 d³ operations.
[[nodiscard]] std::vector<double> rotated(const std::vector<double>& eigenvalues, RandomStream random);

}  // namespace peloton
