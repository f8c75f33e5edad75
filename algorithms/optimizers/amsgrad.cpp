#include "algorithms/optimizers/amsgrad.hpp"

#include <algorithm>
#include <cmath>

namespace peloton {
namespace {

template <class T>
void run(const AmsgradOptions& options, const OptimizerRule::Step& step, ConstView gradient, std::span<const MutableView> states,
         ConstView from, MutableView to) {
  const auto t = static_cast<double>(step.number);
  const double correction1 = options.bias_correction ? 1 - std::pow(options.beta1, t) : 1;
  const double correction2 = options.bias_correction ? 1 - std::pow(options.beta2, t) : 1;
  const T beta1 = static_cast<T>(options.beta1);
  const T beta2 = static_cast<T>(options.beta2);
  const T rest1 = static_cast<T>(1 - options.beta1);
  const T rest2 = static_cast<T>(1 - options.beta2);
  const T eta = static_cast<T>(step.learning_rate / correction1);
  const T scale2 = static_cast<T>(1 / correction2);
  const T epsilon = static_cast<T>(options.epsilon);
  const T* g = gradient.as<T>().data();
  const T* x = from.as<T>().data();
  T* m = states[0].as<T>().data();
  T* v = states[1].as<T>().data();
  T* largest = states[2].as<T>().data();
  T* out = to.as<T>().data();
#pragma GCC ivdep  // out may be x
  for (std::size_t i = 0; i < to.size; ++i) {
    const T mean = beta1 * m[i] + rest1 * g[i];
    const T square = beta2 * v[i] + rest2 * g[i] * g[i];
    const T top = std::max(largest[i], square);
    m[i] = mean;
    v[i] = square;
    largest[i] = top;
    out[i] = x[i] - eta * mean / (std::sqrt(top * scale2) + epsilon);
  }
}

}  // namespace

void Amsgrad::step(const Kernels&, const Step& step, ConstView g, std::span<const MutableView> states, ConstView x, MutableView out) const {
  (out.precision == Precision::float32 ? run<float> : run<double>)(options_, step, g, states, x, out);
}

}  // namespace peloton
