#pragma once

namespace peloton {

/// Prints microseconds per stochastic gradient on one core, for every set of kernels. Models whose data are absent are left out.
void bench_gradients();

}  // namespace peloton
