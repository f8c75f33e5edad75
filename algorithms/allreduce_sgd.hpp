#pragma once

#include <array>

#include "algorithms/aggregation/aggregator.hpp"
#include "algorithms/algorithm.hpp"

namespace peloton {

/// Synchronous SGD without a server: the gradients are averaged by a ring all-reduce (Patarasuk, Yuan, J. Parallel Distrib. Comput. 2009).
///
///   worker j, step k:   g_j = stochastic gradient at w_k;   v = (1/n) Σ_i g_i by the ring;   w_{k+1} = w_k − η_k v
///
/// A worker joins the ring when its own gradient is ready and passes a chunk on when its own and the incoming part are there: no barrier
/// but the ring itself. 2 (n − 1) messages of 32 d / n bits per worker and step, peer to peer. The mean is taken in order of the workers'
/// numbers; a ring would start each chunk's sum at another worker, which differs by rounding.
class AllReduceSgd final : public Algorithm {
 public:
  struct Options {
    StepSize learning_rate;
    OptimizerSpec optimizer;

    static auto fields() {
      return options(field("learning_rate", &Options::learning_rate, "step size η of a step"),
                     field("optimizer", &Options::optimizer, "every worker's step along the mean"));
    }
  };
  static constexpr AlgorithmInfo info{.name = "allreduce_sgd",
                                      .summary = "synchronous SGD whose gradients are averaged by a ring all-reduce",
                                      .source = "Patarasuk, Yuan, J. Parallel Distrib. Comput. 2009",
                                      .needs_server = false,
                                      .overlaps = true};

  explicit AllReduceSgd(const Options& options) : options_(options), mean_(make_aggregator(MeanOptions{})) {}

  void on_start(Cluster& c) override;
  void on_gradient_ready(Cluster& c, const Gradient& g) override;
  void on_collective(Cluster& c, const CollectiveDone& d) override;

  Model reported_model(Cluster&) const override { return model_; }
  std::optional<StepRule> step_rule() const override { return StepRule{options_.learning_rate, options_.optimizer}; }
  RoundPlan plan(const PlanContext& context) const override;
  void visit_state(StateVisitor& v, Cluster& c) override;

 private:
  Options options_;
  std::unique_ptr<Aggregator> mean_;
  Model model_;  ///< the newest; a worker still in the ring has the one before
  /// By step modulo 2, then by worker: the first to leave a ring may be a step ahead of the last, never two.
  std::array<std::vector<Gradient>, 2> gradients_;
};

}  // namespace peloton
