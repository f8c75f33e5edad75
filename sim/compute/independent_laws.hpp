#pragma once

#include "sim/base/options.hpp"
#include "sim/base/random.hpp"
#include "sim/compute/compute_call.hpp"
#include "sim/node.hpp"

/// The laws of random times that need nothing but a stream of random numbers. Each is an option struct with two functions:
///   sample(random, call)   one time in seconds, with randomness from `random`; the call plays no part
///   expectation(i)         the mean in seconds, the same for every worker
/// A draw multiplies a standard variable by the law's scale, so two laws that differ in scale only give proportional draws under the
/// same seed. To add a law, write the struct here and name it in IndependentLaw.
namespace peloton {

/// T = value
struct ConstantLaw {
  static constexpr std::string_view kind = "constant";
  static constexpr std::string_view help = "every computation takes the same time";
  Seconds value{0.01};
  static auto fields() { return options(required("value", &ConstantLaw::value, kPositive, "the time")); }
  double sample(RandomStream& random, const ComputeCall& call) const;
  double expectation(NodeId worker) const;
};

/// T uniform on [low, high]
struct UniformLaw {
  static constexpr std::string_view kind = "uniform";
  static constexpr std::string_view help = "uniform between low and high";
  Seconds low{0.005};
  Seconds high{0.015};
  static auto fields() {
    return options(required("low", &UniformLaw::low, kNonNegative, "the shortest time"),
                   required("high", &UniformLaw::high, kPositive, "the longest time"));
  }
  void validate(const Place& place) const;
  double sample(RandomStream& random, const ComputeCall& call) const;
  double expectation(NodeId worker) const;
};

/// P(T > t) = exp(−t / mean)
struct ExponentialLaw {
  static constexpr std::string_view kind = "exponential";
  static constexpr std::string_view help = "exponential: memoryless";
  Seconds mean{0.01};
  static auto fields() { return options(required("mean", &ExponentialLaw::mean, kPositive, "mean time")); }
  double sample(RandomStream& random, const ComputeCall& call) const;
  double expectation(NodeId worker) const;
};

/// T = shift + an exponential time (Lee et al., IEEE Trans. Inf. Theory 2018)
struct ShiftedExponentialLaw {
  static constexpr std::string_view kind = "shifted_exponential";
  static constexpr std::string_view help = "a fixed time plus an exponential one (Lee et al., IEEE Trans. Inf. Theory 2018)";
  Seconds shift{0.005};
  Seconds mean{0.005};
  static auto fields() {
    return options(required("shift", &ShiftedExponentialLaw::shift, kNonNegative, "the fixed part"),
                   required("mean", &ShiftedExponentialLaw::mean, kPositive, "mean of the exponential part"));
  }
  double sample(RandomStream& random, const ComputeCall& call) const;
  double expectation(NodeId worker) const;
};

/// T normal with this mean and standard deviation, given that T > 0: draws ≤ 0 are drawn again. `mean` and `sd` are those of the law
/// before truncation; with a = mean / sd, E T = mean + sd φ(a) / Φ(a)
struct NormalLaw {
  static constexpr std::string_view kind = "normal";
  static constexpr std::string_view help = "normal, truncated at 0";
  Seconds mean{0.01};
  Seconds sd{0.002};
  static auto fields() {
    return options(required("mean", &NormalLaw::mean, kPositive, "mean before truncation"),
                   required("sd", &NormalLaw::sd, kNonNegative, "standard deviation before truncation"));
  }
  double sample(RandomStream& random, const ComputeCall& call) const;
  double expectation(NodeId worker) const;
};

/// T = sd |Z| with Z standard normal; E T = sd √(2/π)
struct HalfNormalLaw {
  static constexpr std::string_view kind = "half_normal";
  static constexpr std::string_view help = "the absolute value of a normal variable with mean 0";
  Seconds sd{0.01};
  static auto fields() { return options(required("sd", &HalfNormalLaw::sd, kPositive, "standard deviation of the normal variable")); }
  double sample(RandomStream& random, const ComputeCall& call) const;
  double expectation(NodeId worker) const;
};

/// T = mean · exp(σZ − σ²/2) with σ² = ln(1 + cv²) and Z standard normal
struct LognormalLaw {
  static constexpr std::string_view kind = "lognormal";
  static constexpr std::string_view help = "log-normal with this mean and coefficient of variation";
  Seconds mean{0.01};
  double cv = 0.5;
  static auto fields() {
    return options(required("mean", &LognormalLaw::mean, kPositive, "mean time"),
                   required("cv", &LognormalLaw::cv, kNonNegative, "coefficient of variation: standard deviation / mean"));
  }
  double sample(RandomStream& random, const ComputeCall& call) const;
  double expectation(NodeId worker) const;
};

/// T gamma distributed; shape 1 is the exponential law, the variance is mean² / shape
struct GammaLaw {
  static constexpr std::string_view kind = "gamma";
  static constexpr std::string_view help = "gamma with this mean and shape (shape 1: exponential)";
  Seconds mean{0.01};
  double shape = 2;
  static auto fields() {
    return options(required("mean", &GammaLaw::mean, kPositive, "mean time"),
                   required("shape", &GammaLaw::shape, kPositive, "shape: 1 / (coefficient of variation)²"));
  }
  double sample(RandomStream& random, const ComputeCall& call) const;
  double expectation(NodeId worker) const;
};

/// P(T > t) = exp(−(t / λ)^shape) with λ = mean / Γ(1 + 1/shape); shape 1 is the exponential law
struct WeibullLaw {
  static constexpr std::string_view kind = "weibull";
  static constexpr std::string_view help = "Weibull with this mean and shape (shape 1: exponential, below: heavier tail)";
  Seconds mean{0.01};
  double shape = 2;
  static auto fields() {
    return options(required("mean", &WeibullLaw::mean, kPositive, "mean time"),
                   required("shape", &WeibullLaw::shape, at_least(0.01, "below it nearly all times are 0"), "exponent of the tail"));
  }
  double sample(RandomStream& random, const ComputeCall& call) const;
  double expectation(NodeId worker) const;
};

/// P(T > t) = (minimum / t)^shape for t ≥ minimum
struct ParetoLaw {
  static constexpr std::string_view kind = "pareto";
  static constexpr std::string_view help = "heavy tail: P(T > t) = (minimum / t)^shape";
  Seconds minimum{0.005};
  double shape = 2;
  static auto fields() {
    return options(required("minimum", &ParetoLaw::minimum, kPositive, "the shortest time"),
                   required("shape", &ParetoLaw::shape, more_than(1, "a Pareto law needs a finite mean"), "tail exponent"));
  }
  double sample(RandomStream& random, const ComputeCall& call) const;
  double expectation(NodeId worker) const;
};

/// T = unit · K with P(K = k) ∝ k^−exponent for k = 1, …, maximum. The expectation takes O(maximum) time, a draw O(1)
struct ZipfLaw {
  static constexpr std::string_view kind = "zipf";
  static constexpr std::string_view help = "unit · K with P(K = k) ∝ k^−exponent, k from 1 to maximum";
  Seconds unit{0.01};
  double exponent = 2;
  Count maximum = 100;
  static auto fields() {
    return options(required("unit", &ZipfLaw::unit, kPositive, "the shortest time"),
                   required("exponent", &ZipfLaw::exponent, between(0, 100), "exponent of the probabilities; 0: all are equal"),
                   required("maximum", &ZipfLaw::maximum, between(1, 1e7), "the longest time in units"));
  }
  double sample(RandomStream& random, const ComputeCall& call) const;
  double expectation(NodeId worker) const;
};

/// T = slow with this probability, else fast
struct BimodalLaw {
  static constexpr std::string_view kind = "bimodal";
  static constexpr std::string_view help = "one of two times: slow with this probability, else fast";
  Seconds fast{0.01};
  Seconds slow{0.1};
  Fraction probability{0.1};
  static auto fields() {
    return options(required("fast", &BimodalLaw::fast, kPositive, "the usual time"),
                   required("slow", &BimodalLaw::slow, kPositive, "the time of a slow computation"),
                   required("probability", &BimodalLaw::probability, between(0, 1), "probability of slow"));
  }
  void validate(const Place& place) const;
  double sample(RandomStream& random, const ComputeCall& call) const;
  double expectation(NodeId worker) const;
};

/// The registry of these laws.
using IndependentLaw = OneOf<"distribution", ConstantLaw, UniformLaw, ExponentialLaw, ShiftedExponentialLaw, NormalLaw, HalfNormalLaw,
                             LognormalLaw, GammaLaw, WeibullLaw, ParetoLaw, ZipfLaw, BimodalLaw>;

}  // namespace peloton
