#include "algorithms/optimizers/gradient_transform.hpp"

#include <algorithm>
#include <cmath>

namespace peloton {
namespace {

template <class T>
double norm(const Kernels& kernels, std::span<const T> g) {
  double total = 0;
  for (std::size_t begin = 0; begin < g.size(); begin += VectorSpace::kChunk) {
    const std::size_t count = std::min(VectorSpace::kChunk, g.size() - begin);
    total += kernels.get<T>().dot(count, g.data() + begin, g.data() + begin);
  }
  return std::sqrt(total);
}

template <class T>
void transform_all(const GradientTransform& transform, const Kernels& kernels, ConstView x, MutableView g) {
  const std::span<T> to = g.as<T>();
  const KernelSet<T>& k = kernels.get<T>();
  if (transform.adds_to_gradient())
    k.plus_scaled(to.size(), to.data(), static_cast<T>(transform.weight_decay), x.as<T>().data(), to.data());
  if (!transform.clip_norm) return;
  const double factor = transform.clip_factor(norm<T>(kernels, to));
  if (factor != 1) k.scale(to.size(), static_cast<T>(factor), to.data());
}

template <class T>
void decay_all(const Kernels& kernels, double rate, ConstView x, MutableView y) {
  T* to = y.as<T>().data();
  kernels.get<T>().plus_scaled(y.size, to, static_cast<T>(-rate), x.as<T>().data(), to);
}

}  // namespace

double GradientTransform::clip_factor(double norm) const { return clip_norm ? std::min(1.0, *clip_norm / norm) : 1.0; }

GradientTransform gradient_transform(const OptimizerSpec& spec) {
  return {.weight_decay = spec.weight_decay, .decoupled = spec.decoupled, .clip_norm = spec.clip_norm};
}

void transform_gradient(const GradientTransform& transform, const Kernels& kernels, ConstView x, MutableView g) {
  if (transform.idle()) return;
  PELOTON_INVARIANT(x.size == g.size, "a gradient has the size of its iterate");
  with_type(g.precision, [&]<class T>(T) { transform_all<T>(transform, kernels, x, g); });
}

void decay(const GradientTransform& transform, const Kernels& kernels, double eta, ConstView x, MutableView y) {
  if (!transform.decays_iterate()) return;
  PELOTON_INVARIANT(x.size == y.size, "a decay has the size of its iterate");
  with_type(y.precision, [&]<class T>(T) { decay_all<T>(kernels, eta * transform.weight_decay, x, y); });
}

}  // namespace peloton
