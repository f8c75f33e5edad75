#pragma once

#include <memory>

#include "sim/compute/law_sources.hpp"
#include "sim/compute/phases.hpp"

namespace peloton {

/// A worker is fast or slow for a while: a continuous-time Markov chain of two phases, one for each worker, independent of the others.
/// Phases have exponential lengths in virtual time with the means `to_slow` (of a fast phase) and `to_fast` (of a slow one), and the
/// chain is stationary: a worker is slow with probability to_fast / (to_slow + to_fast) at any time, from the start on. The phase in
/// which a computation starts decides which law its whole time is drawn from.
///
/// `expectation` is that of a computation which starts at any given time. Averaged over a worker's computations the mean is smaller:
/// more of them start in fast phases.
struct MarkovLaw {
  static constexpr std::string_view kind = "markov";
  static constexpr std::string_view help = "fast and slow phases that alternate in virtual time, for each worker by itself";
  TimeLaw fast{Seconds{0.01}};
  TimeLaw slow{Seconds{0.05}};
  Seconds to_slow{9};
  Seconds to_fast{1};
  /// Of the workers; made by `prepare`.
  std::shared_ptr<const Phases> phases = nullptr;

  static auto fields() {
    return options(required("fast", &MarkovLaw::fast, kPositive, "the time of a computation that starts in a fast phase"),
                   required("slow", &MarkovLaw::slow, kPositive, "the time of one that starts in a slow phase"),
                   required("to_slow", &MarkovLaw::to_slow, kShortestPhase, "mean length of a fast phase: the time until it turns slow"),
                   required("to_fast", &MarkovLaw::to_fast, kShortestPhase, "mean length of a slow phase"));
  }
  static constexpr Check kShortestPhase = at_least(1e-6, "a microsecond of virtual time");
  void validate(const Place& place) const;
  void prepare(const LawSources& sources, const Place& place);
  double sample(RandomStream& random, const ComputeCall& call) const;
  double expectation(NodeId worker) const;
};

}  // namespace peloton
