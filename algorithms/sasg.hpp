#pragma once

#include "algorithms/algorithm.hpp"
#include "algorithms/compression/error_feedback.hpp"
#include "algorithms/triggers/lazy_trigger.hpp"

namespace peloton {

/// SASG: sparse and lazily aggregated stochastic gradients (Deng, Li, Sun, Lu, arXiv 2112.04088).
///
///   server, round t:   broadcast w^t
///   worker m of M:     draw ξ;  g = ∇ℓ(w^t; ξ),  g' = ∇ℓ(w_m; ξ)  at the model of its last upload
///                      ‖g − g'‖² ≥ threshold, or its last upload is too old:   p = γ g + e_m;  T_m = topk(p);  e_m ← p − T_m;  w_m ← w^t;  push T_m
///                      else push nothing: the fresh gradient is dropped, e_m stays
///   server:            w^{t+1} = w^t − Σ_m T_m,  with the stored T_m of those who pushed nothing
///
/// γ = η / M: the step size η is that of the mean, and it is inside T_m, so that a later η does not rescale errors that are stored. The
/// threshold looks back on the model's last movements (LazyTrigger). Up: k (32 + ⌈log2 d⌉) bits where the trigger fires, else a flag of
/// one bit, control traffic; down: 32 d. Two gradients per round, on the same samples. Without a trigger every worker pushes and computes
/// one gradient (sparse_sgd); without a compressor T_m = γ g (lasg); without both it is sync_sgd.
class Sasg : public Algorithm {
 public:
  struct Options {
    StepSize learning_rate;
    std::optional<CodecSpec> compressor = TopkOptions{.ratio = {0.01}, .scope = TopkScope::tensor};
    std::optional<LazyTriggerOptions> trigger = LazyTriggerOptions{};
    Count flag_bits = 1;
    std::optional<Fraction> upload_probability;

    static auto fields() {
      return options(field("learning_rate", &Options::learning_rate, "step size η of the mean of the workers' gradients"),
                     field("compressor", &Options::compressor, "of what is pushed, with error feedback"),
                     field("trigger", &Options::trigger, "when a worker pushes"),
                     field("flag_bits", &Options::flag_bits, kNonNegative, "of the message of a worker that pushes nothing"),
                     field("upload_probability", &Options::upload_probability, between(0, 1),
                           "stands for the trigger where there are no values (\"learning\": false)"));
    }
  };
  static constexpr AlgorithmInfo info{.name = "sasg",
                                      .summary = "workers push sparsified gradients, and only those that changed enough",
                                      .source = "Deng, Li, Sun, Lu, arXiv 2112.04088",
                                      .values_decide_events = true};

  explicit Sasg(const Options& options) : options_(options), movements_(0) {}

  void prepare(Cluster& c) override;
  void on_start(Cluster& c) override;
  void on_model(Cluster& c, const ModelMessage& m) override;
  void on_gradient_ready(Cluster& c, const Gradient& g) override;
  void on_gradient(Cluster& c, const GradientMessage& m) override;
  void on_control(Cluster& c, const ControlMessage& m) override;

  Model reported_model(Cluster&) const override { return model_; }
  std::optional<StepRule> step_rule() const override { return StepRule{ConstantStep{1.0}, SgdOptions{}}; }
  std::string needs_values() const override;
  RoundPlan plan(const PlanContext& context) const override;
  std::vector<Table> tables(const Cluster& c) const override;
  void visit_state(StateVisitor& v, Cluster& c) override;

 private:
  void start_round(Cluster& c);
  [[nodiscard]] bool uploads(Cluster& c, const Gradient& g) const;
  void upload(Cluster& c, const Gradient& g);
  void arrived(Cluster& c);
  [[nodiscard]] double gamma(const Cluster& c) const;

  Options options_;
  std::optional<LazyTrigger> trigger_;
  const Codec* codec_ = nullptr;
  StepSize learning_rate_;
  Model model_;
  MovementWindow movements_;
  std::vector<ErrorFeedback> errors_;       ///< e_m
  std::vector<Model> uploaded_;             ///< w_m
  std::vector<Count> ages_;                 ///< rounds since the worker's last upload
  std::vector<Gradient> stored_;            ///< T_m
  std::vector<std::uint64_t> uploads_;      ///< by worker, for the table
  std::uint64_t missing_ = 0;               ///< workers that have not answered in this round
};

}  // namespace peloton
