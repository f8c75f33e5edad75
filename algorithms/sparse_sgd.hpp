#pragma once

#include "algorithms/sasg.hpp"

namespace peloton {

/// Synchronous SGD with top-k sparsification and error feedback (Stich, Cordonnier, Jaggi, NeurIPS 2018).
///
///   worker m of M:   p = γ g_m + e_m;  T_m = topk(p);  e_m ← p − T_m;  push T_m          γ = η / M
///   server:          w^{t+1} = w^t − Σ_m T_m;  broadcast w^{t+1}
///
/// Sasg without a trigger: everybody pushes, one gradient per round. Up: k (32 + ⌈log2 d⌉) bits per worker; down: 32 d.
class SparseSgd final : public Sasg {
 public:
  struct Options {
    StepSize learning_rate;
    CodecSpec compressor = TopkOptions{.ratio = {0.01}, .scope = TopkScope::tensor};
    OnFailure on_failure;

    static auto fields() {
      return options(field("learning_rate", &Options::learning_rate, "step size η of the mean of the workers' gradients"),
                     field("compressor", &Options::compressor, "of what is pushed, with error feedback"),
                     field("on_failure", &Options::on_failure, kOnFailureHelp));
    }
  };
  static constexpr AlgorithmInfo info{.name = "sparse_sgd",
                                      .summary = "workers push the largest coordinates of their gradients, with error feedback",
                                      .source = "Stich, Cordonnier, Jaggi, NeurIPS 2018",
                                      .overlaps = true};

  explicit SparseSgd(const Options& o) : Sasg({o.learning_rate, o.compressor, std::nullopt, 1, std::nullopt, o.on_failure}) {}
};

}  // namespace peloton
