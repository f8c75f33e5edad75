#pragma once

#include <memory>

#include "models/kernels/table.hpp"
#include "models/objective.hpp"
#include "models/objectives/point.hpp"
#include "sim/base/options.hpp"

namespace peloton {

/// f(x) = Σ_j ½ c(x_j) x_j² with c = right for x_j ≥ 0 and left below, minimum 0 at 0. The second derivative jumps at the minimiser, which
/// biases the average of independent runs: the example against one-shot averaging of Spiridonoff, Olshevsky and Paschalidis (NeurIPS
/// 2021). A stochastic gradient is ∇f + σ ζ with ζ ~ N(0, I), drawn anew for every worker and step.
struct KinkedQuadraticOptions {
  static constexpr std::string_view kind = "kinked_quadratic";
  static constexpr std::string_view help = "f(x) = Σ ½ c x_j² whose curvature c jumps at the minimiser 0";
  Count dimension = 1;
  double right = 2;
  double left = 1;
  double noise = 0;
  PointSpec initial = OnesPoint{};
  static auto fields() {
    return options(
        field("dimension", &KinkedQuadraticOptions::dimension, between(1, 1e9), "d"),
        field("right", &KinkedQuadraticOptions::right, kPositive, "curvature where x_j ≥ 0"),
        field("left", &KinkedQuadraticOptions::left, kPositive, "curvature where x_j < 0"),
        field("noise", &KinkedQuadraticOptions::noise, kNonNegative, "σ, standard deviation of the additive noise in each coordinate"),
        field("initial", &KinkedQuadraticOptions::initial, "the starting point"));
  }
  void validate(const Place& place) const;
};

[[nodiscard]] std::unique_ptr<Objective> make_kinked_quadratic(const KinkedQuadraticOptions& options, Precision precision,
                                                               const Kernels& kernels);

}  // namespace peloton
