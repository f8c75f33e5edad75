#pragma once

#include <vector>

#include "algorithms/local/local_workers.hpp"
#include "algorithms/rounds/server_rounds.hpp"

namespace peloton {

enum class ElasticMode : std::uint8_t { synchronous, asynchronous };
template <>
struct EnumNames<ElasticMode> {
  static constexpr std::array names = {std::pair{std::string_view("synchronous"), ElasticMode::synchronous},
                                       std::pair{std::string_view("asynchronous"), ElasticMode::asynchronous}};
};

/// Elastic averaging SGD (Zhang, Choromanska, LeCun, NeurIPS 2015): workers x_i and a centre x̃ pull at each other.
///
///   α = β / n.  Every τ local steps, also before the first:
///   synchronous:    worker i:  push x_i, wait for x̃;   e_i = α (x_i − x̃);   x_i ← x_i − e_i − η g_i(x_i)
///                   server:    when all n have arrived:  send x̃ to all;   x̃ ← (1 − β) x̃ + β mean_i x_i
///   asynchronous:   worker i:  ask for x̃ and wait;   e_i = α (x_i − x̃);   push e_i;   x_i ← x_i − e_i − η g_i(x_i)
///                   server, on arrival:   x̃ ← x̃ + e_i
///
/// The gradient beside a pull is taken at the x_i before it. Synchronous workers are pulled towards the x̃ of the round before, so their
/// staleness is 1. With Nesterov's momentum as the local optimiser it is EAMSGD, up to this: x_i is the point where gradients are taken
/// (Nesterov), and it, not the point δ v behind it, is what is pulled and pulls. The pull does not enter the velocity.
/// Workers that fail pull no more: a synchronous round of m < n answers (on_failure, ServerRounds) makes x̃ ← (1 − m α) x̃ + α Σ x_i, the
/// others of an asynchronous run go on. Who comes back without its x_i begins at the centre.
/// Up and down: 32 d per worker and τ steps; asynchronous workers' requests are control messages without a payload. The centre is what is
/// reported.
class Easgd final : public ServerRounds {
 public:
  struct Options {
    StepSize learning_rate;
    OptimizerSpec optimizer;
    Count period = 10;
    double beta = 0.9;
    ElasticMode mode = ElasticMode::synchronous;
    OnFailure on_failure;

    static auto fields() {
      return options(field("learning_rate", &Options::learning_rate, "step size η_t, by the worker's count of local steps"),
                     field("optimizer", &Options::optimizer, "the workers' local step"),
                     field("period", &Options::period, at_least(1), "τ, local steps between two pulls"),
                     field("beta", &Options::beta, kPositive, "moving rate β = n α of the centre"),
                     field("mode", &Options::mode, "all workers at once, or each on its own"),
                     field("on_failure", &Options::on_failure, "what a synchronous round does about workers that fail"));
    }
  };
  static constexpr AlgorithmInfo info{.name = "easgd",
                                      .summary = "workers and a centre pull at each other every few local steps",
                                      .source = "Zhang, Choromanska, LeCun, NeurIPS 2015"};

  explicit Easgd(const Options& options) : ServerRounds(options.on_failure), options_(options) {}

  void prepare(Cluster& c) override;
  void on_start(Cluster& c) override;
  void on_model(Cluster& c, const ModelMessage& m) override;
  void on_gradient_ready(Cluster& c, const Gradient& chain) override;
  void on_gradient(Cluster& c, const GradientMessage& m) override;
  void on_control(Cluster& c, const ControlMessage& m) override;
  void on_node_down(Cluster& c, NodeId worker) override;
  void on_node_up(Cluster& c, NodeId node) override;
  void on_state_lost(Cluster& c, NodeId worker) override;

  Model reported_model(Cluster&) const override { return centre_; }
  std::optional<double> consensus_distance(Cluster& c) const override;
  std::unique_ptr<Replay> make_replay(Cluster& c, const Vector& initial) const override;
  RoundPlan plan(const PlanContext& context) const override;
  void visit_state(StateVisitor& v, Cluster& c) override;

 protected:
  [[nodiscard]] Model round_model() const override { return centre_; }
  void end_round(Cluster& c) override;

 private:
  class Elastic;
  static constexpr std::int64_t kForgotten = -1;  ///< version of an x_i that was lost
  /// e = α (x − centre)
  [[nodiscard]] Vector elastic(VectorSpace& space, const Vector& x, const Vector& centre) const;
  [[nodiscard]] bool synchronous() const { return options_.mode == ElasticMode::synchronous; }

  Options options_;
  LocalWorkers local_;
  double alpha_ = 0;  ///< β / n
  const Codec* dense_ = nullptr;
  Model centre_;                   ///< x̃
  std::vector<Model> models_;      ///< x_i when the worker's last chain had ended
  std::vector<Gradient> arrived_;  ///< by worker, of this round
};

}  // namespace peloton
