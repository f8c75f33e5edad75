#include "algorithms/cluster.hpp"

#include <algorithm>
#include <cmath>

#include "algorithms/cluster_faults.hpp"
#include "algorithms/twin.hpp"

namespace peloton {

Cluster::Cluster(Parts parts)
    : parts_(std::move(parts)), message_bits_(8ULL * bytes_of(parts_.wire) * parts_.dimension), totals_(parts_.workers) {
  const std::size_t at_once = parts_.workers + 1;  // one computation or message per worker is the rule
  simulation_.reserve(at_once);
  flights_.reserve(at_once);
  free_flights_.reserve(at_once);
  if (parts_.layers != nullptr) passes_.resize(parts_.workers);
  if (parts_.dimension > 0 && parts_.server != kNoNode && (parts_.layers != nullptr || parts_.servers > 1)) {
    cuts_ = std::make_unique<Cuts>(parts_.layers, parts_.dimension, parts_.servers);
    if (cuts_->cuts().size() == 1) cuts_.reset();
  }
  cut_bits_.push_back(bits_by_cut(nullptr));
}

Cluster::~Cluster() = default;

void Cluster::set_start(Vector initial, const std::optional<StepRule>& rule) {
  initial_ = std::move(initial);
  rule_ = rule;
  if (!rule) return;
  rule_->learning_rate = resolved(rule->learning_rate);
  if (learning()) optimizer_ = std::make_unique<Optimizer>(rule->optimizer, parts_.learning->space);
}

void Cluster::set_computation(std::unique_ptr<const Computation> computation) {
  computation_ = std::move(computation);
  if (learning()) parts_.learning->executor.set_computation(computation_.get());
}

const Codec& Cluster::make_codec(const CodecSpec& spec) {
  codecs_.push_back(
      peloton::make_codec(spec, {.dimension = parts_.dimension, .tensors = parts_.tensors, .wire = parts_.wire, .seed = parts_.seed}));
  cut_bits_.push_back(bits_by_cut(codecs_.back().get()));
  if (parts_.servers > 1 && cuts_ && cut_bits_.back().empty()) codec_of_whole_vectors_ = spec.kind();
  return *codecs_.back();
}

StepSize Cluster::resolved(const StepSize& schedule) const {
  double batch = 0;
  for (const NodeId w : workers()) batch += static_cast<double>(batch_size(w));
  return peloton::resolved(schedule, batch);
}

Model Cluster::initial_model() const { return {.values = initial_, .version = 0, .created = Time{}, .bits = 0}; }

// ---- flights ----------------------------------------------------------------------------------------------------------------------

std::uint32_t Cluster::take_flight(Flight&& flight) {
  if (free_flights_.empty()) {
    flights_.push_back(std::move(flight));
    return static_cast<std::uint32_t>(flights_.size() - 1);
  }
  const std::uint32_t index = free_flights_.back();
  free_flights_.pop_back();
  flights_[index] = std::move(flight);
  return index;
}

Cluster::Flight Cluster::land(std::uint64_t index) {
  Flight flight = std::exchange(flights_[index], Flight{});
  free_flights_.push_back(static_cast<std::uint32_t>(index));
  return flight;
}

Cluster::Flight Cluster::flight(FlightKind kind, NodeId from, NodeId to, std::uint64_t bits) const {
  constexpr std::uint64_t kMostBits = (1ULL << 56U) - 1;
  PELOTON_INVARIANT(bits <= kMostBits, "a message has at most 2^56 - 1 bits");
  Flight out;
  out.kind = kind;
  out.from = from;
  out.to = to;
  out.bits = bits & kMostBits;
  out.started = now();
  return out;
}

// ---- messages and computations ----------------------------------------------------------------------------------------------------

Gradient Cluster::compute(NodeId worker, const Model& model, Task task) {
  PELOTON_INVARIANT(task.steps >= 1, "a computation has a mini-batch");
  WorkerTotals& totals = totals_[worker];
  const std::uint64_t call = totals.started;
  totals.started += task.steps;
  const auto each = static_cast<std::int64_t>(computation_ ? computation_->gradients_per_step() : 1);
  Time finish = now();
  Duration first;
  Duration last;
  for (std::uint64_t h = 0; h < task.steps; ++h) {
    const Time begin = finish;
    const Duration one = parts_.compute->draw(worker, call + h, batch_size(worker), begin);
    finish = parts_.compute->finish(worker, begin, Duration{one.ns * each});
    last = finish - begin;
    if (h == 0) first = last;
  }
  Flight computing = flight(FlightKind::computing, worker, worker, task.steps);
  computing.version = model.version;
  computing.created = model.created;
  if (learning()) {
    GradientExecutor& executor = parts_.learning->executor;
    computing.gradient = executor.submit({.worker = worker, .call = call, .steps = task.steps, .first_step = task.first_step}, model.values,
                                         finish.ns, std::move(task.inputs));
    if (model.on_wire) executor.set_model_on_wire(computing.gradient);
  }
  Gradient out{.value = computing.gradient, .encoded = nullptr, .node = worker, .base = model.version, .base_created = model.created};
  const std::uint32_t index = take_flight(std::move(computing));
  if (parts_.layers != nullptr) {
    start_pass(worker, index, first, last, finish - now());
    return out;
  }
  const EventHandle end = simulation_.schedule(finish, {EventKind::compute_done, worker, index});
  if (faults_) faults_->started(worker, index, end, finish);
  return out;
}

void Cluster::send(NodeId from, NodeId to, const Model& model) {
  post(model_flight(from, to, model), model.bits == 0 || version_codec_ == 0 ? nullptr : codecs_[version_codec_ - 1].get());
}

Cluster::Flight Cluster::model_flight(NodeId from, NodeId to, const Model& model) {
  Flight message = flight(FlightKind::model, from, to, model.bits == 0 ? message_bits_ : model.bits);
  message.version = model.version;
  message.created = model.created;
  if (learning()) message.values = model.bits == 0 ? on_wire(model.values) : model.values;
  return message;
}

void Cluster::broadcast(NodeId from, const Model& model) {
  if (faults_ || parts_.network.is_broadcast_medium()) return broadcast(from, model, up_workers());
  for (const NodeId w : workers()) send(from, w, model);
}

void Cluster::broadcast(NodeId from, const Model& model, std::span<const NodeId> to) {
  if (!parts_.network.is_broadcast_medium()) {
    for (const NodeId w : to) send(from, w, model);
    return;
  }
  std::vector<Receiver> receivers;
  for (const NodeId w : to) {
    Flight message = model_flight(from, w, model);
    tell_sent(message);
    if (receivers.empty()) count(message);
    receivers.push_back({w, {EventKind::message_delivered, w, take_flight(std::move(message))}});
  }
  if (receivers.empty()) return;
  const std::uint64_t bits = wire_bits(flights_[receivers.front().on_delivery.data]);
  parts_.network.broadcast(simulation_, from, bits, receivers);
}

void Cluster::send(NodeId from, NodeId to, const Gradient& gradient) {
  Flight message = flight(FlightKind::gradient, from, to, gradient.encoded ? gradient.encoded->message.bits : message_bits_);
  message.version = gradient.base;
  message.created = gradient.base_created;
  message.gradient = gradient.value;
  message.payload = gradient.encoded;
  if (learning() && parts_.wire == Precision::float32) parts_.learning->executor.round(gradient.value);
  post(std::move(message), gradient.encoded ? gradient.encoded->codec : nullptr);
}

void Cluster::send_control(NodeId from, NodeId to, std::uint32_t kind, std::span<const double> numbers, std::uint64_t bits) {
  Flight message = flight(FlightKind::control, from, to, bits);
  message.version = kind;
  if (!numbers.empty()) {
    auto payload = std::make_shared<Payload>();
    const auto bytes = std::as_bytes(numbers);
    payload->message.bytes.resize(bytes.size());
    std::transform(bytes.begin(), bytes.end(), payload->message.bytes.begin(), [](std::byte b) { return static_cast<std::uint8_t>(b); });
    payload->message.bits = bits;
    message.payload = std::move(payload);
  }
  transmit(std::move(message));
}

void Cluster::send_raw(NodeId from, NodeId to, std::uint64_t bits, std::uint64_t tag, double rate_cap) {
  Flight message = flight(FlightKind::raw, from, to, bits);
  message.version = static_cast<std::int64_t>(tag);
  transmit(std::move(message), rate_cap);
}

void Cluster::transmit(Flight&& flight, double rate_cap) {
  count(flight);
  tell_sent(flight);
  const Transmission message{.from = flight.from, .to = flight.to, .bits = wire_bits(flight), .rate_cap = rate_cap};
  parts_.network.send(simulation_, message, {EventKind::message_delivered, message.to, take_flight(std::move(flight))});
}

std::uint64_t Cluster::wire_bits(const Flight& flight) const {
  std::uint64_t bits = flight.bits;
  if (parts_.parameter_scale != 1) {
    bool parameters = flight.kind != FlightKind::control && flight.kind != FlightKind::raw;
    if (flight.kind == FlightKind::collective) parameters = collectives_.at(static_cast<std::uint64_t>(flight.version)).parameters;
    if (parameters) bits = static_cast<std::uint64_t>(std::llround(static_cast<double>(bits) * parts_.parameter_scale));
  }
  return bits + 8 * parts_.header_bytes;
}

void Cluster::count(const Flight& flight) {
  const auto kind = static_cast<std::size_t>(traffic_of(flight));
  ++traffic_.messages[kind];
  traffic_.bits[kind] += flight.bits;
  traffic_.wire_bytes[kind] += (flight.bits + 7) / 8 + parts_.header_bytes;
}

void Cluster::tell_sent(const Flight& flight) {
  for (Observer* observer : network_observers_)
    observer->on_send({.sent = now(), .from = flight.from, .to = flight.to, .traffic = traffic_of(flight), .bits = flight.bits});
}

Traffic Cluster::traffic_of(const Flight& flight) const {
  if (flight.kind == FlightKind::control) return Traffic::control;
  if (parts_.server == kNoNode) return Traffic::peer;
  if (is_server(flight.to)) return Traffic::uplink;
  return is_server(flight.from) ? Traffic::downlink : Traffic::peer;
}

Vector Cluster::on_wire(const Vector& values) {
  if (parts_.wire == Precision::float64 || parts_.learning->space.precision() == Precision::float32) return values;
  if (wire_source_.identity() != values.identity()) {
    wire_rounded_ = parts_.learning->space.rounded_to_float32(values);
    wire_source_ = values;
  }
  return wire_rounded_;
}

// ---- collectives ------------------------------------------------------------------------------------------------------------------

std::uint32_t Cluster::OpenCollective::rank(NodeId node) const {
  // Members mostly are consecutive workers.
  const std::size_t guess = node - std::min(node, members.front());
  if (guess < members.size() && members[guess] == node) return static_cast<std::uint32_t>(guess);
  const auto found = std::find(members.begin(), members.end(), node);
  PELOTON_INVARIANT(found != members.end(), "only members take part in a collective");
  return static_cast<std::uint32_t>(found - members.begin());
}

void Cluster::open_collective(std::uint64_t tag, const CollectiveSpec& spec, std::vector<NodeId> members, bool parameters) {
  PELOTON_INVARIANT(!is_open(tag), "a collective's tag is used by one at a time");
  PELOTON_INVARIANT(members.size() == spec.ranks, "a collective has as many members as ranks");
  OpenCollective& open = collectives_[tag];
  open.spec = spec;
  open.parameters = parameters;
  if (parts_.layers != nullptr && parts_.layers->size() > 1 && is_all_reduce(spec.kind) && spec.coordinates == parts_.dimension)
    for (const LayerSchedule::Bucket& bucket : parts_.layers->buckets()) open.spec.buckets.push_back(bucket.end - bucket.begin);
  open.told.resize(members.size());
  open.members = std::move(members);
  open.schedule = make_collective(open.spec);
}

void Cluster::join(std::uint64_t tag, NodeId node, std::optional<std::uint64_t> bits) {
  if (parts_.layers != nullptr)
    join_in_buckets(tag, node, bits);
  else
    join_now(tag, node, bits);
}

void Cluster::join_now(std::uint64_t tag, NodeId node, std::optional<std::uint64_t> bits) {
  OpenCollective& open = collectives_.at(tag);
  const std::uint32_t rank = open.rank(node);
  std::vector<CollectiveMessage> messages;
  open.schedule->join(rank, messages);
  if (bits) {
    PELOTON_INVARIANT(keeps_sizes(open.spec.kind), "only payloads that are passed on as they are have sizes of their own");
    for (CollectiveMessage& m : messages) m.bits = *bits;
  }
  transmit(tag, open, messages);
  if (open.told[rank] != 0 || !open.schedule->done(rank)) return;
  open.told[rank] = 1;  // through an event of its own: a callback is never called from within a callback
  Flight result = flight(FlightKind::collective_result, node, node, 0);
  result.version = static_cast<std::int64_t>(tag);
  simulation_.schedule(now(), {EventKind::message_delivered, node, take_flight(std::move(result))});
}

void Cluster::close_collective(std::uint64_t tag) { collectives_.erase(tag); }

void Cluster::transmit(std::uint64_t tag, const OpenCollective& open, std::span<const CollectiveMessage> messages) {
  for (const CollectiveMessage& m : messages) {
    Flight message = flight(FlightKind::collective, open.members[m.from], open.members[m.to], m.bits);
    message.version = static_cast<std::int64_t>(tag);
    message.created.ns = m.step;
    transmit(std::move(message));
  }
}

void Cluster::collective_arrived(Algorithm& algorithm, const Flight& flight) {
  const auto tag = static_cast<std::uint64_t>(flight.version);
  if (faults_ && !is_open(tag)) return;
  OpenCollective& open = collectives_.at(tag);
  const std::uint32_t rank = open.rank(flight.to);
  std::vector<CollectiveMessage> messages;
  open.schedule->receive(
      {.from = open.rank(flight.from), .to = rank, .bits = flight.bits, .step = static_cast<std::uint32_t>(flight.created.ns)}, messages);
  transmit(tag, open, messages);
  if (open.told[rank] != 0 || !open.schedule->done(rank)) return;
  open.told[rank] = 1;
  collective_done(algorithm, tag, flight.to);
}

void Cluster::collective_done(Algorithm& algorithm, std::uint64_t tag, NodeId node) {
  if (faults_ && !is_open(tag)) return;
  OpenCollective& open = collectives_.at(tag);
  const bool first = open.finished++ == 0;
  const bool last = open.finished == open.members.size();
  if (last) collectives_.erase(tag);
  algorithm.on_collective(*this, {.tag = tag, .node = node, .first = first, .last = last});
}

// ---- events -----------------------------------------------------------------------------------------------------------------------

void Cluster::add_observer(Observer& observer) {
  observers_.push_back(&observer);
  if (!observer.sees_network()) return;
  network_observers_.push_back(&observer);
  parts_.network.watch(observer);
}

void Cluster::step(Algorithm& algorithm) {
  simulation_.step([&](const Event& event) {
    if (!network_observers_.empty()) parts_.network.report_until(now());
    dispatch(algorithm, event);
  });
}

void Cluster::dispatch(Algorithm& algorithm, const Event& event) {
  if (faults_ && faults_->intercept(algorithm, event)) return;
  switch (event.kind) {
    case EventKind::compute_done: return passes_.empty() ? computed(algorithm, land(event.data)) : pass_event(algorithm, event);
    case EventKind::message_delivered: return arrived(algorithm, event.data);
    case EventKind::message_processed: return delivered(algorithm, land(event.data));
    case EventKind::timer: return algorithm.on_timer(*this, event.node, event.data);
    case EventKind::network: return parts_.network.on_event(simulation_, event);
    case EventKind::node_down: return algorithm.on_node_down(*this, event.node);
    case EventKind::node_up: return algorithm.on_node_up(*this, event.node);
  }
}

void Cluster::computed(Algorithm& algorithm, Flight&& flight, bool known) {
  if (faults_) faults_->ended(flight.from);
  WorkerTotals& totals = totals_[flight.from];
  totals.busy_ns += (passes_.empty() ? now() - flight.started : passes_[flight.from].whole).ns;
  const std::uint64_t steps = flight.bits;
  const std::uint64_t gradients = steps * (computation_ ? computation_->gradients_per_step() : 1);
  const std::uint64_t call = totals.gradients;
  totals.gradients += gradients;
  gradients_ += gradients;
  samples_ += steps * batch_size(flight.from);
  for (Observer* observer : observers_)
    observer->on_compute({.node = flight.from, .start = flight.started, .finish = now(), .call = call, .version = flight.version});
  if (known) return;
  algorithm.on_gradient_ready(*this, {.value = std::move(flight.gradient),
                                      .encoded = nullptr,
                                      .node = flight.from,
                                      .base = flight.version,
                                      .base_created = flight.created});
}

TransferRecord Cluster::arrival(const Flight& flight) const {
  const bool versioned = flight.kind == FlightKind::model || flight.kind == FlightKind::gradient;
  std::int64_t version = versioned ? flight.version : -1;
  bool completes = true;
  if (flight.kind == FlightKind::part) {
    const Parcel& parcel = parcels_[static_cast<std::size_t>(flight.version)];
    version = flights_[parcel.message].version;
    completes = parcel.under_way == 0;
  }
  return {.from = flight.from,
          .to = flight.to,
          .traffic = traffic_of(flight),
          .bits = flight.bits,
          .sent = flight.started,
          .delivered = now(),
          .version = version,
          .completes = completes};
}

void Cluster::tell_delivered(const Flight& flight) {
  if (observers_.empty()) return;
  const TransferRecord record = arrival(flight);
  for (Observer* observer : observers_) observer->on_transfer(record);
}

void Cluster::delivered(Algorithm& algorithm, Flight&& flight) {
  switch (flight.kind) {
    case FlightKind::model: {
      Model model{.values = std::move(flight.values), .version = flight.version, .created = flight.created};
      const bool dense = flight.bits == message_bits_;
      if (!dense) model.bits = flight.bits;
      model.on_wire = dense && parts_.wire == Precision::float32;
      return algorithm.on_model(*this, {flight.from, flight.to, std::move(model)});
    }
    case FlightKind::gradient:
      return algorithm.on_gradient(*this, {.from = flight.from,
                                           .to = flight.to,
                                           .gradient = {.value = std::move(flight.gradient),
                                                        .encoded = std::move(flight.payload),
                                                        .node = flight.from,
                                                        .base = flight.version,
                                                        .base_created = flight.created}});
    case FlightKind::control: {
      std::vector<double> numbers;
      if (flight.payload) {
        numbers.resize(flight.payload->message.bytes.size() / sizeof(double));
        std::memcpy(numbers.data(), flight.payload->message.bytes.data(), numbers.size() * sizeof(double));
      }
      return algorithm.on_control(*this, {flight.from, flight.to, static_cast<std::uint32_t>(flight.version), numbers});
    }
    case FlightKind::raw:
      return algorithm.on_raw(*this, {flight.from, flight.to, static_cast<std::uint64_t>(flight.version), flight.started});
    case FlightKind::collective: return collective_arrived(algorithm, flight);
    case FlightKind::collective_result: return collective_done(algorithm, static_cast<std::uint64_t>(flight.version), flight.to);
    case FlightKind::part: return part_arrived(algorithm, flight);
    case FlightKind::departure: return depart(static_cast<std::uint32_t>(flight.version), static_cast<std::uint32_t>(flight.created.ns));
    case FlightKind::joining:
      return join_now(static_cast<std::uint64_t>(flight.version), flight.to,
                      flight.created.ns == 1 ? std::optional(std::uint64_t{flight.bits}) : std::nullopt);
    case FlightKind::none:
    case FlightKind::computing: break;
  }
  PELOTON_INVARIANT(false, "a delivered flight is a message");
}

std::vector<Duration> Cluster::busy() const {
  std::vector<Duration> out;
  out.reserve(totals_.size());
  for (const WorkerTotals& totals : totals_) out.push_back({totals.busy_ns});
  for (const Flight& flight : flights_)
    if (flight.kind == FlightKind::computing && !(faults_ && faults_->is_paused(flight.from)))
      out[flight.from] += passes_.empty() ? now() - flight.started : busy_in_pass(flight.from);
  return out;
}

}  // namespace peloton
