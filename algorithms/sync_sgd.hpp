#pragma once

#include "algorithms/aggregation/aggregator.hpp"
#include "algorithms/local/noisy_gradient.hpp"
#include "algorithms/rounds/server_rounds.hpp"

namespace peloton {

/// Synchronous mini-batch SGD on a parameter server: every round waits for all n workers.
///
///   server, round k:   send (w_k, k) to every worker
///   worker j:          g_j = stochastic gradient at w_k, with noise when there is any;  push C(g_j)
///   server:            when all n have arrived:  w_{k+1} = w_k − η_k A(C(g_1), …, C(g_n))
///
/// A is the aggregator, the mean by default, over the workers in order of their numbers whatever the order of arrival. C is the uplink's
/// compressor. With a downlink compressor D the server sends D(A(…)) instead of w_{k+1}, and everybody makes the same step along it;
/// only w_0 goes out dense.
///
/// With fewer answers in a round (on_failure, ServerRounds) n is their number.
/// Up and down: 32 d per worker and round without compressors. Other methods are presets of these parts (signsgd, median_sgd).
class SyncSgd : public ServerRounds {
 public:
  struct Options {
    StepSize learning_rate;
    OptimizerSpec optimizer;
    AggregatorSpec aggregator;
    std::optional<CodecSpec> compressor;
    std::optional<CodecSpec> downlink;
    NoiseSpec noise;
    OnFailure on_failure;

    static auto fields() {
      return options(field("learning_rate", &Options::learning_rate, "step size η of a round"),
                     field("optimizer", &Options::optimizer, "the server's step"),
                     field("aggregator", &Options::aggregator, "how a round's gradients become one direction"),
                     field("compressor", &Options::compressor, "of the gradients on the way up; absent: none"),
                     field("downlink", &Options::downlink, "of the direction on the way down; absent: the model itself is sent"),
                     field("noise", &Options::noise, "added to each gradient at its worker"),
                     field("on_failure", &Options::on_failure, kOnFailureHelp));
    }
  };
  static constexpr AlgorithmInfo info{.name = "sync_sgd",
                                      .summary = "parameter server that waits for every worker in each round",
                                      .source = "mini-batch SGD; bulk-synchronous parallel (Valiant, 1990)",
                                      .overlaps = true};

  explicit SyncSgd(const Options& options)
      : ServerRounds(options.on_failure), options_(options), aggregator_(make_aggregator(options.aggregator)) {}

  void prepare(Cluster& c) override;
  void on_start(Cluster& c) override;
  void on_model(Cluster& c, const ModelMessage& m) override;
  void on_gradient_ready(Cluster& c, const Gradient& g) override;
  void on_gradient(Cluster& c, const GradientMessage& m) override;

  Model reported_model(Cluster&) const override { return model_; }
  std::optional<StepRule> step_rule() const override { return StepRule{options_.learning_rate, options_.optimizer}; }
  RoundPlan plan(const PlanContext& context) const override;
  void visit_state(StateVisitor& v, Cluster& c) override;

 protected:
  /// The compressor of the way down among n workers.
  [[nodiscard]] virtual std::optional<CodecSpec> downlink(std::size_t /*workers*/) const { return options_.downlink; }
  [[nodiscard]] Model round_model() const override { return model_; }
  void end_round(Cluster& c) override;

 private:
  Options options_;
  std::unique_ptr<Aggregator> aggregator_;
  const Codec* up_ = nullptr;
  const Codec* down_ = nullptr;
  const Codec* down_even_ = nullptr;  ///< of rounds with an even number of answers, where some may be missing
  Model model_;
  std::vector<Gradient> arrived_;  ///< indexed by worker
};

}  // namespace peloton
