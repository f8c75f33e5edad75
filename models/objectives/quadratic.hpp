#pragma once

#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "models/kernels/table.hpp"
#include "models/objective.hpp"
#include "sim/base/options.hpp"

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

struct ConstantPoint {
  static constexpr std::string_view kind = "constant";
  static constexpr std::string_view help = "every coordinate the same; a plain number means this";
  static constexpr bool bare = true;
  double value = 0;
  static auto fields() { return options(field("value", &ConstantPoint::value, "of each coordinate")); }
};

struct OnesPoint {
  static constexpr std::string_view kind = "ones";
  static constexpr std::string_view help = "every coordinate 1";
  static auto fields() { return options(); }
};

struct GaussianPoint {
  static constexpr std::string_view kind = "gaussian";
  static constexpr std::string_view help = "independent normal coordinates with mean 0";
  double sd = 1;
  static auto fields() { return options(field("sd", &GaussianPoint::sd, kNonNegative, "standard deviation")); }
};

using PointSpec = OneOf<"kind", ConstantPoint, OnesPoint, GaussianPoint>;

enum class QuadraticForm : std::uint8_t { diagonal, dense };

template <>
struct EnumNames<QuadraticForm> {
  static constexpr std::array names = {std::pair{std::string_view("diagonal"), QuadraticForm::diagonal},
                                       std::pair{std::string_view("dense"), QuadraticForm::dense}};
};

/// f(x) = ½ (x − x*)ᵀ A (x − x*), with minimum 0 at x*. A is diagonal, or Q diag(λ) Qᵀ with Q uniform on the orthogonal group.
/// A stochastic gradient is g = (1 + s ξ) A (x − x*) + σ ζ with ξ ~ N(0, 1) and ζ ~ N(0, I) drawn anew for every worker and step:
/// unbiased, E‖g − ∇f‖² = s² ‖∇f‖² + σ² d. There are no rows; a batch size has no influence on it.
struct QuadraticOptions {
  static constexpr std::string_view kind = "quadratic";
  static constexpr std::string_view help = "f(x) = ½ (x − x*)ᵀ A (x − x*) with given eigenvalues and gradient noise";
  std::optional<Count> dimension;
  std::optional<SpectrumSpec> spectrum;
  std::optional<std::vector<double>> eigenvalues;
  QuadraticForm form = QuadraticForm::diagonal;
  double noise = 0;
  double multiplicative_noise = 0;
  PointSpec optimum = ConstantPoint{0};
  PointSpec initial = OnesPoint{};
  Count seed = 1;
  static auto fields() {
    return options(
        field("dimension", &QuadraticOptions::dimension, between(1, 1e9), "d; without it, as many as eigenvalues are listed"),
        field("spectrum", &QuadraticOptions::spectrum, "law of the eigenvalues of A; without it and `eigenvalues`, linear from 0.1 to 1"),
        field("eigenvalues", &QuadraticOptions::eigenvalues, "the eigenvalues of A, each ≥ 0"),
        field("form", &QuadraticOptions::form, "A is diagonal, or rotated at random (dense: d ≤ 4096, d² numbers)"),
        field("noise", &QuadraticOptions::noise, kNonNegative, "σ, standard deviation of the additive noise in each coordinate"),
        field("multiplicative_noise", &QuadraticOptions::multiplicative_noise, kNonNegative,
              "s, standard deviation of the random factor on the gradient"),
        field("optimum", &QuadraticOptions::optimum, "the minimiser x*"),
        field("initial", &QuadraticOptions::initial, "the starting point"),
        field("seed", &QuadraticOptions::seed, kNonNegative, "of random eigenvalues, rotation and minimiser"));
  }
  void validate(const Place& place) const;
};

[[nodiscard]] std::unique_ptr<Objective> make_quadratic(const QuadraticOptions& options, Precision precision, const Kernels& kernels);

}  // namespace peloton
