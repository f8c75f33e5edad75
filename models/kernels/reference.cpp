#include "models/kernels/reference.hpp"

#include <algorithm>
#include <cmath>

namespace peloton {
namespace {

template <class T>
struct Reference {
  static void add_scaled(std::size_t n, T a, const T* x, T* y) {
    for (std::size_t i = 0; i < n; ++i) y[i] += a * x[i];
  }
  static void plus_scaled(std::size_t n, const T* x, T a, const T* y, T* out) {
    for (std::size_t i = 0; i < n; ++i) out[i] = x[i] + a * y[i];
  }
  static void scale(std::size_t n, T a, T* y) {
    for (std::size_t i = 0; i < n; ++i) y[i] *= a;
  }
  static void scale_and_add(std::size_t n, T b, T a, const T* x, T* y) {
    for (std::size_t i = 0; i < n; ++i) y[i] = b * y[i] + a * x[i];
  }

  static double dot(std::size_t n, const T* x, const T* y) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += static_cast<double>(x[i]) * static_cast<double>(y[i]);
    return sum;
  }
  static double squared_distance(std::size_t n, const T* x, const T* y) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const double difference = static_cast<double>(x[i]) - static_cast<double>(y[i]);
      sum += difference * difference;
    }
    return sum;
  }
  static bool all_finite(std::size_t n, const T* x) {
    return std::all_of(x, x + n, [](T value) { return std::isfinite(value); });
  }

  static void momentum_step(std::size_t n, T eta, T beta, const T* g, T* v, const T* x, T* out) {
    for (std::size_t i = 0; i < n; ++i) {
      v[i] = beta * v[i] + g[i];
      out[i] = x[i] - eta * v[i];
    }
  }
  static void adam_step(std::size_t n, const AdamStep& step, const T* g, T* m, T* v, const T* x, T* out) {
    for (std::size_t i = 0; i < n; ++i) {
      m[i] = static_cast<T>(step.beta1 * m[i] + (1 - step.beta1) * g[i]);
      v[i] = static_cast<T>(step.beta2 * v[i] + (1 - step.beta2) * g[i] * g[i]);
      const double mean = m[i] / step.correction1;
      const double square = v[i] / step.correction2;
      out[i] = static_cast<T>(x[i] - step.learning_rate * mean / (std::sqrt(square) + step.epsilon));
    }
  }

  /// c ← or += Σ_k a(i, k) b(k, j)
  template <class A, class B>
  static void gemm(std::size_t m, std::size_t n, std::size_t k, A a, B b, T* c, bool accumulate) {
    for (std::size_t i = 0; i < m; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        T sum = accumulate ? c[i * n + j] : T{0};
        for (std::size_t l = 0; l < k; ++l) sum += a(i, l) * b(l, j);
        c[i * n + j] = sum;
      }
    }
  }
  static auto plain(const T* values, std::size_t columns) {
    return [=](std::size_t i, std::size_t j) { return values[i * columns + j]; };
  }
  static auto transposed(const T* values, std::size_t columns) {
    return [=](std::size_t i, std::size_t j) { return values[j * columns + i]; };
  }
  static void gemm_nn(std::size_t m, std::size_t n, std::size_t k, const T* a, const T* b, T* c, bool accumulate) {
    gemm(m, n, k, plain(a, k), plain(b, n), c, accumulate);
  }
  static void gemm_tn(std::size_t m, std::size_t n, std::size_t k, const T* a, const T* b, T* c, bool accumulate) {
    gemm(m, n, k, transposed(a, m), plain(b, n), c, accumulate);
  }
  static void gemm_nt(std::size_t m, std::size_t n, std::size_t k, const T* a, const T* b, T* c, bool accumulate) {
    gemm(m, n, k, plain(a, k), transposed(b, k), c, accumulate);
  }

  static void gather_bytes(std::size_t count, const std::uint32_t* rows, std::size_t features, const std::uint8_t* values, T scale,
                           T* out) {
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t j = 0; j < features; ++j) out[i * features + j] = scale * static_cast<T>(values[rows[i] * features + j]);
    }
  }
  static void sparse_product(std::size_t count, const std::uint32_t* rows, const SparseMatrix<T>& matrix, const T* x, T* out) {
    for (std::size_t i = 0; i < count; ++i) {
      out[i] = 0;
      for (std::uint64_t k = matrix.starts[rows[i]]; k < matrix.starts[rows[i] + 1UL]; ++k)
        out[i] += matrix.values[k] * x[matrix.columns[k]];
    }
  }
  static void sparse_transposed_product(std::size_t count, const std::uint32_t* rows, const SparseMatrix<T>& matrix, const T* c, T* out) {
    for (std::size_t i = 0; i < count; ++i) {
      for (std::uint64_t k = matrix.starts[rows[i]]; k < matrix.starts[rows[i] + 1UL]; ++k)
        out[matrix.columns[k]] += c[i] * matrix.values[k];
    }
  }

  static void add_bias(std::size_t rows, std::size_t n, const T* bias, T* z) {
    for (std::size_t i = 0; i < rows * n; ++i) z[i] += bias[i % n];
  }
  static void column_sums(std::size_t rows, std::size_t n, const T* d, T* out, bool accumulate) {
    for (std::size_t j = 0; j < n; ++j) {
      if (!accumulate) out[j] = 0;
      for (std::size_t i = 0; i < rows; ++i) out[j] += d[i * n + j];
    }
  }

  static double value(Activation kind, double z) {
    switch (kind) {
      case Activation::relu: return std::max(z, 0.0);
      case Activation::leaky_relu: return z < 0 ? kLeakySlope * z : z;
      case Activation::tanh: return std::tanh(z);
      case Activation::sigmoid: return 1 / (1 + std::exp(-z));
    }
    return z;
  }
  /// σ'(z) by y = σ(z)
  static double slope(Activation kind, double y) {
    switch (kind) {
      case Activation::relu: return y > 0 ? 1 : 0;
      case Activation::leaky_relu: return y > 0 ? 1 : kLeakySlope;
      case Activation::tanh: return 1 - y * y;
      case Activation::sigmoid: return y * (1 - y);
    }
    return 1;
  }
  static void activate(std::size_t count, Activation kind, T* z) {
    for (std::size_t i = 0; i < count; ++i) z[i] = static_cast<T>(value(kind, z[i]));
  }
  static void activation_gradient(std::size_t count, Activation kind, const T* y, T* d) {
    for (std::size_t i = 0; i < count; ++i) d[i] = static_cast<T>(d[i] * slope(kind, y[i]));
  }

  static void softmax_residual(std::size_t rows, std::size_t classes, const std::uint32_t* labels, T factor, T* z) {
    for (std::size_t i = 0; i < rows; ++i) {
      T* row = z + i * classes;
      const double largest = *std::max_element(row, row + classes);
      double sum = 0;
      for (std::size_t j = 0; j < classes; ++j) sum += std::exp(row[j] - largest);
      for (std::size_t j = 0; j < classes; ++j)
        row[j] = static_cast<T>(factor * (std::exp(row[j] - largest) / sum - (j == labels[i] ? 1 : 0)));
    }
  }
  static double softmax_loss(std::size_t rows, std::size_t classes, const std::uint32_t* labels, const T* z, std::uint64_t* correct) {
    double loss = 0;
    for (std::size_t i = 0; i < rows; ++i) {
      const T* row = z + i * classes;
      const T* guess = std::max_element(row, row + classes);
      const double largest = *guess;
      double sum = 0;
      for (std::size_t j = 0; j < classes; ++j) sum += std::exp(row[j] - largest);
      loss += std::log(sum) - (row[labels[i]] - largest);
      if (guess == row + labels[i]) ++*correct;
    }
    return loss;
  }
  static void logistic_residual(std::size_t count, const T* y, T factor, T* z) {
    for (std::size_t i = 0; i < count; ++i) z[i] = static_cast<T>(-factor * y[i] / (1 + std::exp(static_cast<double>(y[i]) * z[i])));
  }
  static double logistic_loss(std::size_t count, const T* y, const T* z, std::uint64_t* correct) {
    double loss = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const double margin = static_cast<double>(y[i]) * z[i];
      loss += std::max(-margin, 0.0) + std::log1p(std::exp(-std::abs(margin)));
      if ((z[i] > 0) == (y[i] > 0)) ++*correct;
    }
    return loss;
  }

  static constexpr KernelSet<T> kSet = {
      .add_scaled = add_scaled,
      .plus_scaled = plus_scaled,
      .scale = scale,
      .scale_and_add = scale_and_add,
      .dot = dot,
      .squared_distance = squared_distance,
      .all_finite = all_finite,
      .momentum_step = momentum_step,
      .adam_step = adam_step,
      .gemm_nn = gemm_nn,
      .gemm_tn = gemm_tn,
      .gemm_nt = gemm_nt,
      .gather_bytes = gather_bytes,
      .sparse_product = sparse_product,
      .sparse_transposed_product = sparse_transposed_product,
      .add_bias = add_bias,
      .column_sums = column_sums,
      .activate = activate,
      .activation_gradient = activation_gradient,
      .softmax_residual = softmax_residual,
      .softmax_loss = softmax_loss,
      .logistic_residual = logistic_residual,
      .logistic_loss = logistic_loss,
  };
};

}  // namespace

void set_reference_kernels(Kernels& kernels) {
  kernels.float32 = Reference<float>::kSet;
  kernels.float64 = Reference<double>::kSet;
}

}  // namespace peloton
