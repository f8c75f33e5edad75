#include "algorithms/local/local_steps.hpp"

#include <cstring>

namespace peloton {
namespace {

void copy(ConstView from, MutableView to) { std::memcpy(to.data, from.data, from.size * bytes_of(from.precision)); }

void zero(MutableView x) { std::memset(x.data, 0, x.size * bytes_of(x.precision)); }

/// out ← x + a y
void plus_scaled(const Kernels& kernels, ConstView x, double a, ConstView y, MutableView out) {
  with_type(x.precision, [&]<class T>(T) {
    kernels.get<T>().plus_scaled(x.size, x.as<T>().data(), static_cast<T>(a), y.as<T>().data(), out.as<T>().data());
  });
}

/// y ← b y + a x
void scale_and_add(const Kernels& kernels, MutableView y, double b, double a, ConstView x) {
  with_type(x.precision, [&]<class T>(T) {
    kernels.get<T>().scale_and_add(x.size, static_cast<T>(b), static_cast<T>(a), x.as<T>().data(), y.as<T>().data());
  });
}

}  // namespace

LocalSteps::LocalSteps(Settings settings)
    : settings_(std::move(settings)), rule_(make_optimizer_rule(settings_.optimizer)), transform_(gradient_transform(settings_.optimizer)) {
  PELOTON_INVARIANT(settings_.result == ChainResult::end || (settings_.pulls.empty() && !settings_.correction),
                    "a change is the sum of the optimiser's steps alone");
}

void LocalSteps::run(TaskRun& task, std::span<const MutableView> results, std::span<double> scalars) const {
  PELOTON_INVARIANT(task.inputs.size() == states() + settings_.pulls.size() + (settings_.correction ? 1 : 0),
                    "a chain of local steps is given its states, its targets and its correction");
  const bool changes = settings_.result == ChainResult::change;
  const std::span<const MutableView> scratch = task.scratch(changes ? 2 : 1);
  const MutableView gradient = scratch[0];
  const MutableView x = changes ? scratch[1] : results[0];
  copy(task.model, x);
  if (changes) zero(results[0]);
  const std::span<const MutableView> states = results.subspan(1);
  for (std::size_t i = 0; i < states.size(); ++i) copy(task.inputs[i], states[i]);

  double loss = 0;
  for (std::uint64_t h = 0; h < task.address.steps; ++h) {
    double one = 0;
    task.gradient(h, x, gradient, settings_.loss ? &one : nullptr);
    loss += one;
    step(task, h, gradient, states, x, changes ? &results[0] : nullptr);
  }
  if (settings_.loss) scalars[0] = loss / static_cast<double>(task.address.steps);
  if (changes) {  // what was summed up is −Σ η v
    with_type(x.precision, [&]<class T>(T) { task.kernels().get<T>().scale(x.size, T{-1}, results[0].as<T>().data()); });
  }
}

void LocalSteps::step(TaskRun& task, std::uint64_t h, MutableView gradient, std::span<const MutableView> states, MutableView x,
                      const MutableView* change) const {
  const Kernels& kernels = task.kernels();
  const auto t = static_cast<std::int64_t>(task.address.first_step + h);
  const double eta = step_size(settings_.learning_rate, t);
  transform_gradient(transform_, kernels, x, gradient);
  const MutableView moved = change == nullptr ? x : *change;
  decay(transform_, kernels, eta, x, moved);
  const std::int64_t number = 1 + (settings_.state == LocalState::keep ? t : static_cast<std::int64_t>(h));
  rule_->step(kernels, {.learning_rate = eta, .number = number}, gradient, states, moved, moved);
  if (change != nullptr) plus_scaled(kernels, task.model, 1.0, *change, x);
  for (std::size_t j = 0; j < settings_.pulls.size(); ++j) {
    const double pull = settings_.pulls[j];
    if (pull > 0) scale_and_add(kernels, x, 1 - pull, pull, task.inputs[states.size() + j]);
  }
  if (settings_.correction && h == 0) plus_scaled(kernels, x, -1.0, task.inputs.back(), x);
}

}  // namespace peloton
