#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <ranges>
#include <span>
#include <vector>

#include "algorithms/aggregation/aggregator.hpp"
#include "algorithms/algorithm.hpp"
#include "algorithms/compression/codec.hpp"
#include "algorithms/compression/error_feedback.hpp"
#include "algorithms/messages.hpp"
#include "algorithms/optimizers/optimizer.hpp"
#include "algorithms/parcel.hpp"
#include "models/computation.hpp"
#include "models/data/batch.hpp"
#include "models/gradient_executor.hpp"
#include "models/vector.hpp"
#include "sim/base/huge_pages.hpp"
#include "sim/collectives/collective.hpp"
#include "sim/compute/compute_model.hpp"
#include "sim/compute/processing.hpp"
#include "sim/network/network.hpp"
#include "sim/records.hpp"
#include "sim/simulation.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {

/// Totals per traffic kind, indexed by Traffic.
struct TrafficTotals {
  std::array<std::uint64_t, kTrafficKinds> bits{};
  std::array<std::uint64_t, kTrafficKinds> wire_bytes{};
  std::array<std::uint64_t, kTrafficKinds> messages{};
  [[nodiscard]] std::uint64_t total_bits() const { return bits[0] + bits[1] + bits[2] + bits[3]; }
};

/// What a worker did so far.
struct WorkerTotals {
  std::int64_t busy_ns = 0;     ///< computations that have ended
  std::uint64_t started = 0;    ///< mini-batches of the computations that were started
  std::uint64_t gradients = 0;  ///< of the computations that have ended
};

/// A computation beside its model: how many mini-batches, and what the method's Computation is given.
struct Task {
  std::uint64_t steps = 1;
  std::uint64_t first_step = 0;  ///< what the method counts, for step sizes that depend on it
  std::vector<Vector> inputs;
};

/// What the mean of the workers' models becomes of their contributions c_i in one round of a method without a server:
/// keep · mean + Σ factors[i] · c_i.
struct Mixture {
  double keep = 0;
  std::vector<double> factors;
};

/// What faults have cost a run.
struct FaultTotals {
  std::uint64_t lost_messages = 0;      ///< sent, counted in the traffic, and never delivered
  std::uint64_t lost_bits = 0;          ///< of theirs
  std::uint64_t lost_computations = 0;  ///< started and never ended
};

class FaultSchedule;
class ZeroDelayTwin;
struct Accepted;
struct TwinSpec;
struct UpdateParts;

