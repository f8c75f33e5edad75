#include "algorithms/optimizers/optimizer.hpp"

#include <array>
#include <cstring>

#include "algorithms/optimizers/adagrad.hpp"
#include "algorithms/optimizers/adam.hpp"
#include "algorithms/optimizers/amsgrad.hpp"
#include "algorithms/optimizers/momentum.hpp"
#include "algorithms/optimizers/nesterov.hpp"
#include "algorithms/optimizers/sgd.hpp"

namespace peloton {
namespace {

std::unique_ptr<OptimizerRule> make(const SgdOptions&) { return std::make_unique<Sgd>(); }
std::unique_ptr<OptimizerRule> make(const MomentumOptions& o) { return std::make_unique<Momentum>(o); }
std::unique_ptr<OptimizerRule> make(const NesterovOptions& o) { return std::make_unique<Nesterov>(o); }
std::unique_ptr<OptimizerRule> make(const AdamOptions& o) { return std::make_unique<Adam>(o); }
std::unique_ptr<OptimizerRule> make(const AmsgradOptions& o) { return std::make_unique<Amsgrad>(o); }
std::unique_ptr<OptimizerRule> make(const AdagradOptions& o) { return std::make_unique<Adagrad>(o); }

ConstView part(ConstView v, std::size_t begin, std::size_t end) {
  return {v.precision, static_cast<const std::byte*>(v.data) + begin * bytes_of(v.precision), end - begin};
}
MutableView part(MutableView v, std::size_t begin, std::size_t end) {
  return {v.precision, static_cast<std::byte*>(v.data) + begin * bytes_of(v.precision), end - begin};
}

}  // namespace

std::unique_ptr<OptimizerRule> make_optimizer_rule(const OptimizerSpec& spec) {
  return std::visit([](const auto& o) { return make(o); }, spec.law.value);
}

std::size_t state_vectors(const OptimizerSpec& spec) { return make_optimizer_rule(spec)->states(); }

Optimizer::Optimizer(const OptimizerSpec& spec, VectorSpace& space)
    : rule_(make_optimizer_rule(spec)), transform_(gradient_transform(spec)), space_(space) {
  PELOTON_INVARIANT(rule_->states() <= OptimizerRule::kMostStates, "an optimiser's states are as few as declared");
  for (std::size_t i = 0; i < rule_->states(); ++i) states_.push_back(space_.zeros());
}

Vector Optimizer::step(Vector x, const Vector& gradient, double learning_rate) {
  const OptimizerRule::Step step{.learning_rate = learning_rate, .number = ++steps_};
  const Vector direction = transform_.idle() ? gradient : transformed(gradient, x);
  Vector out = x.unique() ? std::move(x) : space_.make();

  const MutableView to = out.write();
  const ConstView from = x ? x.view() : to;
  const ConstView g = direction.view();
  std::array<MutableView, OptimizerRule::kMostStates> states;
  for (std::size_t i = 0; i < states_.size(); ++i) states[i] = states_[i].write();

  space_.for_each_chunk([&](std::size_t begin, std::size_t end) {
    const MutableView to_part = part(to, begin, end);
    ConstView from_part = part(from, begin, end);
    if (transform_.decays_iterate()) {
      if (from_part.data != to_part.data) std::memcpy(to_part.data, from_part.data, to_part.size * bytes_of(to_part.precision));
      decay(transform_, space_.kernels(), learning_rate, to_part, to_part);
      from_part = to_part;
    }
    std::array<MutableView, OptimizerRule::kMostStates> state_parts;
    for (std::size_t i = 0; i < states_.size(); ++i) state_parts[i] = part(states[i], begin, end);
    rule_->step(space_.kernels(), step, part(g, begin, end), std::span(state_parts).first(states_.size()), from_part, to_part);
  });
  return out;
}

Vector Optimizer::transformed(const Vector& gradient, const Vector& x) {
  Vector g = gradient;  // the caller keeps its handle, so that a change goes to a copy
  if (transform_.adds_to_gradient()) g = space_.plus_scaled(std::move(g), transform_.weight_decay, x);
  if (transform_.clip_norm) {
    const double factor = transform_.clip_factor(space_.norm(g));
    if (factor != 1) space_.scale(g, factor);
  }
  return g;
}

void Optimizer::visit_state(StateVisitor& v) {
  space_.visit(v, "states", states_);
  v("steps", steps_);
}

}  // namespace peloton
