#pragma once

#include "algorithms/algorithm.hpp"

namespace peloton {

/// Asynchronous SGD on a parameter server: every gradient is applied on arrival (Tsitsiklis, Bertsekas, Athans, 1986; Agarwal, Duchi,
/// 2011).
///
///   worker j, for ever:   pull (w, v_j);  compute g_j at w;  push g_j
///   server, on arrival:   τ = k − v_j;  drop g_j when τ > max_staleness, else  w ← w − η_k s(τ) g_j,  k ← k + 1;  send (w, k) to j
///
/// s(τ) = 1, or min(1, n / max(τ, 1)) with `delay_adaptive` (the code of Mishchenko et al., NeurIPS 2022; n workers).
/// A worker that fails is not waited for; one that comes back is sent the model as it is then.
/// Up: 32 d per gradient; down: 32 d per pull. A dropped gradient has crossed the network and counts. η is per gradient: no 1/n.
class AsyncSgd final : public Algorithm {
 public:
  struct Options {
    StepSize learning_rate;
    OptimizerSpec optimizer;
    std::optional<Count> max_staleness;
    bool delay_adaptive = false;

    static auto fields() {
      return options(
          field("learning_rate", &Options::learning_rate, "step size η of one applied gradient"),
          field("optimizer", &Options::optimizer, "the server's step"),
          field("max_staleness", &Options::max_staleness, kNonNegative, "gradients staler than this are dropped; absent: none is"),
          field("delay_adaptive", &Options::delay_adaptive, "scale the step by min(1, workers / staleness)"));
    }
  };
  static constexpr AlgorithmInfo info{.name = "async_sgd",
                                      .summary = "parameter server that applies each gradient on arrival",
                                      .source = "Agarwal, Duchi, NeurIPS 2011; delay-adaptive step: Mishchenko et al., NeurIPS 2022",
                                      .overlaps = true};

  explicit AsyncSgd(const Options& options) : options_(options) {}

  void on_start(Cluster& c) override;
  void on_model(Cluster& c, const ModelMessage& m) override;
  void on_gradient_ready(Cluster& c, const Gradient& g) override;
  void on_gradient(Cluster& c, const GradientMessage& m) override;

  Model reported_model(Cluster&) const override { return model_; }
  std::optional<StepRule> step_rule() const override { return StepRule{options_.learning_rate, options_.optimizer}; }
  RoundPlan plan(const PlanContext& context) const override;
  void visit_state(StateVisitor& v, Cluster& c) override;

 private:
  [[nodiscard]] double scale(std::int64_t staleness, std::size_t workers) const;

  Options options_;
  Model model_;
};

}  // namespace peloton
