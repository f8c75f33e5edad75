#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <ranges>
#include <span>
#include <vector>

#include "algorithms/aggregation/aggregator.hpp"
#include "algorithms/algorithm.hpp"
#include "models/data/batch.hpp"
#include "models/gradient_executor.hpp"
#include "models/vector.hpp"
#include "sim/base/huge_pages.hpp"
#include "sim/compute/compute_model.hpp"
#include "sim/network/network.hpp"
#include "sim/records.hpp"
#include "sim/simulation.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {

/// Totals per traffic kind, indexed by Traffic.
struct TrafficTotals {
  std::array<std::uint64_t, kTrafficKinds> bits{};
  std::array<std::uint64_t, kTrafficKinds> wire_bytes{};
  [[nodiscard]] std::uint64_t total_bits() const { return bits[0] + bits[1] + bits[2] + bits[3]; }
};

/// What a worker did so far.
struct WorkerTotals {
  std::int64_t busy_ns = 0;  ///< computations that have ended
  std::uint64_t started = 0;
  std::uint64_t gradients = 0;  ///< computations that have ended
};

/// The cluster an algorithm runs on: workers, a server, the network between them, the clock, and the mathematics behind the gradients.
///
/// The verbs hide queue, delays, contention and lazy evaluation. Costs per verb are O(1) plus the network model's; numbers are touched
/// only by `apply` and by whoever reads a gradient.
class Cluster {
 public:
  /// The mathematics of a run; absent in timing-only runs.
  struct Learning {
    VectorSpace& space;
    GradientExecutor& executor;
  };

  struct Parts {
    std::size_t workers = 0;
    NodeId server = kNoNode;                ///< kNoNode: there is none
    const ComputeModel* compute = nullptr;  ///< null when there are no workers
    const Topology& topology;
    Network& network;
    const BatchSampler* sampler = nullptr;  ///< null: every computation counts one sample
    Learning* learning = nullptr;           ///< null: timing only
    std::size_t dimension = 0;              ///< d
    Precision wire = Precision::float32;
    std::uint64_t header_bytes = 0;  ///< added to each message's wire bytes
  };

  /// The referees of `parts` must outlive the cluster.
  explicit Cluster(const Parts& parts);

  // ---- verbs of an algorithm ------------------------------------------------------------------------------------------------------
  [[nodiscard]] auto workers() const { return std::views::iota(NodeId{0}, static_cast<NodeId>(parts_.workers)); }
  [[nodiscard]] std::size_t worker_count() const { return parts_.workers; }
  [[nodiscard]] NodeId server() const { return parts_.server; }
  [[nodiscard]] Time now() const { return simulation_.now(); }
  [[nodiscard]] const Topology& topology() const { return parts_.topology; }
  [[nodiscard]] bool learning() const { return parts_.learning != nullptr; }
  /// Samples in one batch of a worker.
  [[nodiscard]] std::size_t batch_size(NodeId worker) const { return parts_.sampler == nullptr ? 1 : parts_.sampler->size(worker); }

  /// The model everyone starts from: version 0.
  [[nodiscard]] Model initial_model() const;
  /// Sends a model or a gradient; the receiver's callback runs when the last bit has arrived.
  void send(NodeId from, NodeId to, const Model& model);
  void send(NodeId from, NodeId to, const Gradient& gradient);
  /// Sends bytes whose meaning the algorithm keeps to itself.
  void send_raw(NodeId from, NodeId to, std::uint64_t bits, std::uint64_t tag);
  /// Starts the next mini-batch gradient of a worker at a model; `on_gradient_ready` follows after the drawn duration.
  void compute(NodeId worker, const Model& model);
  void set_timer(NodeId node, Time at, std::uint64_t tag) { simulation_.schedule(at, {EventKind::timer, node, tag}); }

