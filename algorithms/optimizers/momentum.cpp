#include "algorithms/optimizers/momentum.hpp"

namespace peloton {
namespace {

template <class T>
void run(const Kernels& kernels, double eta, double beta, ConstView g, MutableView v, ConstView x, MutableView out) {
  kernels.get<T>().momentum_step(out.size, static_cast<T>(eta), static_cast<T>(beta), g.as<T>().data(), v.as<T>().data(), x.as<T>().data(),
                                 out.as<T>().data());
}

}  // namespace

void Momentum::step(const Kernels& kernels, const Step& step, ConstView g, std::span<const MutableView> states, ConstView x,
                    MutableView out) const {
  const bool narrow = out.precision == Precision::float32;
  (narrow ? run<float> : run<double>)(kernels, step.learning_rate, options_.beta, g, states[0], x, out);
}

}  // namespace peloton
