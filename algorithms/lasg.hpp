#pragma once

#include "algorithms/sasg.hpp"

namespace peloton {

/// LASG, rule WK2: lazily aggregated stochastic gradients (Chen, Sun, Yin, arXiv 2002.11360).
///
///   worker m of M:   push g = ∇ℓ(w^t; ξ) iff  ‖g − ∇ℓ(w_m; ξ)‖² ≥ threshold  or its last upload is too old
///   server:          w^{t+1} = w^t − Σ_m (η_m / M) ĝ_m,  ĝ_m the last gradient that worker m pushed, η_m the step size when it did
///
/// The paper sends the innovation ĝ_new − ĝ_old to a server that keeps the sum, which is the same; its step size is constant. Sasg without
/// a compressor. Up: 32 d where the trigger fires, else a flag of one bit of control traffic; down: 32 d. A round costs every worker the
/// time of two gradients.
class Lasg final : public Sasg {
 public:
  struct Options {
    StepSize learning_rate;
    LazyTriggerOptions trigger;
    Count flag_bits = 1;
    std::optional<Fraction> upload_probability;
    OnFailure on_failure;

    static auto fields() {
      return options(field("learning_rate", &Options::learning_rate, "step size η of the mean of the workers' gradients"),
                     field("trigger", &Options::trigger, "when a worker pushes"),
                     field("flag_bits", &Options::flag_bits, kNonNegative, "of the message of a worker that pushes no gradient"),
                     field("upload_probability", &Options::upload_probability, between(0, 1),
                           "that a gradient changed enough, where there are no values to compare (\"learning\": false)"),
                     field("on_failure", &Options::on_failure, kOnFailureHelp));
    }
  };
  static constexpr AlgorithmInfo info{.name = "lasg",
                                      .summary = "workers push gradients only when they changed enough; the server reuses the others",
                                      .source = "Chen, Sun, Yin, arXiv 2002.11360, rule WK2",
                                      .values_decide_events = true};

  explicit Lasg(const Options& o) : Sasg({o.learning_rate, std::nullopt, o.trigger, o.flag_bits, o.upload_probability, o.on_failure}) {}
};

}  // namespace peloton
