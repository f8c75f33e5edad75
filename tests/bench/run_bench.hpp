#pragma once

namespace peloton {

/// Timing-only asynchronous parameter server (compute, push, pull) on the constant network, 10^3 … 10^6 workers.
void bench_engine();

/// Runs with learning: MLP on MNIST, logistic regression on a9a, 10^5 asynchronous workers, threads.
void bench_runs();

/// A thousand workers of local SGD on MNIST: the run's cost per gradient against that of the gradient alone, memory against the estimate.
void bench_local();

/// Gossip with 10^2 … 10^4 nodes on a ring and on a random graph: time and memory per node.
void bench_gossip();

}  // namespace peloton
