#include "models/kernels/onednn.hpp"

#include "sim/base/error.hpp"

#ifdef PELOTON_HAVE_ONEDNN

#include <dnnl.h>

/// Of libgomp, which oneDNN is built with. Its header wants -fopenmp.
extern "C" void omp_set_num_threads(int);

namespace peloton {
namespace {

void product(char transpose_a, char transpose_b, std::size_t m, std::size_t n, std::size_t k, const float* a, const float* b, float* c,
             bool accumulate) {
  omp_set_num_threads(1);  // of this thread; a task is never spread over threads. Costs nanoseconds.
  const auto rows = static_cast<dnnl_dim_t>(m);
  const auto columns = static_cast<dnnl_dim_t>(n);
  const auto inner = static_cast<dnnl_dim_t>(k);
  const dnnl_dim_t stride_a = transpose_a == 'T' ? rows : inner;
  const dnnl_dim_t stride_b = transpose_b == 'T' ? inner : columns;
  const dnnl_status_t status =
      dnnl_sgemm(transpose_a, transpose_b, rows, columns, inner, 1.0F, a, stride_a, b, stride_b, accumulate ? 1.0F : 0.0F, c, columns);
  if (status != dnnl_success) throw Failure("oneDNN could not compute a matrix product (out of memory?)");
}

void gemm_nn(std::size_t m, std::size_t n, std::size_t k, const float* a, const float* b, float* c, bool accumulate) {
  product('N', 'N', m, n, k, a, b, c, accumulate);
}
void gemm_tn(std::size_t m, std::size_t n, std::size_t k, const float* a, const float* b, float* c, bool accumulate) {
  product('T', 'N', m, n, k, a, b, c, accumulate);
}
void gemm_nt(std::size_t m, std::size_t n, std::size_t k, const float* a, const float* b, float* c, bool accumulate) {
  product('N', 'T', m, n, k, a, b, c, accumulate);
}

}  // namespace

bool has_onednn() { return true; }

void set_onednn_products(KernelSet<float>& kernels) {
  kernels.gemm_nn = gemm_nn;
  kernels.gemm_tn = gemm_tn;
  kernels.gemm_nt = gemm_nt;
}

}  // namespace peloton

#else

namespace peloton {

bool has_onednn() { return false; }

void set_onednn_products(KernelSet<float>&) { broken_invariant("has_onednn()", "this build has no oneDNN", __FILE__, __LINE__); }

}  // namespace peloton

#endif
