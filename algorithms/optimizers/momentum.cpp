#include "algorithms/optimizers/momentum.hpp"

#include "models/kernels/kernels.hpp"

namespace peloton {
namespace {

template <class T>
void run(VectorSpace& space, double eta, double beta, ConstView g, MutableView v, ConstView x, MutableView out) {
  space.for_each_chunk([&](std::size_t begin, std::size_t end) {
    space.kernels().get<T>().momentum_step(end - begin, static_cast<T>(eta), static_cast<T>(beta), g.as<T>().data() + begin,
                                           v.as<T>().data() + begin, x.as<T>().data() + begin, out.as<T>().data() + begin);
  });
}

}  // namespace

Vector Momentum::step(Vector x, const Vector& direction, double learning_rate) {
  Vector out = x.unique() ? std::move(x) : space_.make();
  const ConstView from = x ? x.view() : out.view();
  const bool narrow = space_.precision() == Precision::float32;
  (narrow ? run<float> : run<double>)(space_, learning_rate, options_.beta, direction.view(), velocity_.write(), from, out.write());
  return out;
}

}  // namespace peloton
