#include "sim/compute/laws.hpp"

#include <fmt/format.h>

#include <boost/random/exponential_distribution.hpp>
#include <boost/random/gamma_distribution.hpp>
#include <boost/random/normal_distribution.hpp>
#include <cmath>

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

}  // namespace

double ConstantLaw::sample(RandomStream&, NodeId) const { return value.value; }
double ConstantLaw::expectation(NodeId) const { return value.value; }

void UniformLaw::validate(const Place& place) const { require_order(place, "low", low, "high", high); }
double UniformLaw::sample(RandomStream& random, NodeId) const { return low.value + (high.value - low.value) * random.uniform(); }
double UniformLaw::expectation(NodeId) const { return 0.5 * (low.value + high.value); }

double ExponentialLaw::sample(RandomStream& random, NodeId) const { return mean.value * standard_exponential(random); }
double ExponentialLaw::expectation(NodeId) const { return mean.value; }

double ShiftedExponentialLaw::sample(RandomStream& random, NodeId) const { return shift.value + mean.value * standard_exponential(random); }
double ShiftedExponentialLaw::expectation(NodeId) const { return shift.value + mean.value; }

double LognormalLaw::sample(RandomStream& random, NodeId) const {
  const double sigma_squared = std::log1p(cv * cv);
  return mean.value * std::exp(std::sqrt(sigma_squared) * standard_normal(random) - 0.5 * sigma_squared);
}
double LognormalLaw::expectation(NodeId) const { return mean.value; }

double GammaLaw::sample(RandomStream& random, NodeId) const {
  return mean.value / shape * boost::random::gamma_distribution<double>(shape)(random);
}
double GammaLaw::expectation(NodeId) const { return mean.value; }

// ln(T / minimum) is exponential with mean 1 / shape.
double ParetoLaw::sample(RandomStream& random, NodeId) const { return minimum.value * std::exp(standard_exponential(random) / shape); }
double ParetoLaw::expectation(NodeId) const { return minimum.value * shape / (shape - 1); }

void BimodalLaw::validate(const Place& place) const { require_order(place, "fast", fast, "slow", slow); }
double BimodalLaw::sample(RandomStream& random, NodeId) const { return random.uniform() < probability.value ? slow.value : fast.value; }
double BimodalLaw::expectation(NodeId) const { return fast.value + probability.value * (slow.value - fast.value); }

void ListLaw::validate(const Place& place) const {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!(values[i].value > 0)) throw InputError(place / "values" / i, fmt::format("must be > 0, got {}", values[i].value));
}
double ListLaw::sample(RandomStream&, NodeId worker) const { return values[worker].value; }
double ListLaw::expectation(NodeId worker) const { return values[worker].value; }

double SqrtLaw::sample(RandomStream&, NodeId worker) const { return expectation(worker); }
double SqrtLaw::expectation(NodeId worker) const { return unit.value * std::sqrt(worker + 1.0); }

double LinearLaw::sample(RandomStream&, NodeId worker) const { return expectation(worker); }
double LinearLaw::expectation(NodeId worker) const { return unit.value * (worker + 1.0); }

double sample(const ComputeLaw& law, std::uint64_t seed, NodeId worker, std::uint64_t step) {
  // The stream is made inside the visit, where the compiler sees the law and keeps it in registers.
  return std::visit(
      [&](const auto& l) {
        RandomStream random(seed, Purpose::compute_time, worker, step);
        return l.sample(random, worker);
      },
      law.value);
}

double expectation(const ComputeLaw& law, NodeId worker) {
  return std::visit([&](const auto& l) { return l.expectation(worker); }, law.value);
}

}  // namespace peloton
