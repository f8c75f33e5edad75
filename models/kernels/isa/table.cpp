#include "models/kernels/isa/parts.hpp"

namespace peloton::PELOTON_ISA {

void set_kernels(Kernels& kernels) {
  set_vector_kernels(kernels.float32);
  set_vector_kernels(kernels.float64);
  set_matrix_kernels(kernels.float32);
  set_matrix_kernels(kernels.float64);
  set_row_kernels(kernels.float32);
  set_row_kernels(kernels.float64);
  set_loss_kernels(kernels.float32);
  set_loss_kernels(kernels.float64);
}

}  // namespace peloton::PELOTON_ISA
