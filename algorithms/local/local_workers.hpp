#pragma once

#include "algorithms/cluster.hpp"
#include "algorithms/local/local_steps.hpp"

namespace peloton {

/// The workers' side of methods with local steps: what the chains are, and each worker's optimiser states and count of steps.
class LocalWorkers {
 public:
  /// From Algorithm::prepare: the workers compute chains of local steps.
  void prepare(Cluster& c, LocalSteps::Settings settings);
  /// Starts a chain of `steps` steps at `model`; `inputs`: targets and correction, as the settings have them. Returns what will come.
  Gradient start(Cluster& c, NodeId worker, const Model& model, std::uint64_t steps, std::vector<Vector> inputs = {});
  /// From on_gradient_ready: keeps the optimiser's states, which evaluates the chain; nothing to do where there are none, or where they
  /// are reset.
  void finish(Cluster& c, const Gradient& chain);
  /// The worker's next local step is number `steps`; without a call it goes on after those that it has started.
  void set_count(NodeId worker, std::uint64_t steps) { steps_[worker] = steps; }
  /// From on_state_lost: the optimiser's states are zero again.
  void forget(NodeId worker) {
    if (!states_.empty()) states_[worker].clear();
  }
  void visit_state(StateVisitor& v, Cluster& c);

 private:
  std::size_t states_each_ = 0;
  std::vector<std::vector<Vector>> states_;  ///< by worker, where they are kept; none: zero, or with the chain under way
  Vector zero_;                              ///< the states that all chains begin with that have no others
  std::vector<std::uint64_t> steps_;         ///< by worker
};

}  // namespace peloton