/// The cluster an algorithm runs on: workers, a server, the network between them, the clock, and the mathematics behind the gradients.
///
/// The verbs hide queue, delays, contention and lazy evaluation. Costs per verb are O(1) plus the network model's; numbers are touched
/// only where a verb says so. In runs without learning every vector is empty and the verbs on vectors give empty ones.
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
    Processing* processing = nullptr;       ///< null: messages need no processing
    const BatchSampler* sampler = nullptr;  ///< null: every computation counts one sample
    Learning* learning = nullptr;           ///< null: timing only
    std::size_t dimension = 0;              ///< d
    std::vector<std::size_t> tensors;       ///< sizes of the parameter tensors
    Precision wire = Precision::float32;
    std::uint64_t header_bytes = 0;  ///< added to each message's wire bytes
    std::uint64_t seed = 1;
    std::size_t servers = 1;                ///< nodes `server`, `server` + 1, …: each holds a shard of the model
    const LayerSchedule* layers = nullptr;  ///< null: messages do not travel while a worker computes
    double parameter_scale = 1;             ///< how many parameters each one stands for on the network
    std::size_t batch = 1;                  ///< samples of a computation where there is no sampler
  };

  /// The referees of `parts` must outlive the cluster.
  explicit Cluster(Parts parts);
  ~Cluster();
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  // ---- what is there --------------------------------------------------------------------------------------------------------------
  [[nodiscard]] auto workers() const { return std::views::iota(NodeId{0}, static_cast<NodeId>(parts_.workers)); }
  [[nodiscard]] std::size_t worker_count() const { return parts_.workers; }
  /// Where models come from and gradients go to; with several servers the first of them, which stands for all: what is sent to it or by
  /// it goes to or comes from each of them, shard by shard, and it steps when all shards of a gradient are there.
  [[nodiscard]] NodeId server() const { return parts_.server; }
  [[nodiscard]] Time now() const { return simulation_.now(); }
  [[nodiscard]] const Topology& topology() const { return parts_.topology; }
  [[nodiscard]] bool learning() const { return parts_.learning != nullptr; }
  [[nodiscard]] std::uint64_t seed() const { return parts_.seed; }
  [[nodiscard]] std::size_t dimension() const { return parts_.dimension; }
  /// Bits of a number on the wire.
  [[nodiscard]] std::uint64_t bits_per_number() const { return 8 * bytes_of(parts_.wire); }
  /// Samples in one batch of a worker.
  [[nodiscard]] std::size_t batch_size(NodeId worker) const {
    return parts_.sampler == nullptr ? parts_.batch : parts_.sampler->size(worker);
  }

  // ---- preparations ---------------------------------------------------------------------------------------------------------------
  /// What the workers compute from now on; the default is one plain gradient.
  void set_computation(std::unique_ptr<const Computation> computation);
  /// A codec for this run's vectors; lives as long as the cluster.
  [[nodiscard]] const Codec& make_codec(const CodecSpec& spec);
  /// The step sizes with what depends on the cluster filled in (linear scaling with the total batch).
  [[nodiscard]] StepSize resolved(const StepSize& schedule) const;

  // ---- messages and computations --------------------------------------------------------------------------------------------------
  /// The model everyone starts from: version 0.
  [[nodiscard]] Model initial_model() const;
  /// Sends a model or a gradient, dense or as it was encoded; the receiver's callback runs when the last bit has arrived.
  void send(NodeId from, NodeId to, const Model& model);
  void send(NodeId from, NodeId to, const Gradient& gradient);
  /// Sends a model to all workers that are not known to be down: a message for each, in order; on a broadcast medium one that all of them
  /// hear, counted once.
  void broadcast(NodeId from, const Model& model);
  void broadcast(NodeId from, const Model& model, std::span<const NodeId> to);
  /// Sends numbers of the method's protocol; they count as control traffic of `bits` bits.
  void send_control(NodeId from, NodeId to, std::uint32_t kind, std::span<const double> numbers, std::uint64_t bits);
  /// Sends bytes whose meaning the algorithm keeps to itself, at most at `rate_cap` bit/s.
  void send_raw(NodeId from, NodeId to, std::uint64_t bits, std::uint64_t tag, double rate_cap = kNoRateCap);
  /// Starts a worker's next computation at a model; `on_gradient_ready` follows after the drawn duration, that of all its steps. Returns
  /// what it will then be given.
  Gradient compute(NodeId worker, const Model& model, Task task = {});
  void set_timer(NodeId node, Time at, std::uint64_t tag) { simulation_.schedule(at, {EventKind::timer, node, tag}); }

  /// Opens a collective among `members`, whose order gives the ranks. A tag is free again when the last member has its result.
  /// `parameters`: what it carries grows with the number of parameters.
  void open_collective(std::uint64_t tag, const CollectiveSpec& spec, std::vector<NodeId> members, bool parameters = true);
  [[nodiscard]] bool is_open(std::uint64_t tag) const { return collectives_.contains(tag); }
  /// The node's own part is ready; `on_collective` follows when it has its result. `bits`: of what the node gives to a ring all-gather
  /// or broadcasts, where that is not the payload of the spec.
  void join(std::uint64_t tag, NodeId node, std::optional<std::uint64_t> bits = std::nullopt);
  /// Ends a collective early: who has no result gets none, what is under way means nothing any more.
  void close_collective(std::uint64_t tag);

  // ---- faults ---------------------------------------------------------------------------------------------------------------------
  /// As far as methods were told: false from on_node_down to on_node_up, and for workers that are absent from the start.
  [[nodiscard]] bool is_up(NodeId node) const { return faults_ == nullptr || known_up(node); }
  [[nodiscard]] bool has_faults() const { return faults_ != nullptr; }
  [[nodiscard]] std::vector<NodeId> up_workers() const;

  // ---- numbers --------------------------------------------------------------------------------------------------------------------
  /// What was computed; evaluates, or decodes, when needed. Runs with learning only.
  [[nodiscard]] Vector value(const Gradient& gradient);
  /// Result number i of a Computation that has several, and its scalars.
  [[nodiscard]] Vector result(const Gradient& gradient, std::size_t i);
  [[nodiscard]] std::span<const double> scalars(const Gradient& gradient);
  /// `factor` times the gradient as the message of a codec, with error feedback in `memory` when it is given: evaluates and encodes. In
  /// runs without learning only the length is known.
  [[nodiscard]] Gradient encoded(const Gradient& gradient, const Codec& codec, double factor = 1.0, ErrorFeedback* memory = nullptr);
  /// The same for `v`, which the worker sends in place of what it computes (Replay::makes_own_vectors).
  [[nodiscard]] Gradient encoded(const Gradient& gradient, const Vector& v, const Codec& codec);
  /// The numbers are needed no longer: what is left of the gradient stands for it in `make_version`.
  void let_go(Gradient& gradient);
  /// Σ factors[i] · terms[i], in order.
  [[nodiscard]] Vector combine(std::span<const double> factors, std::span<const Vector> terms);
  /// The mean of the models, as the newest version.
  [[nodiscard]] Model mean(std::span<const Model> models);
  /// √(1/n Σ ‖x_i − x̄‖²) of the models. Runs with learning only.
  [[nodiscard]] double consensus_distance(std::span<const Model> models);
  /// Runs with learning only.
  [[nodiscard]] VectorSpace& space() { return parts_.learning->space; }
  [[nodiscard]] GradientExecutor& executor() { return parts_.learning->executor; }

  // ---- updates --------------------------------------------------------------------------------------------------------------------
  /// One optimiser step along `scale` times the gradient: the next version. Give the only handle to step in place.
  [[nodiscard]] Model apply(Model model, const Gradient& gradient, double scale = 1.0);
  /// One optimiser step along the aggregate of the gradients, taken in the order given; `gradients` is left empty. With a codec, the
  /// aggregate is encoded and everybody steps along what was decoded: the version then travels as that message.
  [[nodiscard]] Model apply(Model model, std::vector<Gradient>& gradients, Aggregator& aggregator, const Codec* codec = nullptr);
  /// One optimiser step along Σ factors[i] · gradients[i].
  [[nodiscard]] Model apply(Model model, std::vector<Gradient>& gradients, std::span<const double> factors);
  /// One optimiser step along the sum of the gradients, which are recorded with equal weights. They are left as they are and may be
  /// applied again.
  [[nodiscard]] Model apply_sum(Model model, std::span<const Gradient> gradients);
  /// The aggregate itself becomes the next version, where models are averaged and not steps.
  [[nodiscard]] Model replace(Model model, std::vector<Gradient>& ends, Aggregator& aggregator);
  /// keep · model + factor · Σ contributions: the model and what workers made of theirs pull at each other. Recorded with equal weights;
  /// `contributions` is left empty.
  [[nodiscard]] Model mix(Model model, double keep, double factor, std::vector<Gradient>& contributions);
  /// The workers have made a round of these contributions (see let_go) by themselves, and the mean of their models has become that mixture
  /// of them. Recorded with equal weights.
  void make_version(std::span<const Gradient> contributions, const Mixture& mixture);
  /// The contribution is not used: it is recorded, its value never read.
  void discard(const Gradient& gradient);

  /// Versions made between the gradient's base and now.
  [[nodiscard]] std::int64_t staleness(const Gradient& gradient) const { return static_cast<std::int64_t>(updates_) - gradient.base; }
  /// The step size of the next update.
  [[nodiscard]] double learning_rate() const;

  // ---- what the codecs can do ------------------------------------------------------------------------------------------------------
  /// The name of a codec that cannot encode the parts that servers hold on their own; empty: there is none.
  [[nodiscard]] const std::string& codec_of_whole_vectors() const { return codec_of_whole_vectors_; }

  // ---- the run's side -------------------------------------------------------------------------------------------------------------
  /// Gives the optimiser and the step sizes. Called once before on_start.
  void set_start(Vector initial, const std::optional<StepRule>& rule);
  /// Starts the zero-delay twin of the algorithm's run. After Algorithm::prepare, before on_start; runs with learning only. Both referees
  /// must outlive the cluster.
  void start_twin(const TwinSpec& spec, const Algorithm& algorithm);
  /// The run has faults; a crash is found out after `detection`. Before on_start; `schedule` must outlive the cluster.
  void set_faults(FaultSchedule& schedule, Duration detection);
  /// Nothing is pending but faults: without them the run would be at its end.
  [[nodiscard]] bool only_faults_left() const;
  /// Nothing pending can bring anything about any more: only nodes that come and go are left, and all of them did without anything else
  /// happening; or a million events in a row were neither the end of a computation nor an arrival.
  [[nodiscard]] bool hopeless() const;
  /// Who is down or paused, since when, and what the network is cut by: "worker 3 is down since 2 s"; empty: nobody, nothing.
  [[nodiscard]] std::string faults_text() const;
  /// Null: a run without faults.
  [[nodiscard]] const FaultTotals* fault_totals() const;
  /// Up to now.
  [[nodiscard]] Duration down_time(NodeId worker) const;
  /// Null: there is none.
  [[nodiscard]] ZeroDelayTwin* twin() { return twin_.get(); }
  [[nodiscard]] const ZeroDelayTwin* twin() const { return twin_.get(); }
  /// What the workers compute; null: plain gradients.
  [[nodiscard]] const Computation* computation() const { return computation_.get(); }
  /// Handles the next event; there must be one.
  void step(Algorithm& algorithm);
  void add_observer(Observer& observer);

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
  void visit(StateVisitor& v, std::string_view name, Vector& vector);
  void visit(StateVisitor& v, std::string_view name, Model& model);
  void visit(StateVisitor& v, std::string_view name, Gradient& gradient);
  template <class T>
  void visit(StateVisitor& v, std::string_view name, std::vector<T>& all) {
    std::uint64_t size = all.size();
    v("count", size);
    all.resize(size);
    for (T& one : all) visit(v, name, one);
  }

 private:
  enum class FlightKind : std::uint8_t {
    none,
    computing,
    model,
    gradient,
    control,
    raw,
    collective,
    collective_result,
    part,       ///< of a message
    departure,  ///< of a part
    joining     ///< of a node's bucket in a collective
  };

  /// Something under way: a computation or a message. `version` and `created` are those of the model carried, computed at, or behind
  /// the gradient. A control message keeps its kind, a raw one its tag, a collective's its tag in `version`, and the latter its step in
  /// `created`. A part and a departure keep their parcel in `version`, and lane and bucket in `created`; a joining its tag in `version`,
  /// and whether its bits are given in `created`. `bits`: of a message; mini-batches of a computation.
  struct Flight {
    Vector values;
    LazyGradient gradient;
    std::shared_ptr<const Payload> payload;
    std::int64_t version = 0;
    Time created;
    Time started;
    NodeId from = kNoNode;
    NodeId to = kNoNode;
    std::uint64_t bits : 56 = 0;
    FlightKind kind : 8 = FlightKind::none;
  };

  struct OpenCollective {
    CollectiveSpec spec;
    std::vector<NodeId> members;
    std::unique_ptr<Collective> schedule;
    std::vector<std::uint8_t> told;  ///< by rank: on_collective has been called, or is on its way
    bool parameters = true;
    std::uint64_t finished = 0;

    [[nodiscard]] std::uint32_t rank(NodeId node) const;
    void visit_state(StateVisitor& v);
  };

  class Sources;
  class One;
  class Faults;

  [[nodiscard]] Flight flight(FlightKind kind, NodeId from, NodeId to, std::uint64_t bits) const;
  [[nodiscard]] std::uint32_t take_flight(Flight&& flight);
  [[nodiscard]] Flight land(std::uint64_t index);
  void dispatch(Algorithm& algorithm, const Event& event);
  /// `known`: the method has been told.
  void computed(Algorithm& algorithm, Flight&& flight, bool known = false);
  /// A message has reached its node: it is processed there first, where that takes time.
  void arrived(Algorithm& algorithm, std::uint64_t index);
  [[nodiscard]] std::uint64_t coordinates(const Flight& flight) const;
  void tell_delivered(const Flight& flight);
  void delivered(Algorithm& algorithm, Flight&& flight);
  [[nodiscard]] Flight model_flight(NodeId from, NodeId to, const Model& model);
  void transmit(Flight&& flight, double rate_cap = kNoRateCap);
  void count(const Flight& flight);
  void tell_sent(const Flight& flight);
  [[nodiscard]] TransferRecord arrival(const Flight& flight) const;
  [[nodiscard]] std::uint64_t wire_bits(const Flight& flight) const;
  [[nodiscard]] Traffic traffic_of(const Flight& flight) const;
  [[nodiscard]] Vector on_wire(const Vector& values);
  void forget_rounded(const Model& model);
  void record_update(const Gradient& gradient, double weight, bool applied, std::size_t number);
  /// Also leaves `gradients` empty.
  void record_aggregated(std::vector<Gradient>& gradients, const Aggregator& aggregator, std::span<const double> samples);
  void record_applied(std::span<const Gradient> gradients, const std::function<double(std::size_t)>& weight);
  [[nodiscard]] Model next_version(Vector values);
  [[nodiscard]] Gradient with_message(const Gradient& gradient, const Codec& codec, EncodedVector message, double factor,
                                      bool feedback) const;
  /// The model after an update by `rule`, here and in the trajectories of the twin.
  template <class Rule>
  [[nodiscard]] Vector updated(Model model, std::span<const Gradient> gradients, Contributions& contributions, bool reused, Rule rule);
  [[nodiscard]] Accepted accepted(const Gradient& gradient);
  [[nodiscard]] Vector mixed(Vector model, Contributions& contributions, double keep, const std::function<double(std::size_t)>& factor);
  [[nodiscard]] std::vector<double> samples_of(std::span<const Gradient> gradients) const;
  void transmit(std::uint64_t tag, const OpenCollective& open, std::span<const CollectiveMessage> messages);
  void collective_arrived(Algorithm& algorithm, const Flight& flight);
  void collective_done(Algorithm& algorithm, std::uint64_t tag, NodeId node);
  [[nodiscard]] bool known_up(NodeId node) const;
  void join_now(std::uint64_t tag, NodeId node, std::optional<std::uint64_t> bits);

  // Messages in parts (cluster_parts.cpp).
  void post(Flight&& message, const Codec* codec);
  void send_in_parts(Flight&& message, std::size_t codec);
  void fill(Parcel& parcel, const Flight& message, const std::vector<std::uint64_t>& bits) const;
  void depart(std::uint32_t parcel, std::uint32_t lane);
  [[nodiscard]] bool serves_layers(const Flight& model) const;
  void part_off_way(std::uint64_t part);
  /// Of what a part carries.
  [[nodiscard]] std::uint64_t part_coordinates(const Flight& part) const;
  void part_arrived(Algorithm& algorithm, const Flight& part);
  [[nodiscard]] std::vector<std::uint64_t> bits_by_cut(const Codec* codec) const;
  [[nodiscard]] std::size_t number_of(const Codec* codec) const;
  [[nodiscard]] bool is_server(NodeId node) const { return node >= parts_.server && node - parts_.server < parts_.servers; }

  // Computations that overlap with messages (cluster_overlap.cpp).
  void start_pass(NodeId worker, std::uint32_t flight, Duration first, Duration last, Duration whole);
  void proceed_with_pass(NodeId worker);
  void pass_event(Algorithm& algorithm, const Event& event);
  void announce_model(Algorithm& algorithm, std::uint32_t parcel);
  void model_complete(NodeId worker);
  void join_in_buckets(std::uint64_t tag, NodeId node, std::optional<std::uint64_t> bits);
  [[nodiscard]] Duration busy_in_pass(NodeId worker) const;
  void visit_parts(StateVisitor& v);
  void visit(StateVisitor& v, Flight& flight);
  void visit_payload(StateVisitor& v, std::shared_ptr<const Payload>& payload);

  Parts parts_;
  std::uint64_t message_bits_ = 0;
  std::unique_ptr<const Computation> computation_;
  std::vector<std::unique_ptr<Codec>> codecs_;
  std::unique_ptr<const Cuts> cuts_;                  ///< null: vectors travel in one piece
  std::vector<std::vector<std::uint64_t>> cut_bits_;  ///< of dense vectors, then of each codec's; empty: it needs the whole vector
  std::string codec_of_whole_vectors_;
  std::vector<Parcel> parcels_;
  std::vector<std::uint32_t> free_parcels_;
  std::vector<LayeredPass> passes_;  ///< by worker; empty without overlap
  NodeId releasing_ = kNoNode;       ///< the worker whose computation has just been announced and goes on
  std::uint64_t version_codec_ = 0;  ///< number of the codec whose message makes the newest version; 0: none
  Simulation simulation_;
  LargeVector<Flight> flights_;
  LargeVector<std::uint32_t> free_flights_;
  LargeVector<WorkerTotals> totals_;
  std::map<std::uint64_t, OpenCollective> collectives_;
  std::vector<Observer*> observers_;
  std::vector<Observer*> network_observers_;  ///< those of them that see the network
  std::optional<StepRule> rule_;
  std::unique_ptr<Optimizer> optimizer_;
  std::unique_ptr<ZeroDelayTwin> twin_;
  std::unique_ptr<Faults> faults_;        ///< null: nothing ever fails
  const Algorithm* algorithm_ = nullptr;  ///< where there is a twin
  Vector initial_;
  Vector wire_source_;   ///< the last float64 model that was rounded for the wire, and
  Vector wire_rounded_;  ///< what it became: a broadcast rounds once
  std::uint64_t updates_ = 0;
  std::uint64_t gradients_ = 0;
  std::uint64_t samples_ = 0;
  TrafficTotals traffic_;
};

}  // namespace peloton
