#include "algorithms/optimizers/sgd.hpp"

namespace peloton {
namespace {

template <class T>
void run(const Kernels& kernels, double eta, ConstView g, ConstView x, MutableView out) {
  kernels.get<T>().plus_scaled(out.size, x.as<T>().data(), static_cast<T>(-eta), g.as<T>().data(), out.as<T>().data());
}

}  // namespace

void Sgd::step(const Kernels& kernels, const Step& step, ConstView g, std::span<const MutableView>, ConstView x, MutableView out) const {
  (out.precision == Precision::float32 ? run<float> : run<double>)(kernels, step.learning_rate, g, x, out);
}

}  // namespace peloton
