#pragma once

namespace peloton {

/// Sweeps: points per second, what store and scheduler add to a point, two jobs against one.
void bench_sweep();

}  // namespace peloton
