#include "algorithms/optimizers/adam.hpp"

#include <cmath>

namespace peloton {
namespace {

template <class T>
void run(const Kernels& kernels, const AdamStep& step, ConstView g, std::span<const MutableView> states, ConstView x, MutableView out) {
  kernels.get<T>().adam_step(out.size, step, g.as<T>().data(), states[0].as<T>().data(), states[1].as<T>().data(), x.as<T>().data(),
                             out.as<T>().data());
}

}  // namespace

void Adam::step(const Kernels& kernels, const Step& step, ConstView g, std::span<const MutableView> states, ConstView x,
                MutableView out) const {
  const auto t = static_cast<double>(step.number);
  const AdamStep adam{.learning_rate = step.learning_rate,
                      .beta1 = options_.beta1,
                      .beta2 = options_.beta2,
                      .epsilon = options_.epsilon,
                      .correction1 = 1 - std::pow(options_.beta1, t),
                      .correction2 = 1 - std::pow(options_.beta2, t)};
  (out.precision == Precision::float32 ? run<float> : run<double>)(kernels, adam, g, states, x, out);
}

}  // namespace peloton
