#pragma once

#include "algorithms/sync_sgd.hpp"

namespace peloton {

/// signSGD with majority vote (Bernstein et al., ICML 2018), the sign of the coordinate median where n is odd (Chen et al., NeurIPS 2020).
///
///   worker i:  g_i = stochastic gradient at x_t;  push s_i = sign(g_i)
///   server:    v = sign(Σ_i s_i);  broadcast v
///   everyone:  x_{t+1} = x_t − δ v
///
/// Up and down: d bits per worker and round; x_0 goes out dense. With an even n votes can tie: a tie is 0, x_j stays, and the way down
/// takes three values, 1.6 d bits. So it does where zeros are kept on the way up. A zero is sent as +1 unless said otherwise: a coordinate
/// whose gradient is zero on every worker then drifts by −δ a round. Where workers fail (on_failure, ServerRounds) those vote who answer,
/// and the way down of a round with an even number of them has room for ties.
class SignSgd : public SyncSgd {
 public:
  struct Options {
    StepSize learning_rate;
    ZeroSign zero = ZeroSign::plus;
    OnFailure on_failure;

    static auto fields() {
      return options(field("learning_rate", &Options::learning_rate, "step size δ, what every coordinate moves in a round"),
                     field("zero", &Options::zero, "how a zero is sent: as plus one, as a random sign, or kept as a third value"),
                     field("on_failure", &Options::on_failure, kOnFailureHelp));
    }
  };
  static constexpr AlgorithmInfo info{.name = "signsgd",
                                      .summary = "workers send signs, the server the majority's: one bit a coordinate each way",
                                      .source = "Bernstein et al., ICML 2018; Chen, Chen, Sun, Wu, Hong, NeurIPS 2020",
                                      .overlaps = true};

  explicit SignSgd(const Options& options) : SignSgd(options.learning_rate, options.zero, NoiseSpec{}, options.on_failure) {}

 protected:
  SignSgd(const StepSize& learning_rate, ZeroSign zero, const NoiseSpec& noise, const OnFailure& on_failure);
  [[nodiscard]] std::optional<CodecSpec> downlink(std::size_t workers) const override;

 private:
  ZeroSign zero_;
};

}  // namespace peloton
