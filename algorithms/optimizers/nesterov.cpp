#include "algorithms/optimizers/nesterov.hpp"

namespace peloton {
namespace {

template <class T>
void run(double learning_rate, double momentum, ConstView gradient, MutableView velocity, ConstView from, MutableView to) {
  const T eta = static_cast<T>(learning_rate);
  const T beta = static_cast<T>(momentum);
  const T* g = gradient.as<T>().data();
  const T* x = from.as<T>().data();
  T* v = velocity.as<T>().data();
  T* out = to.as<T>().data();
#pragma GCC ivdep  // out may be x
  for (std::size_t i = 0; i < to.size; ++i) {
    const T slope = g[i];
    const T next = beta * v[i] + slope;
    v[i] = next;
    out[i] = x[i] - eta * (slope + beta * next);
  }
}

}  // namespace

void Nesterov::step(const Kernels&, const Step& step, ConstView g, std::span<const MutableView> states, ConstView x,
                    MutableView out) const {
  const bool narrow = out.precision == Precision::float32;
  (narrow ? run<float> : run<double>)(step.learning_rate, options_.beta, g, states[0], x, out);
}

}  // namespace peloton
