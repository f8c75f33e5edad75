#include "algorithms/twin.hpp"

#include <algorithm>
#include <boost/random/normal_distribution.hpp>

#include "sim/base/random.hpp"

namespace peloton {

void Recipe::visit_state(StateVisitor& v, GradientExecutor& executor) {
  executor.visit(v, "origin", origin);
  v("factor", factor);
  v("feedback", feedback);
  v("message", message);
  v("on_wire", on_wire);
  executor.space().visit(v, "stale", stale);
  for (Vector& one : again) executor.space().visit(v, "again", one);
}

void ZeroDelayTwin::Total::add(double value) {
  ++count;
  sum += value;
  largest = std::max(largest, value);
}

std::optional<double> ZeroDelayTwin::Total::mean() const {
  return count == 0 ? std::nullopt : std::optional(sum / static_cast<double>(count));
}

void ZeroDelayTwin::Total::visit_state(StateVisitor& v) {
  v("count", count);
  v("sum", sum);
  v("largest", largest);
}

// ---- the trajectories -------------------------------------------------------------------------------------------------------------

ZeroDelayTwin::ZeroDelayTwin(Parts parts, Vector initial)
    : parts_(std::move(parts)), trajectories_{start(initial), start(nearby(initial))}, x_(std::move(initial)) {}

ZeroDelayTwin::Trajectory ZeroDelayTwin::start(Vector model) const {
  Trajectory out;
  if (parts_.optimizer) out.optimizer.emplace(*parts_.optimizer, space());
  out.replay = parts_.make_replay(model);
  out.model = std::move(model);
  return out;
}

Vector ZeroDelayTwin::nearby(const Vector& model) const {
  constexpr double kDistance = 1e-6;
  Vector direction = space().make();
  with_type(space().precision(), [&]<class T>(T) {
    RandomStream random(parts_.seed, Purpose::twin, 0, 0);
    boost::random::normal_distribution<double> normal;
    for (T& value : direction.write().as<T>()) value = static_cast<T>(normal(random));
  });
  const double norm = space().norm(model);
  return space().plus_scaled(model, kDistance * (norm > 0 ? norm : 1.0) / space().norm(direction), direction);
}

std::vector<std::vector<Vector>> ZeroDelayTwin::evaluate(std::span<const TaskOrigin> tasks) {
  if (tasks.empty()) return {};
  const Computation* computation = trajectories_[0].replay->computation();
  for (const TaskOrigin& task : tasks)
    evaluations_ += task.address.steps * (computation == nullptr ? 1 : computation->gradients_per_step());
  return parts_.executor.evaluate_apart(computation, tasks);
}

Vector ZeroDelayTwin::sent(Trajectory& trajectory, const Accepted& accepted, Vector value) {
  const Recipe& recipe = *accepted.recipe;
  if (accepted.codec == nullptr) return recipe.on_wire ? on_wire(value) : value;
  if (recipe.factor != 1) space().scale(value, recipe.factor);
  if (parts_.spec.remove == TwinRemoves::delay_and_compression) return on_wire(value);
  EncodedVector message;
  if (recipe.feedback) {
    while (trajectory.feedback.size() <= accepted.node) trajectory.feedback.emplace_back(space());
    message = trajectory.feedback[accepted.node].encode(*accepted.codec, std::move(value), accepted.node, recipe.message);
  } else {
    message = accepted.codec->encode(value.view(), accepted.node, recipe.message);
  }
  Vector out = space().make();
  accepted.codec->decode(message, out.write());
  return out;
}

/// The contributions to an update, made anew in one of the trajectories.
class ZeroDelayTwin::Remade final : public Contributions {
 public:
  Remade(ZeroDelayTwin& twin, std::size_t trajectory, std::span<const Accepted> accepted, std::span<const double> samples, bool reused)
      : twin_(twin), number_(trajectory), accepted_(accepted), samples_(samples), reused_(reused) {}
  [[nodiscard]] std::size_t size() const override { return samples_.size(); }
  [[nodiscard]] std::span<const double> samples() const override { return samples_; }

  void consume(const std::function<void(std::span<const Vector>)>& body) override {
    while (!accepted_.empty()) {
      if (has_task_.empty()) {
        std::vector<TaskOrigin> tasks;
        plan(tasks);
        std::vector<std::vector<Vector>> results = twin_.evaluate(tasks);
        supply(results);
      }
      const std::size_t count = has_task_.size();
      std::vector<Vector> values;
      for (std::size_t i = 0; i < count; ++i) values.push_back(finish(accepted_[i], i));
      has_task_.clear();
      results_.clear();
      accepted_ = accepted_.subspan(count);
      body(values);
    }
  }

