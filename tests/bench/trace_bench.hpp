#pragma once

namespace peloton {

/// Prints how fast records become a trace of 10^6 events, and events.csv of as many rows.
void bench_trace();

}  // namespace peloton
