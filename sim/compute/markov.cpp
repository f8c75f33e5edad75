#include "sim/compute/markov.hpp"

#include <fmt/format.h>

namespace peloton {

void MarkovLaw::validate(const Place& place) const {
  if (fast.expectation() > slow.expectation())
    throw InputError(place / "slow", fmt::format("must be ≥ fast in the mean ({}), got {}", show_seconds(fast.expectation()),
                                                 show_seconds(slow.expectation())));
}

void MarkovLaw::prepare(const LawSources& sources, const Place& /*place*/) {
  phases = std::make_shared<const Phases>(
      Phases::Spec{.usual = TimeLaw(ExponentialLaw{to_slow}), .slow = TimeLaw(ExponentialLaw{to_fast}), .stationary = true},
      sources.workers, Phases::Source{.seed = sources.seed, .purpose = Purpose::markov_phase, .process = sources.term});
}

double MarkovLaw::sample(RandomStream& random, const ComputeCall& call) const {
  PELOTON_INVARIANT(phases != nullptr, "a Markov law is made ready before it is sampled");
  return (phases->at(call.worker, call.start).slow ? slow : fast).sample(random);
}

double MarkovLaw::expectation(NodeId /*worker*/) const {
  const double share = to_fast.value / (to_slow.value + to_fast.value);
  return fast.expectation() + share * (slow.expectation() - fast.expectation());
}

}  // namespace peloton