  /// Appends the tasks of the next contributions: as many as the threads can share, and no worker twice, whose second task needs what its
  /// first has left.
  void plan(std::vector<TaskOrigin>& tasks) {
    const std::size_t most = std::min(twin_.space().pool().size(), accepted_.size());
    while (has_task_.size() < most && !planned(accepted_[has_task_.size()].node)) {
      const Accepted& one = accepted_[has_task_.size()];
      std::optional<TaskOrigin> task;
      if (!again(one)) task = trajectory().replay->task(*one.recipe->origin, model_of(one));
      has_task_.push_back(task.has_value());
      if (task) tasks.push_back(std::move(*task));
    }
  }
  /// Takes the results of those tasks off the front of `results`.
  void supply(std::span<std::vector<Vector>>& results) {
    for (const bool has : has_task_) {
      results_.push_back(has ? std::move(results.front()) : std::vector<Vector>());
      if (has) results = results.subspan(1);
    }
  }
  void supply(std::vector<std::vector<Vector>>& results) {
    std::span<std::vector<Vector>> all = results;
    supply(all);
  }

 private:
  [[nodiscard]] bool planned(NodeId node) const {
    const auto some = accepted_.first(has_task_.size());
    return std::any_of(some.begin(), some.end(), [&](const Accepted& a) { return a.node == node; });
  }

  [[nodiscard]] Vector model_of(const Accepted& accepted) {
    if (!accepted.recipe->origin->model_on_wire) return trajectory().model;
    if (!received_) received_ = twin_.on_wire(trajectory().model);
    return received_;
  }

  [[nodiscard]] Vector finish(const Accepted& one, std::size_t i) {
    if (again(one)) return again(one);
    Vector value = trajectory().replay->contribution(*one.recipe->origin, model_of(one), std::move(results_[i]));
    value = twin_.sent(trajectory(), one, std::move(value));
    if (reused_) again(one) = value;
    return value;
  }

  [[nodiscard]] Trajectory& trajectory() { return twin_.trajectories_[number_]; }
  [[nodiscard]] Vector& again(const Accepted& one) const { return one.recipe->again[number_]; }

