#include "algorithms/local/local_workers.hpp"

namespace peloton {

void LocalWorkers::prepare(Cluster& c, LocalSteps::Settings settings) {
  const bool keep = settings.state == LocalState::keep;
  settings.learning_rate = c.resolved(settings.learning_rate);
  auto steps = std::make_unique<LocalSteps>(std::move(settings));
  states_each_ = c.learning() ? steps->states() : 0;
  states_.resize(keep && states_each_ > 0 ? c.worker_count() : 0);
  if (states_each_ > 0) zero_ = c.space().zeros();
  steps_.resize(c.worker_count());
  c.set_computation(std::move(steps));
}

Gradient LocalWorkers::start(Cluster& c, NodeId worker, const Model& model, std::uint64_t steps, std::vector<Vector> inputs) {
  std::vector<Vector> all;
  // A chain that may be lost leaves the states where they are.
  if (!states_.empty()) all = c.has_faults() ? states_[worker] : std::exchange(states_[worker], {});
  if (all.empty()) all.assign(states_each_, zero_);
  all.insert(all.end(), std::make_move_iterator(inputs.begin()), std::make_move_iterator(inputs.end()));
  const std::uint64_t first = std::exchange(steps_[worker], steps_[worker] + steps);
  return c.compute(worker, model, {.steps = steps, .first_step = first, .inputs = std::move(all)});
}

void LocalWorkers::finish(Cluster& c, const Gradient& chain) {
  if (states_.empty()) return;
  std::vector<Vector>& states = states_[chain.node];
  states.clear();
  for (std::size_t i = 0; i < states_each_; ++i) states.push_back(c.result(chain, 1 + i));
}

void LocalWorkers::visit_state(StateVisitor& v, Cluster& c) {
  v("steps", steps_);
  for (std::vector<Vector>& states : states_) c.visit(v, "optimizer", states);
}

}  // namespace peloton
