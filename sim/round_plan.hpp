#pragma once

#include <cstdint>

namespace peloton {

/// What an algorithm does between two updates, in numbers: read by memory estimates, theory and timing-only runs.
/// n is the number of workers the plan was asked for; messages and model vectors are of the model's dimension.
struct RoundPlan {
  std::uint64_t updates_per_round = 1;       ///< versions made
  std::uint64_t computations_per_round = 0;  ///< gradients computed
  std::uint64_t models_down_per_round = 0;   ///< dense models from the server
  std::uint64_t gradients_up_per_round = 0;  ///< gradients to the server
  bool barrier = false;                      ///< the round ends when the slowest of its computations has ended
  std::uint64_t live_models = 0;             ///< the most model versions alive at once
  std::uint64_t held_gradients = 0;          ///< the most gradients whose values wait evaluated for a reader, beyond the executor's budget
  std::uint64_t state_vectors = 0;           ///< vectors of the algorithm's own (momentum, error memories, …)
};

}  // namespace peloton
