#pragma once

#include "algorithms/signsgd.hpp"

namespace peloton {

/// Noisy signSGD (Chen, Chen, Sun, Wu, Hong, NeurIPS 2020, Algorithm 3): symmetric noise at the workers takes the median's bias away.
///
///   worker i:  push sign(g_i + b ξ_i),  ξ_i independent over workers, coordinates and rounds, of mean 0 and variance 1
///   server and everyone: as in signsgd
///
/// The noise never crosses the network: d bits per worker and round each way. The gap of the fixed point to the minimiser falls like b⁻²
/// for Gaussian noise, like b⁻¹ for Laplace noise, which has a kink at 0. With b = 0 it is signsgd bit for bit.
class NoisySignSgd final : public SignSgd {
 public:
  struct Options {
    StepSize learning_rate;
    NoiseSpec noise{.scale = 1e-3, .law = NoiseLaw::gaussian};
    ZeroSign zero = ZeroSign::plus;
    OnFailure on_failure;

    static auto fields() {
      return options(field("learning_rate", &Options::learning_rate, "step size δ, what every coordinate moves in a round"),
                     field("noise", &Options::noise, "b ξ, added to each gradient at its worker"),
                     field("zero", &Options::zero, "how a zero is sent: as plus one, as a random sign, or kept as a third value"),
                     field("on_failure", &Options::on_failure, kOnFailureHelp));
    }
  };
  static constexpr AlgorithmInfo info{.name = "noisy_signsgd",
                                      .summary = "signsgd with noise added to the gradients before their signs are taken",
                                      .source = "Chen, Chen, Sun, Wu, Hong, NeurIPS 2020, Algorithm 3",
                                      .overlaps = true};

  explicit NoisySignSgd(const Options& options) : SignSgd(options.learning_rate, options.zero, options.noise, options.on_failure) {}
};

}  // namespace peloton
