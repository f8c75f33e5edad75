#include "sim/compute/independent_laws.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/random/exponential_distribution.hpp>
#include <boost/random/gamma_distribution.hpp>
#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <numbers>

namespace peloton {
namespace {

double standard_exponential(RandomStream& random) { return boost::random::exponential_distribution<double>()(random); }
double standard_normal(RandomStream& random) { return boost::random::normal_distribution<double>()(random); }

/// The error of a pair of times in the wrong order.
void require_order(const Place& place, std::string_view low, Seconds low_value, std::string_view high, Seconds high_value) {
  if (low_value > high_value)
    throw InputError(place / high,
                     fmt::format("must be ≥ {} ({}), got {}", low, show_seconds(low_value.value), show_seconds(high_value.value)));
}

/// H(x) = ∫ from 1 to x of y^−s dy, without cancellation near s = 1.
double zipf_integral(double x, double s) { return s == 1 ? std::log(x) : std::expm1((1 - s) * std::log(x)) / (1 - s); }
double zipf_inverse(double h, double s) {
  return s == 1 ? std::exp(h) : std::exp(std::log1p(std::max((1 - s) * h, -1.0)) / (1 - s));  // max: rounding at the upper end
}

}  // namespace

double ConstantLaw::sample(RandomStream&, const ComputeCall&) const { return value.value; }
double ConstantLaw::expectation(NodeId) const { return value.value; }

void UniformLaw::validate(const Place& place) const { require_order(place, "low", low, "high", high); }
double UniformLaw::sample(RandomStream& random, const ComputeCall&) const {
  return low.value + (high.value - low.value) * random.uniform();
}
double UniformLaw::expectation(NodeId) const { return 0.5 * (low.value + high.value); }

double ExponentialLaw::sample(RandomStream& random, const ComputeCall&) const { return mean.value * standard_exponential(random); }
double ExponentialLaw::expectation(NodeId) const { return mean.value; }

double ShiftedExponentialLaw::sample(RandomStream& random, const ComputeCall&) const {
  return shift.value + mean.value * standard_exponential(random);
}
double ShiftedExponentialLaw::expectation(NodeId) const { return shift.value + mean.value; }

double NormalLaw::sample(RandomStream& random, const ComputeCall&) const {
  double time = 0;  // each draw is accepted with a probability of more than a half, since mean > 0
  while (time <= 0) time = mean.value + sd.value * standard_normal(random);
  return time;
}
double NormalLaw::expectation(NodeId) const {
  const double a = mean.value / sd.value;
  const double density = std::exp(-0.5 * a * a) * std::numbers::inv_sqrtpi / std::numbers::sqrt2;
  return mean.value + sd.value * density / (0.5 * std::erfc(-a / std::numbers::sqrt2));
}

double HalfNormalLaw::sample(RandomStream& random, const ComputeCall&) const { return sd.value * std::abs(standard_normal(random)); }
double HalfNormalLaw::expectation(NodeId) const { return sd.value * std::numbers::sqrt2 * std::numbers::inv_sqrtpi; }

double LognormalLaw::sample(RandomStream& random, const ComputeCall&) const {
  const double sigma_squared = std::log1p(cv * cv);
  return mean.value * std::exp(std::sqrt(sigma_squared) * standard_normal(random) - 0.5 * sigma_squared);
}
double LognormalLaw::expectation(NodeId) const { return mean.value; }

double GammaLaw::sample(RandomStream& random, const ComputeCall&) const {
  return mean.value / shape * boost::random::gamma_distribution<double>(shape)(random);
}
double GammaLaw::expectation(NodeId) const { return mean.value; }

// (T / λ)^shape is exponential with mean 1.
double WeibullLaw::sample(RandomStream& random, const ComputeCall&) const {
  return mean.value / std::tgamma(1 + 1 / shape) * std::pow(standard_exponential(random), 1 / shape);
}
double WeibullLaw::expectation(NodeId) const { return mean.value; }

// ln(T / minimum) is exponential with mean 1 / shape.
double ParetoLaw::sample(RandomStream& random, const ComputeCall&) const {
  return minimum.value * std::exp(standard_exponential(random) / shape);
}
double ParetoLaw::expectation(NodeId) const { return minimum.value * shape / (shape - 1); }

// Rejection-inversion (Hörmann, Derflinger, ACM TOMACS 1996): invert the integral H of the density x^−s, round, and accept k on a
// piece of length k^−s at the upper end of [H(k − 1/2), H(k + 1/2)], which has room for it because the density is convex.
double ZipfLaw::sample(RandomStream& random, const ComputeCall&) const {
  const auto n = static_cast<double>(maximum);
  const double bottom = zipf_integral(1.5, exponent) - 1;
  const double top = zipf_integral(n + 0.5, exponent);
  while (true) {
    const double u = top + random.uniform() * (bottom - top);
    const double k = std::clamp(std::round(zipf_inverse(u, exponent)), 1.0, n);
    if (u >= zipf_integral(k + 0.5, exponent) - std::pow(k, -exponent)) return unit.value * k;
  }
}
double ZipfLaw::expectation(NodeId) const {
  double probabilities = 0;
  double times = 0;
  for (Count k = maximum; k >= 1; --k) {  // the small ones first
    const double p = std::pow(static_cast<double>(k), -exponent);
    probabilities += p;
    times += static_cast<double>(k) * p;
  }
  return unit.value * times / probabilities;
}

void BimodalLaw::validate(const Place& place) const { require_order(place, "fast", fast, "slow", slow); }
double BimodalLaw::sample(RandomStream& random, const ComputeCall&) const {
  return random.uniform() < probability.value ? slow.value : fast.value;
}
double BimodalLaw::expectation(NodeId) const { return fast.value + probability.value * (slow.value - fast.value); }

}  // namespace peloton
