#pragma once

#include <map>

#include "algorithms/algorithm.hpp"
#include "algorithms/local/local_workers.hpp"
#include "algorithms/mixing/graph_spec.hpp"
#include "algorithms/mixing/mixing_matrix.hpp"
#include "algorithms/rounds/collective_group.hpp"

namespace peloton {

/// Which of the two comes first in a step of gossip.
enum class MixingOrder : std::uint8_t { adapt_then_combine, combine_then_adapt };
template <>
struct EnumNames<MixingOrder> {
  static constexpr std::array names = {std::pair{std::string_view("adapt_then_combine"), MixingOrder::adapt_then_combine},
                                       std::pair{std::string_view("combine_then_adapt"), MixingOrder::combine_then_adapt}};
};

/// Decentralised parallel SGD: gossip over a graph (Lian et al., NeurIPS 2017).
///
///   W symmetric and doubly stochastic, w_ij > 0 only between neighbours
///   node i, step t:   x_i ← Σ_j w_ij (x_j − η_t g_j(x_j))     adapt_then_combine: send the moved model
///                     x_i ← Σ_j w_ij x_j − η_t g_i(x_i)       combine_then_adapt: send the model, compute meanwhile
///
/// A node goes on when its own part and those of its neighbours for the same step are there; there is no other barrier, so that nodes far
/// apart may differ by many steps. 32 d per neighbour, node and step. One update is one step of every node. Momentum stays at its node.
/// The reported model is the mean of the nodes'.
///
/// When a node fails, its neighbours mix without it: the weight w_ij of a part that is missing goes to w_ii, so that W stays symmetric
/// among those who are left. A node that comes back takes part from the step after the newest of its neighbours' on, with the model that it
/// has kept, or else with that of the first neighbour that is up (where none is: with the initial model). With `stall` its neighbours wait.
class DPsgd final : public Algorithm {
 public:
  struct Options {
    StepSize learning_rate;
    OptimizerSpec optimizer;
    GraphSpec graph;
    MixingSpec mixing;
    MixingOrder order = MixingOrder::adapt_then_combine;
    Count local_steps = 1;
    OnMemberFailure on_failure;

    static auto fields() {
      return options(field("learning_rate", &Options::learning_rate, "step size η_t, by the node's count of local steps"),
                     field("optimizer", &Options::optimizer, "the nodes' local step"), field("graph", &Options::graph, "who talks to whom"),
                     field("mixing", &Options::mixing, "the weights w_ij"),
                     field("order", &Options::order, "the gradient step comes before the averaging, or beside it"),
                     field("local_steps", &Options::local_steps, at_least(1), "gradient steps between two averagings"),
                     field("on_failure", &Options::on_failure, "what the neighbours do about a node that fails"));
    }
  };
  static constexpr AlgorithmInfo info{.name = "d_psgd",
                                      .summary = "gossip: every node averages with its neighbours in a graph after each step",
                                      .source = "Lian et al., NeurIPS 2017",
                                      .needs_server = false};

  explicit DPsgd(const Options& options) : options_(options) {}

  void prepare(Cluster& c) override;
  void on_start(Cluster& c) override;
  void on_model(Cluster& c, const ModelMessage& m) override;
  void on_gradient_ready(Cluster& c, const Gradient& chain) override;
  void on_gradient(Cluster& c, const GradientMessage& m) override;
  void on_node_down(Cluster& c, NodeId node) override;
  void on_node_up(Cluster& c, NodeId node) override;
  void on_state_lost(Cluster& c, NodeId node) override;
  std::string waits_for(const Cluster& c) const override;

  Model reported_model(Cluster& c) const override;
  std::optional<double> consensus_distance(Cluster& c) const override;
  void validate(const Topology& topology, std::uint64_t seed, const Place& place) override;
  RoundPlan plan(const PlanContext& context) const override;
  std::string setup_note() const override;
  void visit_state(StateVisitor& v, Cluster& c) override;

 private:
  /// A neighbour's part of a step: the end of its chain, or its model. `moved` says whose and of which step, in any case.
  struct Part {
    Gradient moved;
    Vector model;
  };

  [[nodiscard]] bool moves_first() const { return options_.order == MixingOrder::adapt_then_combine; }
  void start_step(Cluster& c, NodeId node);
  [[nodiscard]] Part& part(NodeId node, NodeId from, std::int64_t step);
  /// The part has arrived.
  [[nodiscard]] bool is_there(NodeId node, NodeId from, std::int64_t step);
  void combine_when_ready(Cluster& c, NodeId node);
  [[nodiscard]] Vector combined(Cluster& c, NodeId node);
  void count_step(Cluster& c, std::int64_t step);
  void make_versions(Cluster& c);

  // Nodes that fail: d_psgd_faults.cpp.
  /// Whether those who mix need this node's part of the step.
  [[nodiscard]] bool takes_part(const Cluster& c, NodeId node, std::int64_t step) const;
  /// Parts of neighbours that the node still needs for the step.
  [[nodiscard]] std::uint32_t missing_parts(const Cluster& c, NodeId node, std::int64_t step);
  /// A part of the step has arrived.
  void note_part(const Cluster& c, NodeId node, std::int64_t step);
  void count_missing(const Cluster& c, NodeId node);
  [[nodiscard]] std::vector<Model> living_models(const Cluster& c) const;
  void send_a_model(Cluster& c, NodeId to);
  void begin_again(Cluster& c, NodeId node, const Vector& values);

  Options options_;
  std::optional<MixingMatrix> w_;
  LocalWorkers local_;
  std::vector<Model> models_;        ///< x_i; the version is the node's step
  std::vector<Gradient> own_;        ///< by node: its chain of this step
  std::vector<std::uint8_t> ready_;  ///< by node: own_ is there
  /// By arc of the graph, twice: parts of the receiver's step and of the next. A neighbour is at most one step ahead.
  std::vector<Part> parts_;
  std::vector<std::uint32_t> waiting_;          ///< by node, twice: neighbours whose part has not arrived
  std::map<std::int64_t, std::uint64_t> done_;  ///< nodes that have finished a step, for steps that not all have
  std::uint64_t alive_ = 0;                     ///< nodes that are up
  // In runs with faults, by node.
  std::vector<std::int64_t> since_;  ///< the first step that it takes part in
  std::vector<std::uint8_t> lost_;   ///< its model is
  std::vector<NodeId> source_;       ///< who sends it one; kNoNode: nobody
};

}  // namespace peloton
