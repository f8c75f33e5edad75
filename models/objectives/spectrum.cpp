#include "models/objectives/spectrum.hpp"

#include <fmt/format.h>

#include <boost/random/normal_distribution.hpp>
#include <cmath>

namespace peloton {
namespace {

void check_order(double low, double high, const Place& place) {
  if (low > high) throw InputError(place / "low", fmt::format("must be ≤ high ({}), got {}", high, low));
}

/// i-th of d places between 0 and 1.
double place_of(std::size_t i, std::size_t d) { return d == 1 ? 0.0 : static_cast<double>(i) / static_cast<double>(d - 1); }

struct Eigenvalues {
  std::size_t d;
  RandomStream random;

  std::vector<double> operator()(const LinearSpectrum& s) {
    return each([&](std::size_t i) { return s.low + (s.high - s.low) * place_of(i, d); });
  }
  std::vector<double> operator()(const GeometricSpectrum& s) {
    return each([&](std::size_t i) { return s.low * std::pow(s.high / s.low, place_of(i, d)); });
  }
  std::vector<double> operator()(const UniformSpectrum& s) {
    return each([&](std::size_t) { return s.low + (s.high - s.low) * random.uniform(); });
  }

  template <class Value>
  std::vector<double> each(Value value) const {
    std::vector<double> out(d);
    for (std::size_t i = 0; i < d; ++i) out[i] = value(i);
    return out;
  }
};

}  // namespace

void LinearSpectrum::validate(const Place& place) const { check_order(low, high, place); }
void GeometricSpectrum::validate(const Place& place) const { check_order(low, high, place); }
void UniformSpectrum::validate(const Place& place) const { check_order(low, high, place); }

std::vector<double> eigenvalues(const SpectrumSpec& spec, std::size_t d, RandomStream random) {
  return std::visit(Eigenvalues{d, random}, spec.value);
}

std::vector<double> rotated(const std::vector<double>& eigenvalues, RandomStream random) {
  const std::size_t d = eigenvalues.size();
  std::vector<double> a(d * d, 0.0);
  for (std::size_t i = 0; i < d; ++i) a[i * d + i] = eigenvalues[i];
  boost::random::normal_distribution<double> normal;
  std::vector<double> v(d);
  std::vector<double> w(d);
  for (std::size_t k = d - 1; k-- > 0;) {
    // H = I − 2 v vᵀ on the coordinates k … d − 1:  H A H = A − v wᵀ − w vᵀ  with p = A v, w = 2 (p − (vᵀ p) v)
    double square = 0;
    for (std::size_t i = k; i < d; ++i) {
      v[i] = normal(random);
      square += v[i] * v[i];
    }
    for (std::size_t i = k; i < d; ++i) v[i] /= std::sqrt(square);
    double vp = 0;
    for (std::size_t i = k; i < d; ++i) {
      double p = 0;
      for (std::size_t j = k; j < d; ++j) p += a[i * d + j] * v[j];
      w[i] = 2 * p;
      vp += v[i] * p;
    }
    for (std::size_t i = k; i < d; ++i) w[i] -= 2 * vp * v[i];
    for (std::size_t i = k; i < d; ++i) {
      for (std::size_t j = k; j < d; ++j) a[i * d + j] -= v[i] * w[j] + w[i] * v[j];
    }
  }
  return a;
}

}  // namespace peloton
