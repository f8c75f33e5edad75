#pragma once

namespace peloton {

/// Prints events per second of the constant network and flows per second of the fluid network on a star.
void bench_network();

}  // namespace peloton
