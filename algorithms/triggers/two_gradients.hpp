#pragma once

#include "models/computation.hpp"

namespace peloton {

/// Results 0 and 1: the gradients at the model and at the task's input, on the same mini-batch. What a lazy trigger compares, and what
/// it costs: two gradients a round.
class TwoGradients final : public Computation {
 public:
  [[nodiscard]] std::size_t results() const override { return 2; }
  [[nodiscard]] std::uint64_t gradients_per_step() const override { return 2; }
  void run(TaskRun& task, std::span<const MutableView> results, std::span<double> /*scalars*/) const override {
    task.gradient(0, task.model, results[0]);
    task.gradient(0, task.inputs[0], results[1]);
  }
};

}  // namespace peloton
