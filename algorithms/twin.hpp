#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "algorithms/aggregation/aggregator.hpp"
#include "algorithms/compression/error_feedback.hpp"
#include "algorithms/optimizers/optimizer.hpp"
#include "algorithms/replay.hpp"
#include "sim/base/options.hpp"

namespace peloton {

/// What the twin of a run does without.
enum class TwinRemoves : std::uint8_t { delay, delay_and_compression };
template <>
struct EnumNames<TwinRemoves> {
  static constexpr std::array names = {std::pair{std::string_view("delay"), TwinRemoves::delay},
                                       std::pair{std::string_view("delay+compression"), TwinRemoves::delay_and_compression}};
};

struct TwinSpec {
  TwinRemoves remove = TwinRemoves::delay;
  static auto fields() {
    return options(field("remove", &TwinSpec::remove, "the staleness of the contributions, or also their compression"));
  }
};

/// How a contribution was made: kept with it where a twin makes it again.
struct Recipe {
  std::shared_ptr<const TaskOrigin> origin;
  double factor = 1;            ///< this times the task's first result, …
  bool feedback = false;        ///< … with the sender's error feedback or without, …
  std::uint64_t message = 0;    ///< … was encoded as the message of this number;
  bool on_wire = false;         ///< or it was sent as it is, over a wire of float32 numbers
  Vector stale;                 ///< the task's first result, once it was needed
  std::array<Vector, 2> again;  ///< what arrives in each of the twin's trajectories, where a message counts in several updates
  void visit_state(StateVisitor& v, GradientExecutor& executor);
};

/// A contribution to an update, as the twin sees it.
struct Accepted {
  NodeId node = kNoNode;
  std::shared_ptr<Recipe> recipe;
  const Codec* codec = nullptr;  ///< null: it was sent as it is
  LazyGradient value;            ///< empty where the run has no more than the message
};

/// What of an update differs between the run and the trajectories of its twin, beside the contributions.
struct UpdateParts {
  Optimizer* optimizer = nullptr;  ///< null for methods without a server's step
  bool compresses = true;          ///< false: codecs of the way down are skipped
  bool measures = true;            ///< false: what the run finds out while it updates is left alone
};

/// An update of the model in a form that any trajectory can run: the model after it. All else that it depends on (step size, weights) is
/// fixed by the run.
using UpdateRule = std::function<Vector(Vector model, Contributions& contributions, const UpdateParts& parts)>;

/// The zero-delay twin of a run (DESIGN §6): a second trajectory y of the model that makes the same updates of the same contributions, in
/// the same order and with the same weights, step sizes, mini-batches and random numbers, but each contribution made anew at y's own
/// current version. What the run x differs in from y is what staleness has done to it.
///
/// Because two trajectories of a network part by themselves, a second twin y′ that starts at the distance 10⁻⁶ ‖y_0‖ (10⁻⁶ where y_0 = 0)
/// from y, in a random direction, shows what any small difference would have grown to: the floor ‖y − y′‖.
///
/// The twin reads the run and never changes it. Three gradients for each of a contribution's own: at y, at y′ and, unless they are one
/// model, at the run's current x; one more where the run has no longer got the contribution as it was before it was compressed.
class ZeroDelayTwin {
 public:
  struct Parts {
    GradientExecutor& executor;
    bool narrow_wire = true;  ///< dense messages are of float32 numbers
    std::uint64_t seed = 1;
    TwinSpec spec;
    std::optional<OptimizerSpec> optimizer;                             ///< the server's
    std::function<std::unique_ptr<Replay>(const Vector&)> make_replay;  ///< of a trajectory that starts at this model
  };
  /// What an update was found to be.
  struct Update {
    double distance = 0;                ///< ‖x − y‖ after it
    double floor = 0;                   ///< ‖y − y′‖ after it
    std::vector<double> discrepancies;  ///< by contribution: ‖g(x stale) − g(x current)‖ on the same mini-batch
  };
  /// The mean and the largest of what was recorded.
  struct Total {
    std::uint64_t count = 0;
    double sum = 0;
    double largest = 0;
    void add(double value);
    [[nodiscard]] std::optional<double> mean() const;
    void visit_state(StateVisitor& v);
  };