  /// One optimiser step along `scale` times the gradient: the next version. Give the only handle to step in place.
  [[nodiscard]] Model apply(Model model, const Gradient& gradient, double scale = 1.0);
  /// One optimiser step along the aggregate of the gradients, taken in the order given; `gradients` is left empty.
  [[nodiscard]] Model apply(Model model, std::vector<Gradient>& gradients, Aggregator& aggregator);
  /// The contribution is not used: it is recorded, its value never read.
  void discard(const Gradient& gradient);

  /// Versions made between the gradient's base and now.
  [[nodiscard]] std::int64_t staleness(const Gradient& gradient) const { return static_cast<std::int64_t>(updates_) - gradient.base; }

  // ---- the run's side -------------------------------------------------------------------------------------------------------------
  /// Gives the optimiser and the step sizes, records the start. Called once before on_start.
  void set_start(Vector initial, const std::optional<StepRule>& rule);
  /// Handles the next event; there must be one.
  void step(Algorithm& algorithm);
  void add_observer(Observer& observer) { observers_.push_back(&observer); }

  [[nodiscard]] Simulation& simulation() { return simulation_; }
  [[nodiscard]] const Simulation& simulation() const { return simulation_; }
  [[nodiscard]] std::uint64_t updates() const { return updates_; }
  [[nodiscard]] std::uint64_t gradients() const { return gradients_; }
  [[nodiscard]] std::uint64_t samples() const { return samples_; }
  [[nodiscard]] const TrafficTotals& traffic() const { return traffic_; }
  [[nodiscard]] const WorkerTotals& totals(NodeId worker) const { return totals_[worker]; }
  /// Computing time up to now, the running computations' share included, for every worker.
  [[nodiscard]] std::vector<Duration> busy() const;

  void visit_state(StateVisitor& v);
  // For the state of algorithms.
  void visit(StateVisitor& v, std::string_view name, Model& model);
  void visit(StateVisitor& v, std::string_view name, Gradient& gradient);
  void visit(StateVisitor& v, std::string_view name, std::vector<Gradient>& gradients);

 private:
  enum class FlightKind : std::uint8_t { none, computing, model, gradient, raw };

  /// Something under way: a computation or a message. `version` and `created` are those of the model carried, computed at, or behind
  /// the gradient; a raw message keeps its tag in `version`.
  struct Flight {
    Vector values;
    LazyGradient gradient;
    std::int64_t version = 0;
    Time created;
    Time started;
    NodeId from = kNoNode;
    NodeId to = kNoNode;
    std::uint64_t bits : 56 = 0;
    FlightKind kind : 8 = FlightKind::none;
  };

  [[nodiscard]] Flight flight(FlightKind kind, NodeId from, NodeId to, std::uint64_t bits) const;
  [[nodiscard]] std::uint32_t take_flight(Flight flight);
  [[nodiscard]] Flight land(std::uint64_t index);
  void dispatch(Algorithm& algorithm, const Event& event);
  void computed(Algorithm& algorithm, Flight flight);
  void delivered(Algorithm& algorithm, Flight flight);
  void transmit(Flight flight);
  [[nodiscard]] Traffic traffic_of(NodeId from, NodeId to) const;
  [[nodiscard]] Vector on_wire(const Vector& values);
  [[nodiscard]] double learning_rate() const;
  void record_update(const Gradient& gradient, double weight, bool applied);
  [[nodiscard]] Model next_version(Vector values);
  void visit(StateVisitor& v, Flight& flight);

  Parts parts_;
  std::uint64_t message_bits_ = 0;
  Simulation simulation_;
  LargeVector<Flight> flights_;
  LargeVector<std::uint32_t> free_flights_;
  LargeVector<WorkerTotals> totals_;
  std::vector<Observer*> observers_;
  std::optional<StepRule> rule_;
  std::unique_ptr<Optimizer> optimizer_;
  Vector initial_;
  Vector wire_source_;   ///< the last float64 model that was rounded for the wire, and
  Vector wire_rounded_;  ///< what it became: a broadcast rounds once
  std::uint64_t updates_ = 0;
  std::uint64_t gradients_ = 0;
  std::uint64_t samples_ = 0;
  TrafficTotals traffic_;
};

}  // namespace peloton
