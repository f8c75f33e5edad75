#pragma once

namespace peloton {

/// Prints the cost of the event queue and of its alternatives under the hold model.
void bench_queue();

}  // namespace peloton
