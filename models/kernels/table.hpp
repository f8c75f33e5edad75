#pragma once

#include <cstddef>
#include <cstdint>

/// What a set of kernels can do. This header is also read by code that is compiled for other instruction sets: it must stay free of
/// inline functions and of everything from the standard library that could leave one behind.
namespace peloton {

enum class Activation : std::uint8_t { relu, leaky_relu, tanh, sigmoid };

/// The slope of leaky ReLU left of zero (Maas, Hannun, Ng, 2013).
constexpr double kLeakySlope = 0.01;

/// One step of Adam (Kingma, Ba, ICLR 2015). correctionN = 1 − betaN^t at step t = 1, 2, …
struct AdamStep {
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double correction1 = 1;
  double correction2 = 1;
};

/// Compressed sparse rows: row i is columns[k], values[k] for k = starts[i] … starts[i + 1] − 1.
template <class T>
struct SparseMatrix {
  const std::uint64_t* starts = nullptr;
  const std::uint32_t* columns = nullptr;
  const T* values = nullptr;
};

/// The kernels of one precision. All matrices are row-major without gaps. Single-threaded; a result depends on the arguments alone,
/// never on where they lie in memory or on what ran before. An output may be the same memory as an input of the same index range;
/// other overlaps are not allowed. No argument needs an alignment.
template <class T>
struct KernelSet {
  // ---- vectors of n numbers ----------------------------------------------------------------------------------------------------

  /// y ← y + a x
  void (*add_scaled)(std::size_t n, T a, const T* x, T* y);
  /// out ← x + a y
  void (*plus_scaled)(std::size_t n, const T* x, T a, const T* y, T* out);
  /// y ← a y
  void (*scale)(std::size_t n, T a, T* y);
  /// y ← b y + a x
  void (*scale_and_add)(std::size_t n, T b, T a, const T* x, T* y);

  /// Reductions accumulate in float64.
  double (*dot)(std::size_t n, const T* x, const T* y);
  double (*squared_distance)(std::size_t n, const T* x, const T* y);
  bool (*all_finite)(std::size_t n, const T* x);

  // ---- optimiser steps ---------------------------------------------------------------------------------------------------------

  /// v ← beta v + g;  out ← x − eta v
  void (*momentum_step)(std::size_t n, T eta, T beta, const T* g, T* v, const T* x, T* out);
  /// m ← β₁ m + (1 − β₁) g;  v ← β₂ v + (1 − β₂) g²;  out ← x − η (m / correction1) / (√(v / correction2) + ε)
  void (*adam_step)(std::size_t n, const AdamStep& step, const T* g, T* m, T* v, const T* x, T* out);

  // ---- matrix products: c (m × n) ← a b, or c ← c + a b when `accumulate` ------------------------------------------------------------

  /// a: m × k, b: k × n
  void (*gemm_nn)(std::size_t m, std::size_t n, std::size_t k, const T* a, const T* b, T* c, bool accumulate);
  /// aᵀ: k × m, b: k × n
  void (*gemm_tn)(std::size_t m, std::size_t n, std::size_t k, const T* a, const T* b, T* c, bool accumulate);
  /// a: m × k, bᵀ: n × k
  void (*gemm_nt)(std::size_t m, std::size_t n, std::size_t k, const T* a, const T* b, T* c, bool accumulate);

  // ---- data rows -----------------------------------------------------------------------------------------------------------------

  /// out (count × features): row i ← scale · values[rows[i]]
  void (*gather_bytes)(std::size_t count, const std::uint32_t* rows, std::size_t features, const std::uint8_t* values, T scale, T* out);
  /// out[i] ← row rows[i] of the matrix times x
  void (*sparse_product)(std::size_t count, const std::uint32_t* rows, const SparseMatrix<T>& matrix, const T* x, T* out);
  /// out ← out + Σ_i c[i] · row rows[i] of the matrix
  void (*sparse_transposed_product)(std::size_t count, const std::uint32_t* rows, const SparseMatrix<T>& matrix, const T* c, T* out);

  // ---- layers and losses ---------------------------------------------------------------------------------------------------------

  /// Every row of z (rows × n) ← row + bias
  void (*add_bias)(std::size_t rows, std::size_t n, const T* bias, T* z);
  /// out (n) ← or += the sum of the rows of d (rows × n)
  void (*column_sums)(std::size_t rows, std::size_t n, const T* d, T* out, bool accumulate);
  /// z ← σ(z)
  void (*activate)(std::size_t count, Activation kind, T* z);
  /// d ← d · σ'(z), where y = σ(z)
  void (*activation_gradient)(std::size_t count, Activation kind, const T* y, T* d);

  /// z (rows × classes) ← factor · (softmax(z) − one-hot(label)): the gradient of the cross-entropy by the logits
  void (*softmax_residual)(std::size_t rows, std::size_t classes, const std::uint32_t* labels, T factor, T* z);
  /// Σ cross-entropy of the rows of logits; adds the rows whose largest logit (the first among equals) is the label's to `correct`
  double (*softmax_loss)(std::size_t rows, std::size_t classes, const std::uint32_t* labels, const T* z, std::uint64_t* correct);
  /// z[i] ← −factor · y[i] / (1 + exp(y[i] z[i])), y = ±1: the gradient of log(1 + exp(−y z)) by z
  void (*logistic_residual)(std::size_t count, const T* y, T factor, T* z);
  /// Σ log(1 + exp(−y z)); adds the rows with the right sign to `correct` (z = 0 is read as −1)
  double (*logistic_loss)(std::size_t count, const T* y, const T* z, std::uint64_t* correct);
};

/// The kernels that a run uses, in both precisions.
struct Kernels {
  const char* name = "";
  KernelSet<float> float32;
  KernelSet<double> float64;

  template <class T>
  [[nodiscard]] const KernelSet<T>& get() const {
    if constexpr (sizeof(T) == sizeof(float))
      return float32;
    else
      return float64;
  }
};

}  // namespace peloton
