#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/options.hpp"
#include "sim/base/random.hpp"
#include "sim/node.hpp"

/// The laws of a computation's duration: `{"distribution": "exponential", "mean": "10 ms"}`.
///
/// A law is an option struct with two functions of a worker i = 0, 1, …:
///   sample(random, i)   one duration in seconds, drawn from `random` alone
///   expectation(i)      its mean in seconds
/// To add a law, write the struct here and name it in ComputeLaw. A draw multiplies a standard variable by the law's scale, so two
/// laws that differ in scale only give proportional draws under the same seed.
namespace peloton {

/// T = value
struct ConstantLaw {
  static constexpr std::string_view kind = "constant";
  static constexpr std::string_view help = "every computation takes the same time";
  Seconds value{0.01};
  static auto fields() { return options(required("value", &ConstantLaw::value, kPositive, "the time")); }
  double sample(RandomStream& random, NodeId worker) const;
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
  double sample(RandomStream& random, NodeId worker) const;
  double expectation(NodeId worker) const;
};

/// P(T > t) = exp(−t / mean)
struct ExponentialLaw {
  static constexpr std::string_view kind = "exponential";
  static constexpr std::string_view help = "exponential: memoryless";
  Seconds mean{0.01};
  static auto fields() { return options(required("mean", &ExponentialLaw::mean, kPositive, "mean time")); }
  double sample(RandomStream& random, NodeId worker) const;
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
  double sample(RandomStream& random, NodeId worker) const;
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
  double sample(RandomStream& random, NodeId worker) const;
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
  double sample(RandomStream& random, NodeId worker) const;
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
  double sample(RandomStream& random, NodeId worker) const;
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
  double sample(RandomStream& random, NodeId worker) const;
  double expectation(NodeId worker) const;
};

/// T_i = values[i]
struct ListLaw {
  static constexpr std::string_view kind = "list";
  static constexpr std::string_view help = "a time for each worker, in worker order";
  std::vector<Seconds> values;
  static auto fields() {
    return options(required("values", &ListLaw::values, "the time of each worker, > 0; at least as many as workers"));
  }
  void validate(const Place& place) const;
  double sample(RandomStream& random, NodeId worker) const;
  double expectation(NodeId worker) const;
};

/// T_i = unit · √(i + 1)
struct SqrtLaw {
  static constexpr std::string_view kind = "sqrt";
  static constexpr std::string_view help = "worker i takes unit · √(i + 1)";
  Seconds unit{0.01};
  static auto fields() { return options(required("unit", &SqrtLaw::unit, kPositive, "the time of worker 0")); }
  double sample(RandomStream& random, NodeId worker) const;
  double expectation(NodeId worker) const;
};

/// T_i = unit · (i + 1)
struct LinearLaw {
  static constexpr std::string_view kind = "linear";
  static constexpr std::string_view help = "worker i takes unit · (i + 1)";
  Seconds unit{0.01};
  static auto fields() { return options(required("unit", &LinearLaw::unit, kPositive, "the time of worker 0")); }
  double sample(RandomStream& random, NodeId worker) const;
  double expectation(NodeId worker) const;
};

using ComputeLaw = OneOf<"distribution", ConstantLaw, UniformLaw, ExponentialLaw, ShiftedExponentialLaw, LognormalLaw, GammaLaw, ParetoLaw,
                         BimodalLaw, ListLaw, SqrtLaw, LinearLaw>;

/// One duration in seconds, from the stream (seed, compute_time, worker, step); ≥ 0, and > 0 but for underflow in the lower tail.
[[nodiscard]] double sample(const ComputeLaw& law, std::uint64_t seed, NodeId worker, std::uint64_t step);

/// The mean duration of a worker in seconds.
[[nodiscard]] double expectation(const ComputeLaw& law, NodeId worker);

}  // namespace peloton
