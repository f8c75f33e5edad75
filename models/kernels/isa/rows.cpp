#include "models/kernels/isa/parts.hpp"
#include "models/kernels/isa/simd.hpp"

namespace peloton::PELOTON_ISA {
namespace {

constexpr std::size_t kCacheLine = 64;

template <class T>
void gather_bytes(std::size_t count, const std::uint32_t* rows, std::size_t features, const std::uint8_t* values, T scale, T* out) {
  for (std::size_t i = 0; i < count; ++i) {
    // Rows are drawn at random: the hardware cannot guess them. Converting one takes less time than fetching one, hence four ahead.
    constexpr std::size_t kAhead = 4;
    for (std::size_t ahead = i == 0 ? 1 : kAhead; ahead <= kAhead && i + ahead < count; ++ahead) {
      const std::uint8_t* next = values + rows[i + ahead] * features;
      for (std::size_t j = 0; j < features; j += kCacheLine) __builtin_prefetch(next + j);
    }
    const std::uint8_t* from = values + rows[i] * features;
    T* to = out + i * features;
#pragma GCC ivdep
    for (std::size_t j = 0; j < features; ++j) to[j] = scale * static_cast<T>(from[j]);
  }
}

template <class T>
void sparse_product(std::size_t count, const std::uint32_t* rows, const SparseMatrix<T>& matrix, const T* x, T* out) {
  for (std::size_t i = 0; i < count; ++i) {
    T sum = 0;
    for (std::uint64_t k = matrix.starts[rows[i]]; k < matrix.starts[rows[i] + 1UL]; ++k) sum += matrix.values[k] * x[matrix.columns[k]];
    out[i] = sum;
  }
}

template <class T>
void sparse_transposed_product(std::size_t count, const std::uint32_t* rows, const SparseMatrix<T>& matrix, const T* c, T* out) {
  for (std::size_t i = 0; i < count; ++i) {
    const T factor = c[i];
    for (std::uint64_t k = matrix.starts[rows[i]]; k < matrix.starts[rows[i] + 1UL]; ++k)
      out[matrix.columns[k]] += factor * matrix.values[k];
  }
}

template <class T>
void add_bias(std::size_t rows, std::size_t n, const T* bias, T* z) {
  for (std::size_t i = 0; i < rows; ++i) {
    T* row = z + i * n;
#pragma GCC ivdep
    for (std::size_t j = 0; j < n; ++j) row[j] += bias[j];
  }
}

template <class T>
void column_sums(std::size_t rows, std::size_t n, const T* d, T* out, bool accumulate) {
  if (!accumulate) {
    for (std::size_t j = 0; j < n; ++j) out[j] = 0;
  }
  for (std::size_t i = 0; i < rows; ++i) {
    const T* row = d + i * n;
#pragma GCC ivdep
    for (std::size_t j = 0; j < n; ++j) out[j] += row[j];
  }
}

template <class T>
void set(KernelSet<T>& kernels) {
  kernels.gather_bytes = gather_bytes<T>;
  kernels.sparse_product = sparse_product<T>;
  kernels.sparse_transposed_product = sparse_transposed_product<T>;
  kernels.add_bias = add_bias<T>;
  kernels.column_sums = column_sums<T>;
}

}  // namespace

void set_row_kernels(KernelSet<float>& kernels) { set(kernels); }
void set_row_kernels(KernelSet<double>& kernels) { set(kernels); }

}  // namespace peloton::PELOTON_ISA
