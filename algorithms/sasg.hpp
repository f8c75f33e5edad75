#pragma once

#include "algorithms/compression/error_feedback.hpp"
#include "algorithms/rounds/server_rounds.hpp"
#include "algorithms/triggers/lazy_trigger.hpp"
#include "algorithms/triggers/upload_log.hpp"

namespace peloton {

/// SASG: sparse and lazily aggregated stochastic gradients (Deng, Li, Sun, Lu, arXiv 2112.04088).
///
///   server, round t:   broadcast w^t
///   worker m of M:     draw ξ;  g = ∇ℓ(w^t; ξ),  g' = ∇ℓ(w_m; ξ)  at w_m, the model of its last upload
///                      ‖g − g'‖² ≥ threshold, or the last upload is too old:   p = γ g + e_m;  push T_m = C(p);  e_m ← p − T_m;  w_m ← w^t
///                      else:                                                   push a flag; g is dropped, e_m stays
///   server:            w^{t+1} = w^t − Σ_m T_m,  with the T_m it holds from before for those who pushed a flag
///
/// γ = η / M: the step size η is that of the mean. It is inside T_m, so that a smaller η later does not rescale the errors that are stored.
/// The threshold looks back on the model's last movements (LazyTrigger). C is top-k of each tensor in the paper. Up: its bits,
/// k (32 + ⌈log2 d⌉), where the trigger fires, else the flag, one bit of control traffic; down: 32 d. A round costs every worker the time
/// of two gradients. Without a trigger everybody pushes and computes one gradient (sparse_sgd); without a compressor T_m = γ g and e_m = 0
/// (lasg); without both it is sync_sgd. Where workers fail (on_failure, ServerRounds) M is the number of those that take part in the round,
/// and the sum runs over those that have answered; who comes back without its state pushes in its first round, with e_m = 0.
class Sasg : public ServerRounds {
 public:
  struct Options {
    StepSize learning_rate;
    std::optional<CodecSpec> compressor = TopkOptions{.ratio = {0.01}, .scope = TopkScope::tensor};
    std::optional<LazyTriggerOptions> trigger = LazyTriggerOptions{};
    Count flag_bits = 1;
    std::optional<Fraction> upload_probability;
    OnFailure on_failure;

    static auto fields() {
      return options(field("learning_rate", &Options::learning_rate, "step size η of the mean of the workers' gradients"),
                     field("compressor", &Options::compressor, "C, with error feedback; null: every coordinate as it is"),
                     field("trigger", &Options::trigger, "when a worker pushes; null: in every round"),
                     field("flag_bits", &Options::flag_bits, kNonNegative, "of the message of a worker that pushes no gradient"),
                     field("upload_probability", &Options::upload_probability, between(0, 1),
                           "that a gradient changed enough, where there are no values to compare (\"learning\": false)"),
                     field("on_failure", &Options::on_failure, kOnFailureHelp));
    }
  };
  static constexpr AlgorithmInfo info{.name = "sasg",
                                      .summary = "workers push sparsified gradients, and only those that changed enough",
                                      .source = "Deng, Li, Sun, Lu, arXiv 2112.04088",
                                      .values_decide_events = true};

  explicit Sasg(const Options& options) : ServerRounds(options.on_failure), options_(options), movements_(0), log_(0) {}

  void prepare(Cluster& c) override;
  void on_start(Cluster& c) override;
  void on_model(Cluster& c, const ModelMessage& m) override;
  void on_gradient_ready(Cluster& c, const Gradient& g) override;
  void on_gradient(Cluster& c, const GradientMessage& m) override;
  void on_control(Cluster& c, const ControlMessage& m) override;
  void on_state_lost(Cluster& c, NodeId worker) override;

  Model reported_model(Cluster&) const override { return model_; }
  std::optional<StepRule> step_rule() const override { return StepRule{ConstantStep{1.0}, SgdOptions{}}; }
  std::unique_ptr<Replay> make_replay(Cluster& c, const Vector& initial) const override;
  std::string needs_values() const override;
  RoundPlan plan(const PlanContext& context) const override;
  std::vector<Table> tables(const Cluster&) const override { return log_.tables(*codec_); }
  void visit_state(StateVisitor& v, Cluster& c) override;

  /// e_m, an empty handle for zero. Runs with learning and a compressor only.
  [[nodiscard]] const Vector& error(NodeId worker) const { return errors_[worker].memory(); }

 protected:
  [[nodiscard]] Model round_model() const override { return model_; }
  void end_round(Cluster& c) override;

 private:
  void receive(Cluster& c, const Model& model);
  [[nodiscard]] bool uploads(Cluster& c, const Gradient& g) const;
  void upload(Cluster& c, const Gradient& g);
  [[nodiscard]] double gamma(const Cluster& c) const;

  Options options_;
  std::optional<LazyTrigger> trigger_;
  const Codec* codec_ = nullptr;
  StepSize learning_rate_;
  Model model_;
  Model received_;                     ///< w^t as it reached the workers: rounded when the wire is narrower than the parameters
  MovementWindow movements_;           ///< of received_
  std::vector<ErrorFeedback> errors_;  ///< e_m; none without a compressor
  std::vector<Model> uploaded_;        ///< w_m
  std::vector<Gradient> stored_;       ///< T_m
  std::vector<std::uint8_t> fresh_;    ///< workers that have to push, by worker; runs with faults only
  UploadLog log_;
};

}  // namespace peloton
