#pragma once

#include <optional>
#include <vector>

#include "models/gradient_executor.hpp"
#include "sim/base/state.hpp"
#include "sim/node.hpp"

namespace peloton {

/// How a method's contributions are made once more in another trajectory of its model, and what the method remembers there beside the
/// model: the side of a method that its zero-delay twin runs (DESIGN §6).
///
/// This class does for every method whose workers send what they compute at the model they are sent: the same task at another model, with
/// the memory that the computation carries from one task of a worker to the next (Computation::carried). A method whose workers keep models
/// of their own, are given further vectors or send something else derives from it and says what that is in this trajectory. One object for
/// each trajectory.
class Replay {
 public:
  /// `computation`: what is run, null for a plain gradient. Both must outlive the replay.
  Replay(GradientExecutor& executor, const Computation* computation) : executor_(executor), computation_(computation) {}
  virtual ~Replay() = default;

  [[nodiscard]] const Computation* computation() const { return computation_; }

  /// The task behind a contribution, at the trajectory's `model` as the worker would have it now. Nothing: there is none to run.
  [[nodiscard]] virtual std::optional<TaskOrigin> task(const TaskOrigin& origin, const Vector& model);
  /// The contribution that these results of the task make, before anything is compressed. Called once, in order, for each accepted one.
  [[nodiscard]] virtual Vector contribution(const TaskOrigin& origin, const Vector& model, std::vector<Vector> results);
  /// True: `contribution` also makes what workers send in place of what they compute (Cluster::encoded with a vector of their own).
  [[nodiscard]] virtual bool makes_own_vectors() const { return false; }
  /// The trajectory has moved on from the model `before`.
  virtual void moved(const Vector& /*before*/) {}
  /// How far the run's own contribution is from the one it would have been at the run's current model `x`, for methods where that is no
  /// matter of computing the same task at x.
  [[nodiscard]] virtual std::optional<double> discrepancy(const TaskOrigin& /*origin*/, const Vector& /*x*/) const { return std::nullopt; }
  virtual void visit_state(StateVisitor& v);

 protected:
  [[nodiscard]] GradientExecutor& executor() const { return executor_; }
  [[nodiscard]] VectorSpace& space() const { return executor_.space(); }

 private:
  GradientExecutor& executor_;
  const Computation* computation_;
  std::vector<std::vector<Vector>> carried_;  ///< by worker; none before its first task
};

}  // namespace peloton
