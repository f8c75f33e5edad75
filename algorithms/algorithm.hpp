#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "algorithms/messages.hpp"
#include "algorithms/optimizers/optimizer_options.hpp"
#include "algorithms/replay.hpp"
#include "algorithms/schedules/step_size.hpp"
#include "sim/base/state.hpp"
#include "sim/round_plan.hpp"
#include "sim/table.hpp"

namespace peloton {

class Cluster;
class Topology;

/// How the cluster turns aggregated contributions into the next version.
struct StepRule {
  StepSize learning_rate;
  OptimizerSpec optimizer;
};

/// What is known of an algorithm without making one.
struct AlgorithmInfo {
  std::string_view name;
  std::string_view summary;  ///< one sentence
  std::string_view source;   ///< the paper, or where the rule is usually found
  bool needs_task = true;    ///< false: looks at the network alone
  bool needs_server = true;  ///< a parameter-server node is placed in the topology
  /// All that it does with a model that arrives at a worker is to compute at it, and all that it does when a computation ends is to send
  /// or to reduce what was computed: both may travel while the workers compute (cluster.overlap).
  bool overlaps = false;
  bool values_decide_events = false;  ///< true: its events depend on gradient or parameter values (DESIGN §3)
};

/// The length of a codec's messages, for plans; none: a dense vector. Where it depends on values, that of a dense one.
[[nodiscard]] std::uint64_t message_bits(const std::optional<CodecSpec>& codec, const PlanContext& context);

/// What runs on the cluster: one object per run, callbacks on virtual-time events, per-worker state in vectors indexed by node.
/// Callbacks answer with the cluster's verbs; all state is visited, so that a run can be copied, saved and restored at any event.
class Algorithm {
 public:
  virtual ~Algorithm() = default;

  /// Before anything else, in fresh and in restored runs alike: asks the cluster for codecs and tells it what the workers compute.
  virtual void prepare(Cluster&) {}
  /// Time zero: sends the first messages or starts the first computations.
  virtual void on_start(Cluster& c) = 0;

  /// A model reached `m.to`.
  virtual void on_model(Cluster& c, const ModelMessage& m);
  /// A worker finished a computation started with `compute`.
  virtual void on_gradient_ready(Cluster& c, const Gradient& g);
  /// A gradient reached `m.to`.
  virtual void on_gradient(Cluster& c, const GradientMessage& m);
  /// A control message reached `m.to`.
  virtual void on_control(Cluster& c, const ControlMessage& m);
  virtual void on_raw(Cluster& c, const RawMessage& m);
  /// A node has its result of a collective.
  virtual void on_collective(Cluster& c, const CollectiveDone& d);
  virtual void on_timer(Cluster& c, NodeId node, std::uint64_t tag);
  // Faults (cluster.faults). Computations and messages of a node that failed never end; the cluster sees to that.

  /// A worker was found to be down. By default nothing: the others go on, and a method that waits for it stalls, as it would.
  virtual void on_node_down(Cluster&, NodeId) {}
  /// A worker is back, idle, or the server is back: then all workers have dropped what they were doing, too, and are idle. By default the
  /// server sends its reported model to the worker, or to all who are up: right for methods whose workers answer to each model they get.
  virtual void on_node_up(Cluster& c, NodeId node);
  /// A worker that is coming back has lost what it kept between two computations. By default nothing: it kept nothing.
  virtual void on_state_lost(Cluster&, NodeId) {}
  /// Raw bytes were lost with one of their ends; a timer rang at a node that is down. By default nothing.
  virtual void on_raw_lost(Cluster&, const RawMessage&) {}
  virtual void on_timer_missed(Cluster&, NodeId /*node*/, std::uint64_t /*tag*/) {}
  /// For the report of a run that stalled: who waits for whom, as a sentence without an end: "round 17 waits for workers 3 and 5".
  [[nodiscard]] virtual std::string waits_for(const Cluster&) const { return {}; }

  /// The model the method would hand to its user now: the one that is measured. Reading it must not change the run.
  [[nodiscard]] virtual Model reported_model(Cluster& c) const = 0;
  /// √(1/n Σ ‖x_i − x̄‖²) over the workers' own copies, for methods that have some. Runs with learning only.
  [[nodiscard]] virtual std::optional<double> consensus_distance(Cluster&) const { return std::nullopt; }
  /// The server's step; nothing for algorithms that never call `Cluster::apply`.
  [[nodiscard]] virtual std::optional<StepRule> step_rule() const { return std::nullopt; }
  /// Before `plan` and `prepare`: checks what only the topology and the run's seed can tell (node names, numbers of workers, random
  /// graphs) and may keep what it finds out; throws an InputError below `place`, the algorithm's own.
  virtual void validate(const Topology&, std::uint64_t /*seed*/, const Place& /*place*/) {}
  /// Why the method cannot run without values ("learning": false): the part that decides by values and has no surrogate. Empty: it can.
  [[nodiscard]] virtual std::string needs_values() const { return {}; }
  /// What the method does in a round.
  [[nodiscard]] virtual RoundPlan plan(const PlanContext& context) const = 0;
  /// How a zero-delay twin makes the method's contributions again, in a trajectory that starts at the model `initial`. What is given does
  /// for workers that compute at the model they are sent; called after `prepare`, in runs with learning.
  [[nodiscard]] virtual std::unique_ptr<Replay> make_replay(Cluster& c, const Vector& initial) const;
  /// A line for the report's head: what the method found out about its set-up.
  [[nodiscard]] virtual std::string setup_note() const { return {}; }
  /// True when there is nothing left to do: running out of events is then the end and not a stall.
  [[nodiscard]] virtual bool finished() const { return false; }
  /// Result tables of the method's own.
  [[nodiscard]] virtual std::vector<Table> tables(const Cluster&) const { return {}; }

  virtual void visit_state(StateVisitor& v, Cluster& c) = 0;
};

}  // namespace peloton
