#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "algorithms/optimizers/optimizer.hpp"
#include "algorithms/schedules/step_size.hpp"
#include "models/gradient_executor.hpp"
#include "sim/base/state.hpp"
#include "sim/node.hpp"
#include "sim/round_plan.hpp"
#include "sim/table.hpp"
#include "sim/time.hpp"

namespace peloton {

class Cluster;
class Topology;

/// A version of the parameters. Copies share the numbers; in runs without learning there are none, only the version.
struct Model {
  Vector values;
  std::int64_t version = 0;
  Time created;
};

/// A stochastic gradient, computed at a known version of the model. Its numbers are evaluated when somebody reads them.
struct Gradient {
  LazyGradient value;
  NodeId node = kNoNode;  ///< the worker that computed it
  std::int64_t base = 0;  ///< the version it was computed at
  Time base_created;      ///< when that version was made
};

struct ModelMessage {
  NodeId from;
  NodeId to;
  Model model;
};

struct GradientMessage {
  NodeId from;
  NodeId to;
  Gradient gradient;
};

/// Bytes without a meaning to the learning, known by a tag of the sender's choice.
struct RawMessage {
  NodeId from;
  NodeId to;
  std::uint64_t tag;
  Time sent;
};

/// How the cluster turns aggregated contributions into the next version.
struct StepRule {
  StepSize learning_rate;
  OptimizerSpec optimizer;
};

/// What is known of an algorithm without making one.
struct AlgorithmInfo {
  std::string_view name;
  std::string_view summary;           ///< one sentence
  std::string_view source;            ///< the paper, or where the rule is usually found
  bool needs_task = true;             ///< false: looks at the network alone
  bool needs_server = true;           ///< a parameter-server node is placed in the topology
  bool values_decide_events = false;  ///< true: its events depend on gradient or parameter values (DESIGN §3)
};

/// What runs on the cluster: one object per run, callbacks on virtual-time events, per-worker state in vectors indexed by node.
/// Callbacks answer with the cluster's verbs; all state is visited, so that a run can be copied, saved and restored at any event.
class Algorithm {
 public:
  virtual ~Algorithm() = default;

  /// Time zero: sends the first messages or starts the first computations.
  virtual void on_start(Cluster& c) = 0;
  /// A model reached `m.to`.
  virtual void on_model(Cluster& c, const ModelMessage& m);
  /// A worker finished a computation started with `compute`.
  virtual void on_gradient_ready(Cluster& c, const Gradient& g);
  /// A gradient reached `m.to`.
  virtual void on_gradient(Cluster& c, const GradientMessage& m);
  virtual void on_raw(Cluster& c, const RawMessage& m);
  virtual void on_timer(Cluster& c, NodeId node, std::uint64_t tag);

  /// The model the method would hand to its user now: the one that is measured.
  [[nodiscard]] virtual const Model& reported_model() const = 0;
  /// The server's step; nothing for algorithms that never call `Cluster::apply`.
  [[nodiscard]] virtual std::optional<StepRule> step_rule() const { return std::nullopt; }
  /// Checks what only the topology can tell (node names); throws an InputError below `place`, the algorithm's own.
  virtual void validate(const Topology&, const Place& /*place*/) const {}
  /// What the method does between two updates with n workers.
  [[nodiscard]] virtual RoundPlan plan(std::size_t workers) const = 0;
  /// True when there is nothing left to do: running out of events is then the end and not a stall.
  [[nodiscard]] virtual bool finished() const { return false; }
  /// Result tables of the method's own.
  [[nodiscard]] virtual std::vector<Table> tables(const Cluster&) const { return {}; }

  virtual void visit_state(StateVisitor& v, Cluster& c) = 0;
};

}  // namespace peloton
