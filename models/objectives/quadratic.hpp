#pragma once

#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "models/kernels/table.hpp"
#include "models/objective.hpp"
#include "models/objectives/noisy_function.hpp"
#include "models/objectives/point.hpp"
#include "models/objectives/spectrum.hpp"
#include "sim/base/options.hpp"

namespace peloton {

enum class QuadraticForm : std::uint8_t { diagonal, dense };

template <>
struct EnumNames<QuadraticForm> {
  static constexpr std::array names = {std::pair{std::string_view("diagonal"), QuadraticForm::diagonal},
                                       std::pair{std::string_view("dense"), QuadraticForm::dense}};
};

/// f(x) = ½ (x − x*)ᵀ A (x − x*), with minimum 0 at x*. A is diagonal, or Q diag(λ) Qᵀ with Q uniform on the orthogonal group.
/// Its stochastic gradients have GradientNoise.
///
/// With centres a_1 … a_m, worker i has a function of its own, f_i(x) = ½ (x − a_i)ᵀ A (x − a_i), and f is their mean: the quadratic with
/// x* = mean a_i, plus the constant 1/(2m) Σ (a_i − x*)ᵀ A (a_i − x*), which is then the minimum.
struct QuadraticOptions {
  static constexpr std::string_view kind = "quadratic";
  static constexpr std::string_view help = "f(x) = ½ (x − x*)ᵀ A (x − x*) with given eigenvalues and gradient noise";
  std::optional<Count> dimension;
  std::optional<SpectrumSpec> spectrum;
  std::optional<std::vector<double>> eigenvalues;
  QuadraticForm form = QuadraticForm::diagonal;
  double noise = 0;
  double multiplicative_noise = 0;
  MultiplicativeForm multiplicative_form = MultiplicativeForm::scalar;
  std::optional<PointSpec> optimum;
  std::optional<std::vector<Coordinates>> centres;
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
        field("multiplicative_form", &QuadraticOptions::multiplicative_form, "one factor for the whole gradient, or one per coordinate"),
        field("optimum", &QuadraticOptions::optimum, "the minimiser x*; without it and `centres`, 0"),
        field("centres", &QuadraticOptions::centres,
              "the minimiser of each worker's own function, by its coordinates or by one number for all of them; f is their mean"),
        field("initial", &QuadraticOptions::initial, "the starting point"),
        field("seed", &QuadraticOptions::seed, kNonNegative, "of random eigenvalues, rotation and minimiser"));
  }
  void validate(const Place& place) const;
};

[[nodiscard]] std::unique_ptr<Objective> make_quadratic(const QuadraticOptions& options, Precision precision, const Kernels& kernels);

}  // namespace peloton
