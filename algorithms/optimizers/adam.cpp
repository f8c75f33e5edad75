#include "algorithms/optimizers/adam.hpp"

#include <cmath>

#include "models/kernels/kernels.hpp"

namespace peloton {
namespace {

template <class T>
void run(VectorSpace& space, const AdamStep& step, ConstView g, MutableView m, MutableView v, ConstView x, MutableView out) {
  space.for_each_chunk([&](std::size_t begin, std::size_t end) {
    space.kernels().get<T>().adam_step(end - begin, step, g.as<T>().data() + begin, m.as<T>().data() + begin, v.as<T>().data() + begin,
                                       x.as<T>().data() + begin, out.as<T>().data() + begin);
  });
}

}  // namespace

Vector Adam::step(Vector x, const Vector& direction, double learning_rate) {
  ++steps_;
  const auto t = static_cast<double>(steps_);
  const AdamStep step{.learning_rate = learning_rate,
                      .beta1 = options_.beta1,
                      .beta2 = options_.beta2,
                      .epsilon = options_.epsilon,
                      .correction1 = 1 - std::pow(options_.beta1, t),
                      .correction2 = 1 - std::pow(options_.beta2, t)};
  Vector out = x.unique() ? std::move(x) : space_.make();
  const ConstView from = x ? x.view() : out.view();
  const bool narrow = space_.precision() == Precision::float32;
  (narrow ? run<float> : run<double>)(space_, step, direction.view(), first_.write(), second_.write(), from, out.write());
  return out;
}

void Adam::visit_state(StateVisitor& v) {
  space_.visit(v, "first", first_);
  space_.visit(v, "second", second_);
  v("steps", steps_);
}

}  // namespace peloton
