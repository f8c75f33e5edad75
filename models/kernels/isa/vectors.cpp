#include "models/kernels/isa/parts.hpp"
#include "models/kernels/isa/simd.hpp"

namespace peloton::PELOTON_ISA {
namespace {

// Outputs may be their inputs: `ivdep` tells the compiler that elements are independent all the same.

template <class T>
void add_scaled(std::size_t n, T a, const T* x, T* y) {
#pragma GCC ivdep
  for (std::size_t i = 0; i < n; ++i) y[i] += a * x[i];
}

template <class T>
void plus_scaled(std::size_t n, const T* x, T a, const T* y, T* out) {
#pragma GCC ivdep
  for (std::size_t i = 0; i < n; ++i) out[i] = x[i] + a * y[i];
}

template <class T>
void scale(std::size_t n, T a, T* y) {
  for (std::size_t i = 0; i < n; ++i) y[i] *= a;
}

template <class T>
void scale_and_add(std::size_t n, T b, T a, const T* x, T* y) {
#pragma GCC ivdep
  for (std::size_t i = 0; i < n; ++i) y[i] = b * y[i] + a * x[i];
}

/// Σ_i term(x[i], y[i]) in float64: element i goes to partial sum i mod (4 lanes), the partial sums are added in order at the end.
template <class T, class Term>
double reduce(std::size_t n, const T* x, const T* y, Term term) {
  constexpr std::size_t kSums = 4 * kLanes<double>;
  Pack<double> sums[4] = {};
  std::size_t i = 0;
  for (; i + kSums <= n; i += kSums) {
    for (std::size_t k = 0; k < 4; ++k) {
      const std::size_t at = i + k * kLanes<double>;
      sums[k] += term(load_as_double(x + at), load_as_double(y + at));
    }
  }
  double total = 0;
  for (const Pack<double>& sum : sums) {
    for (std::size_t lane = 0; lane < kLanes<double>; ++lane) total += sum[lane];
  }
  for (; i < n; ++i) total += term(static_cast<double>(x[i]), static_cast<double>(y[i]));
  return total;
}

template <class T>
double dot(std::size_t n, const T* x, const T* y) {
  return reduce(n, x, y, [](auto a, auto b) { return a * b; });
}

template <class T>
double squared_distance(std::size_t n, const T* x, const T* y) {
  return reduce(n, x, y, [](auto a, auto b) { return (a - b) * (a - b); });
}

template <class T>
bool all_finite(std::size_t n, const T* x) {
  // Infinities and NaNs have all bits of the exponent set.
  constexpr Bits<T> kExponent = sizeof(T) == 4 ? Bits<T>{0x7f800000U} : static_cast<Bits<T>>(0x7ff0000000000000U);
  Bits<T> found = 0;
  for (std::size_t i = 0; i < n; ++i) {
    Bits<T> bits;
    __builtin_memcpy(&bits, x + i, sizeof(T));
    found |= static_cast<Bits<T>>((bits & kExponent) == kExponent);
  }
  return found == 0;
}

template <class T>
void momentum_step(std::size_t n, T eta, T beta, const T* g, T* v, const T* x, T* out) {
#pragma GCC ivdep
  for (std::size_t i = 0; i < n; ++i) {
    const T velocity = beta * v[i] + g[i];
    v[i] = velocity;
    out[i] = x[i] - eta * velocity;
  }
}

template <class T>
void adam_step(std::size_t n, const AdamStep& step, const T* g, T* m, T* v, const T* x, T* out) {
  const T beta1 = static_cast<T>(step.beta1);
  const T beta2 = static_cast<T>(step.beta2);
  const T rest1 = static_cast<T>(1 - step.beta1);
  const T rest2 = static_cast<T>(1 - step.beta2);
  const T eta = static_cast<T>(step.learning_rate / step.correction1);
  const T scale2 = static_cast<T>(1 / step.correction2);
  const T epsilon = static_cast<T>(step.epsilon);
#pragma GCC ivdep
  for (std::size_t i = 0; i < n; ++i) {
    const T mean = beta1 * m[i] + rest1 * g[i];
    const T square = beta2 * v[i] + rest2 * g[i] * g[i];
    m[i] = mean;
    v[i] = square;
    out[i] = x[i] - eta * mean / (root(square * scale2) + epsilon);
  }
}

template <class T>
void set(KernelSet<T>& kernels) {
  kernels.add_scaled = add_scaled<T>;
  kernels.plus_scaled = plus_scaled<T>;
  kernels.scale = scale<T>;
  kernels.scale_and_add = scale_and_add<T>;
  kernels.dot = dot<T>;
  kernels.squared_distance = squared_distance<T>;
  kernels.all_finite = all_finite<T>;
  kernels.momentum_step = momentum_step<T>;
  kernels.adam_step = adam_step<T>;
}

}  // namespace

void set_vector_kernels(KernelSet<float>& kernels) { set(kernels); }
void set_vector_kernels(KernelSet<double>& kernels) { set(kernels); }

}  // namespace peloton::PELOTON_ISA
