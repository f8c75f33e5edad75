#pragma once

namespace peloton {

/// Timing-only asynchronous parameter server (compute, push, pull) on the constant network, 10^3 … 10^6 workers.
void bench_engine();

/// Runs with learning: MLP on MNIST, logistic regression on a9a, 10^5 asynchronous workers, threads.
void bench_runs();

}  // namespace peloton
