#pragma once

#include <map>

#include "algorithms/algorithm.hpp"
#include "algorithms/local/local_workers.hpp"
#include "algorithms/mixing/graph_spec.hpp"
#include "algorithms/mixing/mixing_matrix.hpp"

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
class DPsgd final : public Algorithm {
 public:
  struct Options {
    StepSize learning_rate;
    OptimizerSpec optimizer;
    GraphSpec graph;
    MixingSpec mixing;
    MixingOrder order = MixingOrder::adapt_then_combine;
    Count local_steps = 1;

    static auto fields() {
      return options(field("learning_rate", &Options::learning_rate, "step size η_t, by the node's count of local steps"),
                     field("optimizer", &Options::optimizer, "the nodes' local step"), field("graph", &Options::graph, "who talks to whom"),
                     field("mixing", &Options::mixing, "the weights w_ij"),
                     field("order", &Options::order, "the gradient step comes before the averaging, or beside it"),
                     field("local_steps", &Options::local_steps, at_least(1), "gradient steps between two averagings"));
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

  Model reported_model(Cluster& c) const override;
  std::optional<double> consensus_distance(Cluster& c) const override;
  void validate(const Topology& topology, std::uint64_t seed, const Place& place) override;
  RoundPlan plan(const PlanContext& context) const override;
  std::string setup_note() const override;
  void visit_state(StateVisitor& v, Cluster& c) override;

 private:
  /// A neighbour's part of a step: the end of its chain, or its model.
  struct Part {
    Gradient moved;
    Vector model;
  };

  [[nodiscard]] bool moves_first() const { return options_.order == MixingOrder::adapt_then_combine; }
  void start_step(Cluster& c, NodeId node);
  [[nodiscard]] Part& part(NodeId node, NodeId from, std::int64_t step);
  void combine_when_ready(Cluster& c, NodeId node);
  [[nodiscard]] Vector combined(Cluster& c, NodeId node);
  void count_step(Cluster& c, std::int64_t step);

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
};

}  // namespace peloton