  ZeroDelayTwin(Parts parts, Vector initial);

  /// An update that has been accepted and is about to be made. `reused`: its contributions may count again in later ones, as they were.
  void replay(const std::vector<Accepted>& contributions, std::span<const double> samples, bool reused, const UpdateRule& rule);
  /// The run has made the update too, and this is its model now.
  void arrived(Vector x);
  /// Keeps how a contribution was made that will be accepted later, when the run has let its numbers go.
  void keep(NodeId node, std::int64_t base, std::shared_ptr<Recipe> recipe);
  [[nodiscard]] std::shared_ptr<Recipe> take(NodeId node, std::int64_t base);

  /// Whether the method can have messages of vectors that are no task's result.
  [[nodiscard]] bool makes_own_vectors() const { return trajectories_[0].replay->makes_own_vectors(); }
  [[nodiscard]] const Update& last() const { return last_; }
  [[nodiscard]] const Vector& model() const { return trajectories_[0].model; }
  /// ‖y − y′‖ now.
  [[nodiscard]] double floor() const;
  /// Mean gradient discrepancy of the contributions since the last call.
  [[nodiscard]] std::optional<double> take_discrepancy();

  [[nodiscard]] const TwinSpec& spec() const { return parts_.spec; }
  [[nodiscard]] const Total& distances() const { return distances_; }
  [[nodiscard]] const Total& floors() const { return floors_; }
  [[nodiscard]] const Total& discrepancies() const { return discrepancies_; }
  /// Mini-batch gradients computed for the twin.
  [[nodiscard]] std::uint64_t evaluations() const { return evaluations_; }

  void visit_state(StateVisitor& v);

 private:
  struct Trajectory {
    Vector model;
    std::optional<Optimizer> optimizer;
    std::vector<ErrorFeedback> feedback;  ///< by worker
    std::unique_ptr<Replay> replay;
  };
  /// A contribution beside the same at the run's current model.
  struct Comparison {
    std::optional<double> known;  ///< without computing anything
    Vector x;                     ///< the current model as the worker would have it
    bool computes_stale = false;  ///< the run has not got the contribution any more as it was before it was compressed
  };
  class Remade;

  [[nodiscard]] VectorSpace& space() const { return parts_.executor.space(); }
  [[nodiscard]] Trajectory start(Vector model) const;
  [[nodiscard]] Vector nearby(const Vector& model) const;
  /// What has to be computed for a contribution's discrepancy: its tasks are appended to `tasks`.
  [[nodiscard]] Comparison compare(const Accepted& accepted, std::vector<TaskOrigin>& tasks);
  /// The discrepancy; takes the results of these tasks off the front of `results`.
  [[nodiscard]] double discrepancy(const Accepted& accepted, const Comparison& comparison, bool reused,
                                   std::span<std::vector<Vector>>& results);
  [[nodiscard]] std::vector<std::vector<Vector>> evaluate(std::span<const TaskOrigin> tasks);
  /// What arrives of a contribution in a trajectory.
  [[nodiscard]] Vector sent(Trajectory& trajectory, const Accepted& accepted, Vector value);
  [[nodiscard]] Vector on_wire(const Vector& x) { return parts_.narrow_wire ? space().rounded_to_float32(x) : x; }

  Parts parts_;
  std::array<Trajectory, 2> trajectories_;  ///< y and y′
  Vector x_;                                ///< the run's model after the last update
  std::map<std::pair<NodeId, std::int64_t>, std::shared_ptr<Recipe>> kept_;
  Update last_;
  Total distances_;
  Total floors_;
  Total discrepancies_;
  Total since_row_;  ///< discrepancies
  std::uint64_t evaluations_ = 0;
};

}  // namespace peloton
