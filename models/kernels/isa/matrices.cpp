#define EIGEN_DONT_PARALLELIZE
// Without Eigen's shortcut for tiny products, whose order of summation depends on where the result lies in memory.
#define EIGEN_GEMM_TO_COEFFBASED_THRESHOLD 1
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // GCC 12's own AVX-512 intrinsics: its bug 105593
#endif
#include <Eigen/Core>

#include "models/kernels/isa/parts.hpp"

namespace peloton::PELOTON_ISA {
namespace {

template <class T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

template <class T>
Eigen::Map<const Matrix<T>> input(const T* values, std::size_t rows, std::size_t columns) {
  return {values, static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(columns)};
}

template <class T, class Product>
void assign(std::size_t m, std::size_t n, T* c, bool accumulate, const Product& product) {
  Eigen::Map<Matrix<T>> out(c, static_cast<Eigen::Index>(m), static_cast<Eigen::Index>(n));
  if (accumulate)
    out.noalias() += product;
  else
    out.noalias() = product;
}

template <class T>
void gemm_nn(std::size_t m, std::size_t n, std::size_t k, const T* a, const T* b, T* c, bool accumulate) {
  assign(m, n, c, accumulate, input(a, m, k) * input(b, k, n));
}

template <class T>
void gemm_tn(std::size_t m, std::size_t n, std::size_t k, const T* a, const T* b, T* c, bool accumulate) {
  assign(m, n, c, accumulate, input(a, k, m).transpose() * input(b, k, n));
}

template <class T>
void gemm_nt(std::size_t m, std::size_t n, std::size_t k, const T* a, const T* b, T* c, bool accumulate) {
  assign(m, n, c, accumulate, input(a, m, k) * input(b, n, k).transpose());
}

template <class T>
void set(KernelSet<T>& kernels) {
  // Eigen cuts products to the caches that it finds, and the cuts decide the order of summation: fixed sizes give the same bits on
  // every processor with these instructions.
  Eigen::setCpuCacheSizes(32 << 10, 1 << 20, 8 << 20);
  kernels.gemm_nn = gemm_nn<T>;
  kernels.gemm_tn = gemm_tn<T>;
  kernels.gemm_nt = gemm_nt<T>;
}

}  // namespace

void set_matrix_kernels(KernelSet<float>& kernels) { set(kernels); }
void set_matrix_kernels(KernelSet<double>& kernels) { set(kernels); }

}  // namespace peloton::PELOTON_ISA
