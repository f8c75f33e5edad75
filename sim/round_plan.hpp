#pragma once

#include <cstdint>
#include <vector>

namespace peloton {

/// What a method is told before it plans.
struct PlanContext {
  std::uint64_t workers = 0;           ///< n
  std::uint64_t dimension = 0;         ///< d
  std::vector<std::size_t> tensors;    ///< sizes of the parameter tensors
  std::uint64_t bits_per_number = 32;  ///< of a dense message

  [[nodiscard]] std::uint64_t dense_bits() const { return dimension * bits_per_number; }
};

/// What a method does in one round, in numbers: read by memory estimates, theory and timing-only runs. A round is what lies between two
/// updates of a server, or one step of every node of a decentralised method. Where values decide, the most that can happen.
struct RoundPlan {
  struct Messages {
    std::uint64_t count = 0;
    std::uint64_t bits = 0;  ///< of all together
  };
  std::uint64_t updates = 1;    ///< versions made
  std::uint64_t gradients = 0;  ///< mini-batch gradients computed
  Messages up;
  Messages down;
  Messages peer;
  Messages control;
  bool barrier = false;             ///< the round ends when the slowest of its computations has ended
  std::uint64_t live_models = 0;    ///< the most model versions alive at once
  std::uint64_t results_each = 1;   ///< vectors that a computation results in
  std::uint64_t held_results = 0;   ///< the most results of computations that wait evaluated for a reader, beyond the executor's budget
  std::uint64_t state_vectors = 0;  ///< vectors of the algorithm's own (momentum, error memories, …)
  std::uint64_t twin_vectors = 0;   ///< what a zero-delay twin holds beside its models and the server's optimiser states
  std::uint64_t held_bytes = 0;     ///< the most bytes of encoded messages alive at once
};

}  // namespace peloton
