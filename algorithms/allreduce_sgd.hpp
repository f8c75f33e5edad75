#pragma once

#include <array>

#include "algorithms/aggregation/aggregator.hpp"
#include "algorithms/algorithm.hpp"
#include "algorithms/rounds/collective_group.hpp"

namespace peloton {

/// Synchronous SGD without a server: the gradients are averaged by a ring all-reduce (Patarasuk, Yuan, J. Parallel Distrib. Comput. 2009).
///
///   worker j, step k:   g_j = stochastic gradient at w_k;   v = (1/n) Σ_i g_i by the ring;   w_{k+1} = w_k − η_k v
///
/// A worker joins the ring when its own gradient is ready and passes a chunk on when its own and the incoming part are there: no barrier
/// but the ring itself. 2 (n − 1) messages of 32 d / n bits per worker and step, peer to peer. The mean is taken in order of the workers'
/// numbers; a ring would start each chunk's sum at another worker, which differs by rounding. When a worker fails, the ring forms again
/// without it (on_failure, CollectiveGroup) and n is the number of those who are left.
class AllReduceSgd final : public Algorithm {
 public:
  struct Options {
    StepSize learning_rate;
    OptimizerSpec optimizer;
    OnMemberFailure on_failure;

    static auto fields() {
      return options(field("learning_rate", &Options::learning_rate, "step size η of a step"),
                     field("optimizer", &Options::optimizer, "every worker's step along the mean"),
                     field("on_failure", &Options::on_failure, kOnMemberFailureHelp));
    }
  };
  static constexpr AlgorithmInfo info{.name = "allreduce_sgd",
                                      .summary = "synchronous SGD whose gradients are averaged by a ring all-reduce",
                                      .source = "Patarasuk, Yuan, J. Parallel Distrib. Comput. 2009",
                                      .needs_server = false};

  explicit AllReduceSgd(const Options& options) : options_(options), mean_(make_aggregator(MeanOptions{})), group_(options.on_failure) {}

  void prepare(Cluster& c) override;
  void on_start(Cluster& c) override;
  void on_gradient_ready(Cluster& c, const Gradient& g) override;
  void on_collective(Cluster& c, const CollectiveDone& d) override;
  void on_model(Cluster& c, const ModelMessage& m) override;
  void on_node_down(Cluster& c, NodeId worker) override;
  void on_node_up(Cluster& c, NodeId node) override;
  void on_state_lost(Cluster&, NodeId worker) override { group_.on_state_lost(worker); }
  std::string waits_for(const Cluster& c) const override { return group_.waits_for(c); }

  Model reported_model(Cluster&) const override { return model_; }
  std::optional<StepRule> step_rule() const override { return StepRule{options_.learning_rate, options_.optimizer}; }
  RoundPlan plan(const PlanContext& context) const override;
  void visit_state(StateVisitor& v, Cluster& c) override;

 private:
  [[nodiscard]] Gradient& part(std::uint64_t step, NodeId node) { return gradients_[step % 2][node]; }

  Options options_;
  std::unique_ptr<Aggregator> mean_;
  CollectiveGroup group_;
  Model model_;  ///< the newest; a worker still in the ring has the one before
  /// By step modulo 2, then by worker: the first to leave a ring may be a step ahead of the last, never two.
  std::array<std::vector<Gradient>, 2> gradients_;
};

}  // namespace peloton
