#pragma once

#include "algorithms/algorithm.hpp"
#include "algorithms/local/local_workers.hpp"

namespace peloton {

/// What a stale contribution counts.
enum class StalenessWeight : std::uint8_t { none, inverse_sqrt };
template <>
struct EnumNames<StalenessWeight> {
  static constexpr std::array names = {std::pair{std::string_view("none"), StalenessWeight::none},
                                       std::pair{std::string_view("inverse_sqrt"), StalenessWeight::inverse_sqrt}};
};

/// FedBuff: buffered asynchronous aggregation (Nguyen et al., AISTATS 2022).
///
///   worker j, for ever:   pull (w, v_j);  H local steps from w to y;  push Δ = w − y
///   server, on arrival:   τ = k − v_j;  buffer ← buffer + s(τ) Δ;   when K are in:  w ← w − η_s buffer / K,  k ← k + 1,  buffer ← 0;
///                         send (w, k) to j
///
/// s(τ) = 1 / √(1 + τ), or 1. The sum is divided by K, not by Σ s(τ). All workers are active at once. One that fails
/// is not waited for; when it comes back it is sent the model as it is then. 32 d per push and per pull.
/// With K = 1, s = 1, and one local step of size 1 it is async_sgd with step size η_s, bit for bit.
class FedBuff final : public Algorithm {
 public:
  struct Options {
    StepSize learning_rate;
    OptimizerSpec optimizer;
    Count local_steps = 1;
    Count buffer = 10;
    StalenessWeight staleness_weight = StalenessWeight::inverse_sqrt;
    StepSize server_learning_rate = ConstantStep{1.0};
    OptimizerSpec server_optimizer;

    static auto fields() {
      return options(field("learning_rate", &Options::learning_rate, "step size η of a local step, by the worker's count of local steps"),
                     field("optimizer", &Options::optimizer, "the workers' local step; its states are reset with each pull"),
                     field("local_steps", &Options::local_steps, at_least(1), "H, local steps between pull and push"),
                     field("buffer", &Options::buffer, at_least(1), "K, pushes that make an update"),
                     field("staleness_weight", &Options::staleness_weight, "what a push of staleness τ counts: 1, or 1/√(1 + τ)"),
                     field("server_learning_rate", &Options::server_learning_rate, "η_s of an update"),
                     field("server_optimizer", &Options::server_optimizer, "the server's step"));
    }
  };
  static constexpr AlgorithmInfo info{.name = "fedbuff",
                                      .summary = "asynchronous server that applies the mean of every K arrivals",
                                      .source = "Nguyen et al., AISTATS 2022",
                                      .overlaps = true};

  explicit FedBuff(const Options& options) : options_(options) {}

  void prepare(Cluster& c) override;
  void on_start(Cluster& c) override;
  void on_model(Cluster& c, const ModelMessage& m) override;
  void on_gradient_ready(Cluster& c, const Gradient& change) override;
  void on_gradient(Cluster& c, const GradientMessage& m) override;

  Model reported_model(Cluster&) const override { return model_; }
  std::optional<StepRule> step_rule() const override { return StepRule{options_.server_learning_rate, options_.server_optimizer}; }
  RoundPlan plan(const PlanContext& context) const override;
  void visit_state(StateVisitor& v, Cluster& c) override;

 private:
  [[nodiscard]] double weight(std::int64_t staleness) const;
  /// Versions that somebody still computes at: with exponential times each lasts until the last of the K workers that pulled it is back,
  /// n/K · H_K versions later on average (H_K ≤ 1 + ln K); at most one for each worker and each push in the buffer.
  [[nodiscard]] std::uint64_t live_versions(std::uint64_t workers) const;

  Options options_;
  LocalWorkers local_;
  Model model_;
  std::vector<Gradient> buffer_;
  std::vector<double> factors_;  ///< s(τ) / K of what is in the buffer
};

}  // namespace peloton
