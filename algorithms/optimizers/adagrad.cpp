#include "algorithms/optimizers/adagrad.hpp"

#include <cmath>

namespace peloton {
namespace {

template <class T>
void run(const AdagradOptions& options, double learning_rate, ConstView gradient, MutableView squares, ConstView from, MutableView to) {
  const T eta = static_cast<T>(learning_rate);
  const T initial = static_cast<T>(options.initial_accumulator);
  const T epsilon = static_cast<T>(options.epsilon);
  const T* g = gradient.as<T>().data();
  const T* x = from.as<T>().data();
  T* sums = squares.as<T>().data();
  T* out = to.as<T>().data();
#pragma GCC ivdep  // out may be x
  for (std::size_t i = 0; i < to.size; ++i) {
    const T sum = sums[i] + g[i] * g[i];
    sums[i] = sum;
    out[i] = x[i] - eta * g[i] / (std::sqrt(initial + sum) + epsilon);
  }
}

}  // namespace

void Adagrad::step(const Kernels&, const Step& step, ConstView g, std::span<const MutableView> states, ConstView x, MutableView out) const {
  (out.precision == Precision::float32 ? run<float> : run<double>)(options_, step.learning_rate, g, states[0], x, out);
}

}  // namespace peloton
