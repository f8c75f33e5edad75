#pragma once

#include "models/kernels/table.hpp"

namespace peloton {

/// Whether this build has oneDNN.
[[nodiscard]] bool has_onednn();

/// Replaces the float32 matrix products by oneDNN's, single-threaded within the calling thread. Needs has_onednn().
void set_onednn_products(KernelSet<float>& kernels);

}  // namespace peloton
