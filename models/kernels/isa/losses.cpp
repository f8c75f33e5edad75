#include "models/kernels/isa/math.hpp"
#include "models/kernels/isa/parts.hpp"

namespace peloton::PELOTON_ISA {
namespace {

template <class T>
inline Pack<T> sigmoid(Pack<T> x) {
  return 1 / (1 + exponential<T>(-x));
}

template <class T>
void activate(std::size_t count, Activation kind, T* z) {
  switch (kind) {
    case Activation::relu:
      for (std::size_t i = 0; i < count; ++i) z[i] = z[i] < 0 ? T{0} : z[i];
      break;
    case Activation::leaky_relu:
      for (std::size_t i = 0; i < count; ++i) z[i] = z[i] < 0 ? static_cast<T>(kLeakySlope) * z[i] : z[i];
      break;
    case Activation::tanh: transform(count, z, [](std::size_t, Pack<T> x, std::size_t) { return 2 * sigmoid<T>(2 * x) - 1; }); break;
    case Activation::sigmoid: transform(count, z, [](std::size_t, Pack<T> x, std::size_t) { return sigmoid<T>(x); }); break;
  }
}

/// The slope at 0 of both ReLUs is that of the left side.
template <class T>
void activation_gradient(std::size_t count, Activation kind, const T* y, T* d) {
  switch (kind) {
    case Activation::relu:
#pragma GCC ivdep
      for (std::size_t i = 0; i < count; ++i) d[i] = y[i] > 0 ? d[i] : T{0};
      break;
    case Activation::leaky_relu:
#pragma GCC ivdep
      for (std::size_t i = 0; i < count; ++i) d[i] *= y[i] > 0 ? T{1} : static_cast<T>(kLeakySlope);
      break;
    case Activation::tanh:
#pragma GCC ivdep
      for (std::size_t i = 0; i < count; ++i) d[i] *= 1 - y[i] * y[i];
      break;
    case Activation::sigmoid:
#pragma GCC ivdep
      for (std::size_t i = 0; i < count; ++i) d[i] *= y[i] * (1 - y[i]);
      break;
  }
}

template <class T>
std::size_t index_of_largest(std::size_t n, const T* z) {
  std::size_t best = 0;
  for (std::size_t j = 1; j < n; ++j) best = z[j] > z[best] ? j : best;
  return best;
}

template <class T>
void softmax_residual(std::size_t rows, std::size_t classes, const std::uint32_t* labels, T factor, T* z) {
  for (std::size_t i = 0; i < rows; ++i) {
    T* row = z + i * classes;
    const T largest = row[index_of_largest(classes, row)];
    for (std::size_t j = 0; j < classes; ++j) row[j] -= largest;
  }
  transform(rows * classes, z, [](std::size_t, Pack<T> x, std::size_t) { return exponential<T>(x); });
  for (std::size_t i = 0; i < rows; ++i) {
    T* row = z + i * classes;
    T sum = 0;
    for (std::size_t j = 0; j < classes; ++j) sum += row[j];
    const T share = factor / sum;
    for (std::size_t j = 0; j < classes; ++j) row[j] *= share;
    row[labels[i]] -= factor;
  }
}

/// How many numbers a loss treats at a time, so that the elementary functions are vectorised and the sum stays in order.
constexpr std::size_t kBlock = 32;

template <class T>
double sum_of_exponentials(std::size_t n, const T* z, T largest) {
  double sum = 0;
  double block[kBlock];
  for (std::size_t begin = 0; begin < n; begin += kBlock) {
    const std::size_t size = n - begin < kBlock ? n - begin : kBlock;
    for (std::size_t j = 0; j < size; ++j) block[j] = static_cast<double>(z[begin + j]) - static_cast<double>(largest);
    transform(size, block, [](std::size_t, Pack<double> x, std::size_t) { return exponential<double>(x); });
    for (std::size_t j = 0; j < size; ++j) sum += block[j];
  }
  return sum;
}

template <class T>
double softmax_loss(std::size_t rows, std::size_t classes, const std::uint32_t* labels, const T* z, std::uint64_t* correct) {
  double loss = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    const T* row = z + i * classes;
    const std::size_t guess = index_of_largest(classes, row);
    loss += natural_log(sum_of_exponentials(classes, row, row[guess])) -
            (static_cast<double>(row[labels[i]]) - static_cast<double>(row[guess]));
    *correct += guess == labels[i] ? 1U : 0U;
  }
  return loss;
}

template <class T>
void logistic_residual(std::size_t count, const T* y, T factor, T* z) {
  transform(count, z, [=](std::size_t i, Pack<T> x, std::size_t size) {
    Pack<T> sign = {};
    __builtin_memcpy(&sign, y + i, size * sizeof(T));
    return -factor * sign * sigmoid<T>(-sign * x);
  });
}

/// log(1 + exp(−m)) = max(−m, 0) + log(1 + exp(−|m|)): nothing overflows, nothing cancels.
inline Pack<double> logistic(Pack<double> m) {
  const Pack<double> negative = m < 0 ? -m : Pack<double>{};
  return negative + log_of_one_plus(exponential<double>(m < 0 ? m : -m));
}

template <class T>
double logistic_loss(std::size_t count, const T* y, const T* z, std::uint64_t* correct) {
  double loss = 0;
  double block[kBlock];
  for (std::size_t begin = 0; begin < count; begin += kBlock) {
    const std::size_t size = count - begin < kBlock ? count - begin : kBlock;
    for (std::size_t i = 0; i < size; ++i) block[i] = static_cast<double>(y[begin + i]) * static_cast<double>(z[begin + i]);
    transform(size, block, [](std::size_t, Pack<double> m, std::size_t) { return logistic(m); });
    for (std::size_t i = 0; i < size; ++i) loss += block[i];
  }
  for (std::size_t i = 0; i < count; ++i) *correct += (z[i] > 0) == (y[i] > 0) ? 1U : 0U;
  return loss;
}

template <class T>
void set(KernelSet<T>& kernels) {
  kernels.activate = activate<T>;
  kernels.activation_gradient = activation_gradient<T>;
  kernels.softmax_residual = softmax_residual<T>;
  kernels.softmax_loss = softmax_loss<T>;
  kernels.logistic_residual = logistic_residual<T>;
  kernels.logistic_loss = logistic_loss<T>;
}

}  // namespace

void set_loss_kernels(KernelSet<float>& kernels) { set(kernels); }
void set_loss_kernels(KernelSet<double>& kernels) { set(kernels); }

}  // namespace peloton::PELOTON_ISA