  ZeroDelayTwin& twin_;
  std::size_t number_;
  std::span<const Accepted> accepted_;  ///< those left
  std::span<const double> samples_;
  bool reused_;
  Vector received_;                           ///< the trajectory's model as it reaches the workers over a narrow wire
  std::vector<bool> has_task_;                ///< of the next ones, once their tasks are planned
  std::vector<std::vector<Vector>> results_;  ///< of these tasks
};

// ---- an update --------------------------------------------------------------------------------------------------------------------

void ZeroDelayTwin::replay(const std::vector<Accepted>& contributions, std::span<const double> samples, bool reused,
                           const UpdateRule& rule) {
  std::array remade = {Remade(*this, 0, contributions, samples, reused), Remade(*this, 1, contributions, samples, reused)};
  last_.discrepancies.clear();
  const std::size_t most = space().pool().size();
  for (std::span<const Accepted> left = contributions; !left.empty();) {
    const auto some = left.first(std::min(most, left.size()));
    left = left.subspan(some.size());
    std::vector<TaskOrigin> tasks;
    std::vector<Comparison> comparisons;
    for (const Accepted& one : some) comparisons.push_back(compare(one, tasks));
    // All that is computed of a single contribution is computed at once; several keep the threads busy among themselves.
    const bool at_once = contributions.size() == 1;
    if (at_once)
      for (Remade& one : remade) one.plan(tasks);
    std::vector<std::vector<Vector>> results = evaluate(tasks);
    std::span<std::vector<Vector>> next = results;
    for (std::size_t i = 0; i < some.size(); ++i) last_.discrepancies.push_back(discrepancy(some[i], comparisons[i], reused, next));
    if (at_once)
      for (Remade& one : remade) one.supply(next);
  }
  for (std::size_t i = 0; i < trajectories_.size(); ++i) {
    Trajectory& trajectory = trajectories_[i];
    const Vector before = trajectory.model;
    trajectory.model = rule(before, remade[i],
                            {.optimizer = trajectory.optimizer ? &*trajectory.optimizer : nullptr,
                             .compresses = parts_.spec.remove != TwinRemoves::delay_and_compression,
                             .measures = false});
    trajectory.replay->moved(before);
  }
}

void ZeroDelayTwin::arrived(Vector x) {
  x_ = std::move(x);
  last_.distance = space().distance(x_, model());
  last_.floor = floor();
  distances_.add(last_.distance);
  floors_.add(last_.floor);
  for (const double discrepancy : last_.discrepancies) {
    discrepancies_.add(discrepancy);
    since_row_.add(discrepancy);
  }
}

double ZeroDelayTwin::floor() const { return space().distance(trajectories_[0].model, trajectories_[1].model); }

ZeroDelayTwin::Comparison ZeroDelayTwin::compare(const Accepted& accepted, std::vector<TaskOrigin>& tasks) {
  const TaskOrigin& origin = *accepted.recipe->origin;
  Comparison out;
  out.x = origin.model_on_wire ? on_wire(x_) : x_;
  out.known = trajectories_[0].replay->discrepancy(origin, out.x);
  if (!out.known && (origin.model.identity() == out.x.identity() || space().distance(origin.model, out.x) == 0)) out.known = 0;
  if (out.known) return out;
  tasks.push_back(origin);
  tasks.back().model = out.x;
  out.computes_stale = !accepted.value && !accepted.recipe->stale;
  if (out.computes_stale) tasks.push_back(origin);
  return out;
}

double ZeroDelayTwin::discrepancy(const Accepted& accepted, const Comparison& comparison, bool reused,
                                  std::span<std::vector<Vector>>& results) {
  if (comparison.known) return *comparison.known;
  Recipe& recipe = *accepted.recipe;
  const auto take = [&] {
    Vector out = std::move(results.front().front());
    results = results.subspan(1);
    return out;
  };
  const Vector fresh = recipe.on_wire ? on_wire(take()) : take();
  Vector stale = recipe.stale;
  if (accepted.value) stale = parts_.executor.value(accepted.value);
  if (comparison.computes_stale) stale = take();
  if (reused) recipe.stale = stale;
  const Computation* const computation = trajectories_[0].replay->computation();
  if (computation == nullptr || !computation->ends_at_model()) return space().distance(stale, fresh);
  // The changes on the way from each model to the end of its chain.
  return space().norm(space().weighted_sum(std::array{1.0, -1.0, -1.0, 1.0}, std::array{stale, recipe.origin->model, fresh, comparison.x}));
}

std::optional<double> ZeroDelayTwin::take_discrepancy() { return std::exchange(since_row_, {}).mean(); }

void ZeroDelayTwin::keep(NodeId node, std::int64_t base, std::shared_ptr<Recipe> recipe) { kept_[{node, base}] = std::move(recipe); }

std::shared_ptr<Recipe> ZeroDelayTwin::take(NodeId node, std::int64_t base) {
  const auto found = kept_.find({node, base});
  PELOTON_INVARIANT(found != kept_.end(), "a contribution whose numbers were let go is accepted once");
  std::shared_ptr<Recipe> out = std::move(found->second);
  kept_.erase(found);
  return out;
}

void ZeroDelayTwin::visit_state(StateVisitor& v) {
  for (Trajectory& trajectory : trajectories_) {
    space().visit(v, "model", trajectory.model);
    if (trajectory.optimizer) trajectory.optimizer->visit_state(v);
    std::uint64_t senders = trajectory.feedback.size();
    v("senders", senders);
    while (trajectory.feedback.size() < senders) trajectory.feedback.emplace_back(space());
    for (ErrorFeedback& feedback : trajectory.feedback) v("feedback", feedback);
    trajectory.replay->visit_state(v);
  }
  space().visit(v, "x", x_);
  std::uint64_t count = kept_.size();
  v("kept", count);
  if (v.reading()) {
    kept_.clear();
    for (std::uint64_t i = 0; i < count; ++i) {
      std::pair<NodeId, std::int64_t> key;
      v("node", key.first);
      v("base", key.second);
      auto recipe = std::make_shared<Recipe>();
      recipe->visit_state(v, parts_.executor);
      kept_[key] = std::move(recipe);
    }
  } else {
    for (auto& [key, recipe] : kept_) {
      std::pair<NodeId, std::int64_t> shown = key;
      v("node", shown.first);
      v("base", shown.second);
      recipe->visit_state(v, parts_.executor);
    }
  }
  v("distances", distances_);
  v("floors", floors_);
  v("discrepancies", discrepancies_);
  v("since_row", since_row_);
  v("evaluations", evaluations_);
}

}  // namespace peloton
