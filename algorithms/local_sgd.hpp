#pragma once

#include "algorithms/local/local_workers.hpp"
#include "algorithms/local/spread.hpp"
#include "algorithms/rounds/server_rounds.hpp"
#include "algorithms/schedules/communication.hpp"

namespace peloton {

/// What a worker sends after its local steps.
enum class LocalMessage : std::uint8_t { model, update };
template <>
struct EnumNames<LocalMessage> {
  static constexpr std::array names = {std::pair{std::string_view("model"), LocalMessage::model},
                                       std::pair{std::string_view("update"), LocalMessage::update}};
};

/// Local SGD, from every step to one-shot averaging (Spiridonoff, Olshevsky, Paschalidis, NeurIPS 2021).
///
///   communication times  0 = τ_0 < τ_1 < … < τ_R = T,   H_r = τ_{r+1} − τ_r
///   worker i, round r:   x_i ← x̂;  H_r times:  x_i ← x_i − η_t g_i(x_i),  t = τ_r, τ_r + 1, …;   push x_i   (message: update:  x̂ − x_i)
///   server:              when all n have arrived:  x̂ ← mean_i x_i          (message: update:  x̂ ← x̂ − η_s · mean_i (x̂ − x_i))
///
/// Up and down: 32 d per worker and round. One update is one round; T is always a communication time, and the run ends there. With `update`
/// the server may make a step of any optimiser (FedOpt: Reddi et al., ICLR 2021). H = 1 is sync_sgd: to rounding, and bit for bit with
/// `update` and η a power of two. The workers' momentum stays with them from round to round unless it is reset. The consensus distance is
/// that of the x_i at the end of the last round, before they were averaged. With fewer answers in a round (on_failure, ServerRounds) the
/// mean is theirs; a worker that comes back without its state begins with an optimiser whose states are zero.
class LocalSgd final : public ServerRounds {
 public:
  struct Options {
    StepSize learning_rate;
    OptimizerSpec optimizer;
    LocalState local_state = LocalState::keep;
    CommunicationSchedule schedule = FixedSchedule{};
    LocalMessage message = LocalMessage::model;
    AggregatorSpec aggregator;
    StepSize server_learning_rate = ConstantStep{1.0};
    OptimizerSpec server_optimizer;
    OnFailure on_failure;

    static auto fields() {
      return options(field("learning_rate", &Options::learning_rate, "step size η_t of local step t, counted over all rounds"),
                     field("optimizer", &Options::optimizer, "the workers' local step"),
                     field("local_state", &Options::local_state, "the workers' optimiser states are kept from round to round, or reset"),
                     field("schedule", &Options::schedule, "local steps between two rounds"),
                     field("message", &Options::message, "workers send their models, or what changed"),
                     field("aggregator", &Options::aggregator, "how a round's messages become one"),
                     field("server_learning_rate", &Options::server_learning_rate, "η_s, with message: update"),
                     field("server_optimizer", &Options::server_optimizer, "the server's step, with message: update"),
                     field("on_failure", &Options::on_failure, kOnFailureHelp));
    }
    void validate(const Place& place) const;
  };
  static constexpr AlgorithmInfo info{.name = "local_sgd",
                                      .summary = "workers take local steps between two averagings",
                                      .source = "Spiridonoff, Olshevsky, Paschalidis, NeurIPS 2021; Stich, ICLR 2019",
                                      .overlaps = true};

  explicit LocalSgd(const Options& options) : ServerRounds(options.on_failure), options_(options), aggregator_(options.aggregator) {}

  void prepare(Cluster& c) override;
  void on_start(Cluster& c) override;
  void on_model(Cluster& c, const ModelMessage& m) override;
  void on_gradient_ready(Cluster& c, const Gradient& chain) override;
  void on_gradient(Cluster& c, const GradientMessage& m) override;
  void on_state_lost(Cluster&, NodeId worker) override { local_.forget(worker); }

  Model reported_model(Cluster&) const override { return model_; }
  std::optional<StepRule> step_rule() const override { return StepRule{options_.server_learning_rate, options_.server_optimizer}; }
  std::optional<double> consensus_distance(Cluster&) const override { return aggregator_.spread(); }
  bool finished() const override { return finished_; }
  RoundPlan plan(const PlanContext& context) const override;
  void visit_state(StateVisitor& v, Cluster& c) override;

 protected:
  [[nodiscard]] Model round_model() const override { return model_; }
  void end_round(Cluster& c) override;

 private:
  [[nodiscard]] bool averages_models() const { return options_.message == LocalMessage::model; }
  void start_round(Cluster& c);

  Options options_;
  SpreadAggregator aggregator_;
  CommunicationTimes times_;
  LocalWorkers local_;
  Model model_;                    ///< x̂
  std::vector<Gradient> arrived_;  ///< indexed by worker
  std::uint64_t round_ = 0;        ///< r
  std::uint64_t steps_ = 0;        ///< τ_r
  bool finished_ = false;
};

}  // namespace peloton
