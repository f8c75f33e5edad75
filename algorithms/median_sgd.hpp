#pragma once

#include "algorithms/sync_sgd.hpp"

namespace peloton {

/// medianSGD (Chen, Chen, Sun, Wu, Hong, NeurIPS 2020, Algorithm 2; Yin et al., ICML 2018).
///
///   worker i:  g_i = stochastic gradient at x_t;  push g_i
///   server:    v_j = median_i g_{i,j};   x_{t+1} = x_t − δ v
///
/// Up and down: 32 d per worker and round. On heterogeneous data it stops where the median of the gradients vanishes, not their mean.
/// The median of an even number is the mean of the middle two. Where workers fail (on_failure, ServerRounds) it is that of the answers.
class MedianSgd : public SyncSgd {
 public:
  struct Options {
    StepSize learning_rate;
    OptimizerSpec optimizer;
    OnFailure on_failure;

    static auto fields() {
      return options(field("learning_rate", &Options::learning_rate, "step size δ of a round"),
                     field("optimizer", &Options::optimizer, "the server's step"),
                     field("on_failure", &Options::on_failure, kOnFailureHelp));
    }
  };
  static constexpr AlgorithmInfo info{.name = "median_sgd",
                                      .summary = "parameter server that steps along the coordinate-wise median of the gradients",
                                      .source = "Chen, Chen, Sun, Wu, Hong, NeurIPS 2020; Yin et al., ICML 2018",
                                      .overlaps = true};

  explicit MedianSgd(const Options& options) : MedianSgd(options.learning_rate, options.optimizer, NoiseSpec{}, options.on_failure) {}

 protected:
  MedianSgd(const StepSize& learning_rate, const OptimizerSpec& optimizer, const NoiseSpec& noise, const OnFailure& on_failure);
};

}  // namespace peloton
