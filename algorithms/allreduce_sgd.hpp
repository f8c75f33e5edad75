#pragma once

#include <array>

#include "algorithms/aggregation/aggregator.hpp"
#include "algorithms/algorithm.hpp"
#include "algorithms/collectives/all_reduce.hpp"
#include "algorithms/compression/error_feedback.hpp"
#include "algorithms/rounds/collective_group.hpp"

namespace peloton {

/// Synchronous SGD without a server: the gradients are averaged by an all-reduce (Patarasuk, Yuan, J. Parallel Distrib. Comput. 2009, for
/// the ring; Thakur, Rabenseifner, Gropp, IJHPCA 2005, for the others).
///
///   worker j, step k:   g_j = stochastic gradient at w_k;   v = (1/n) Σ_i g_i by the all-reduce;   w_{k+1} = w_k − η_k v
///   with a compressor:  v = (1/n) Σ_i C(g_i);  with error feedback C(g_i + e_i), e_i ← g_i + e_i − C(g_i + e_i)
///
/// A worker joins the all-reduce when its own gradient is ready and passes a part on when its own and the incoming part are there: no
/// barrier but the all-reduce itself. 2 (n − 1) 32 d bits per step whatever the schedule, peer to peer. The mean is taken in order of the
/// workers' numbers; a real all-reduce adds each part in an order of its own, which differs by rounding. When a worker fails, the group
/// forms again without it (on_failure, CollectiveGroup) and n is the number of those who are left.
///
/// Only messages of a linear compressor can be added on the way. Others are gathered from all by all, n (n − 1) messages round a ring with
/// the bits that each has, and every worker decodes and averages them: n/2 times the bits of an all-reduce of messages that long.
class AllReduceSgd final : public Algorithm {
 public:
  struct Options {
    StepSize learning_rate;
    OptimizerSpec optimizer;
    AllReduceSpec collective;
    std::optional<CodecSpec> compressor;
    bool error_feedback = false;
    OnMemberFailure on_failure;

    static auto fields() {
      return options(field("learning_rate", &Options::learning_rate, "step size η of a step"),
                     field("optimizer", &Options::optimizer, "every worker's step along the mean"),
                     field("collective", &Options::collective, "the schedule of the all-reduce"),
                     field("compressor", &Options::compressor,
                           "of the gradients; absent: none. Messages that cannot be added on the way are gathered round a ring instead"),
                     field("error_feedback", &Options::error_feedback, "what the compressor leaves out is added to the next gradient"),
                     field("on_failure", &Options::on_failure, kOnMemberFailureHelp));
    }
    void validate(const Place& place) const;
  };
  static constexpr AlgorithmInfo info{.name = "allreduce_sgd",
                                      .summary = "synchronous SGD whose gradients are averaged by an all-reduce",
                                      .source = "Patarasuk, Yuan, J. Parallel Distrib. Comput. 2009",
                                      .needs_server = false,
                                      .overlaps = true};

  explicit AllReduceSgd(const Options& options)
      : options_(options), all_reduce_(options.collective), mean_(make_aggregator(MeanOptions{})), group_(options.on_failure) {}

  void prepare(Cluster& c) override;
  void on_start(Cluster& c) override;
  void on_gradient_ready(Cluster& c, const Gradient& g) override;
  void on_collective(Cluster& c, const CollectiveDone& d) override;
  void on_model(Cluster& c, const ModelMessage& m) override;
  void on_node_down(Cluster& c, NodeId worker) override;
  void on_node_up(Cluster& c, NodeId node) override;
  void on_state_lost(Cluster& c, NodeId worker) override;
  std::string waits_for(const Cluster& c) const override { return group_.waits_for(c); }

  Model reported_model(Cluster&) const override { return model_; }
  std::optional<StepRule> step_rule() const override { return StepRule{options_.learning_rate, options_.optimizer}; }
  void validate(const Topology& topology, std::uint64_t seed, const Place& place) override;
  std::string setup_note() const override;
  RoundPlan plan(const PlanContext& context) const override;
  void visit_state(StateVisitor& v, Cluster& c) override;

  /// e_j, an empty handle for zero. Runs with learning and error feedback only.
  [[nodiscard]] const Vector& error(NodeId worker) const { return errors_[worker].memory(); }

 private:
  /// The messages are not added but gathered.
  [[nodiscard]] bool gathers() const { return options_.compressor && !is_linear(*options_.compressor); }
  /// Of one step; where the messages of a compressor are of that length.
  [[nodiscard]] CollectiveSpec exchange(std::span<const NodeId> workers, std::uint64_t message_bits, std::uint64_t bits_per_number) const;
  [[nodiscard]] Gradient& part(std::uint64_t step, NodeId node) { return gradients_[step % 2][node]; }

  Options options_;
  AllReduce all_reduce_;
  std::unique_ptr<Aggregator> mean_;
  const Codec* codec_ = nullptr;
  std::vector<ErrorFeedback> errors_;  ///< by worker; none without error feedback
  CollectiveGroup group_;
  Model model_;  ///< the newest; a worker still in the all-reduce has the one before
  /// By step modulo 2, then by worker: the first to leave an all-reduce may be a step ahead of the last, never two.
  std::array<std::vector<Gradient>, 2> gradients_;
  std::array<std::vector<std::uint64_t>, 2> lengths_;  ///< of these messages, where they are gathered; bits
};

}  // namespace peloton
