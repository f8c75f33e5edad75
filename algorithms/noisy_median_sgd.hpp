#pragma once

#include "algorithms/median_sgd.hpp"

namespace peloton {

/// Noisy medianSGD (Chen, Chen, Sun, Wu, Hong, NeurIPS 2020, Algorithm 4): as median_sgd with g_i + b ξ_i sent.
///
/// The expected median of 2n + 1 noisy numbers tends to their mean at O(1/b); on the paper's counter-example at O(1/b²), for Gaussian and
/// for Laplace noise. Up and down: 32 d per worker and round. With b = 0 it is median_sgd bit for bit.
class NoisyMedianSgd final : public MedianSgd {
 public:
  struct Options {
    StepSize learning_rate;
    OptimizerSpec optimizer;
    NoiseSpec noise{.scale = 1e-3, .law = NoiseLaw::gaussian};
    OnFailure on_failure;

    static auto fields() {
      return options(field("learning_rate", &Options::learning_rate, "step size δ of a round"),
                     field("optimizer", &Options::optimizer, "the server's step"),
                     field("noise", &Options::noise, "b ξ, added to each gradient at its worker"),
                     field("on_failure", &Options::on_failure, kOnFailureHelp));
    }
  };
  static constexpr AlgorithmInfo info{.name = "noisy_median_sgd",
                                      .summary = "median_sgd with noise added to the gradients before the median is taken",
                                      .source = "Chen, Chen, Sun, Wu, Hong, NeurIPS 2020, Algorithm 4",
                                      .overlaps = true};

  explicit NoisyMedianSgd(const Options& options)
      : MedianSgd(options.learning_rate, options.optimizer, options.noise, options.on_failure) {}
};

}  // namespace peloton
