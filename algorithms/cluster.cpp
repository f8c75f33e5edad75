#include "algorithms/cluster.hpp"

#include "algorithms/compression/identity.hpp"

namespace peloton {

Cluster::Cluster(const Parts& parts)
    : parts_(parts), message_bits_(IdentityCodec(parts.wire).bits(parts.dimension)), totals_(parts.workers) {
  const std::size_t at_once = parts.workers + 1;  // one computation or message per worker is the rule
  simulation_.reserve(at_once);
  flights_.reserve(at_once);
  free_flights_.reserve(at_once);
}

void Cluster::set_start(Vector initial, const std::optional<StepRule>& rule) {
  initial_ = std::move(initial);
  rule_ = rule;
  if (rule && learning()) optimizer_ = make_optimizer(rule->optimizer, parts_.learning->space);
}

Model Cluster::initial_model() const { return {initial_, 0, Time{}}; }

// ---- flights ----------------------------------------------------------------------------------------------------------------------

std::uint32_t Cluster::take_flight(Flight flight) {
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

// ---- verbs ------------------------------------------------------------------------------------------------------------------------

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

void Cluster::compute(NodeId worker, const Model& model) {
  const std::uint64_t call = totals_[worker].started++;
  const Time finish = now() + parts_.compute->draw(worker, call, batch_size(worker));
  Flight computing = flight(FlightKind::computing, worker, worker, 0);
  computing.version = model.version;
  computing.created = model.created;
  if (learning()) computing.gradient = parts_.learning->executor.submit(worker, call, model.values, finish.ns);
  simulation_.schedule(finish, {EventKind::compute_done, worker, take_flight(std::move(computing))});
}

void Cluster::send(NodeId from, NodeId to, const Model& model) {
  Flight message = flight(FlightKind::model, from, to, message_bits_);
  message.version = model.version;
  message.created = model.created;
  if (learning()) message.values = on_wire(model.values);
  transmit(std::move(message));
}

void Cluster::send(NodeId from, NodeId to, const Gradient& gradient) {
  Flight message = flight(FlightKind::gradient, from, to, message_bits_);
  message.version = gradient.base;
  message.created = gradient.base_created;
  message.gradient = gradient.value;
  if (learning() && parts_.wire == Precision::float32) parts_.learning->executor.round(gradient.value);
  transmit(std::move(message));
}

void Cluster::send_raw(NodeId from, NodeId to, std::uint64_t bits, std::uint64_t tag) {
  Flight message = flight(FlightKind::raw, from, to, bits);
  message.version = static_cast<std::int64_t>(tag);
  transmit(std::move(message));
}

void Cluster::transmit(Flight flight) {
  const auto kind = static_cast<std::size_t>(traffic_of(flight.from, flight.to));
  const std::uint64_t bits = flight.bits;
  traffic_.bits[kind] += bits;
  traffic_.wire_bytes[kind] += (bits + 7) / 8 + parts_.header_bytes;
  const NodeId from = flight.from;
  const NodeId to = flight.to;
  const std::uint64_t wire_bits = bits + 8 * parts_.header_bytes;
  parts_.network.send(simulation_, from, to, wire_bits, {EventKind::message_delivered, to, take_flight(std::move(flight))});
}

Traffic Cluster::traffic_of(NodeId from, NodeId to) const {
  if (parts_.server == kNoNode) return Traffic::peer;
  if (to == parts_.server) return Traffic::uplink;
  return from == parts_.server ? Traffic::downlink : Traffic::peer;
}

Vector Cluster::on_wire(const Vector& values) {
  if (parts_.wire == Precision::float64 || parts_.learning->space.precision() == Precision::float32) return values;
  if (wire_source_.identity() != values.identity()) {
    wire_rounded_ = parts_.learning->space.rounded_to_float32(values);
    wire_source_ = values;
  }
  return wire_rounded_;
}

// ---- updates ----------------------------------------------------------------------------------------------------------------------

double Cluster::learning_rate() const {
  PELOTON_INVARIANT(rule_.has_value(), "an algorithm that applies gradients declares its step rule");
  return step_size(rule_->learning_rate, static_cast<std::int64_t>(updates_));
}

Model Cluster::next_version(Vector values) {
  ++updates_;
  return {std::move(values), static_cast<std::int64_t>(updates_), now()};
}

void Cluster::record_update(const Gradient& gradient, double weight, bool applied) {
  if (observers_.empty()) return;
  const auto version = static_cast<std::int64_t>(updates_);
  const UpdateRecord record{.time = now(),
                            .worker = gradient.node,
                            .version = version,
                            .base = gradient.base,
                            .staleness = version - (applied ? 1 : 0) - gradient.base,
                            .staleness_time = now() - gradient.base_created,
                            .weight = weight,
                            .applied = applied};
  for (Observer* observer : observers_) observer->on_update(record);
}

Model Cluster::apply(Model model, const Gradient& gradient, double scale) {
  Vector values;
  if (learning()) {
    const Vector& direction = parts_.learning->executor.value(gradient.value);
    if (wire_source_.identity() == model.values.identity()) wire_source_ = wire_rounded_ = Vector();
    values = optimizer_->step(std::move(model.values), direction, scale * learning_rate());
  }
  Model next = next_version(std::move(values));
  record_update(gradient, scale, true);
  return next;
}

Model Cluster::apply(Model model, std::vector<Gradient>& gradients, Aggregator& aggregator) {
  std::vector<double> samples;
  samples.reserve(gradients.size());
  for (const Gradient& g : gradients) samples.push_back(static_cast<double>(batch_size(g.node)));
  Vector values;
  if (learning()) {
    std::vector<LazyGradient> lazy;
    lazy.reserve(gradients.size());
    for (Gradient& g : gradients) lazy.push_back(std::move(g.value));
    const Vector direction = aggregator.aggregate(parts_.learning->executor, parts_.learning->space, std::move(lazy), samples);
    if (wire_source_.identity() == model.values.identity()) wire_source_ = wire_rounded_ = Vector();
    values = optimizer_->step(std::move(model.values), direction, learning_rate());
  }
  Model next = next_version(std::move(values));
  if (!observers_.empty()) {
    const std::vector<double> weights = aggregator.weights(samples);
    for (std::size_t i = 0; i < gradients.size(); ++i) record_update(gradients[i], weights[i], true);
  }
  gradients.clear();
  return next;
}

void Cluster::discard(const Gradient& gradient) { record_update(gradient, 0, false); }

// ---- events -----------------------------------------------------------------------------------------------------------------------

void Cluster::step(Algorithm& algorithm) {
  simulation_.step([&](const Event& event) { dispatch(algorithm, event); });
}

void Cluster::dispatch(Algorithm& algorithm, const Event& event) {
  switch (event.kind) {
    case EventKind::compute_done: return computed(algorithm, land(event.data));
    case EventKind::message_delivered: return delivered(algorithm, land(event.data));
    case EventKind::timer: return algorithm.on_timer(*this, event.node, event.data);
    case EventKind::network: return parts_.network.on_event(simulation_, event);
  }
}

void Cluster::computed(Algorithm& algorithm, Flight flight) {
  WorkerTotals& totals = totals_[flight.from];
  totals.busy_ns += (now() - flight.started).ns;
  const std::uint64_t call = totals.gradients++;
  ++gradients_;
  samples_ += batch_size(flight.from);
  for (Observer* observer : observers_)
    observer->on_compute({.node = flight.from, .start = flight.started, .finish = now(), .call = call, .version = flight.version});
  algorithm.on_gradient_ready(*this, {std::move(flight.gradient), flight.from, flight.version, flight.created});
}

void Cluster::delivered(Algorithm& algorithm, Flight flight) {
  for (Observer* observer : observers_) {
    observer->on_transfer({.from = flight.from,
                           .to = flight.to,
                           .traffic = traffic_of(flight.from, flight.to),
                           .bits = flight.bits,
                           .sent = flight.started,
                           .delivered = now(),
                           .version = flight.kind == FlightKind::raw ? -1 : flight.version});
  }
  switch (flight.kind) {
    case FlightKind::model:
      return algorithm.on_model(*this, {flight.from, flight.to, {std::move(flight.values), flight.version, flight.created}});
    case FlightKind::gradient:
      return algorithm.on_gradient(*this,
                                   {flight.from, flight.to, {std::move(flight.gradient), flight.from, flight.version, flight.created}});
    case FlightKind::raw:
      return algorithm.on_raw(*this, {flight.from, flight.to, static_cast<std::uint64_t>(flight.version), flight.started});
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
    if (flight.kind == FlightKind::computing) out[flight.from] += now() - flight.started;
  return out;
}

// ---- state ------------------------------------------------------------------------------------------------------------------------

void Cluster::visit(StateVisitor& v, std::string_view name, Model& model) {
  v.begin(name);
  if (learning()) parts_.learning->space.visit(v, "values", model.values);
  v("version", model.version);
  v("created", model.created);
  v.end();
}

void Cluster::visit(StateVisitor& v, std::string_view name, Gradient& gradient) {
  v.begin(name);
  if (learning()) parts_.learning->executor.visit(v, "value", gradient.value);
  v("node", gradient.node);
  v("base", gradient.base);
  v("base_created", gradient.base_created);
  v.end();
}

void Cluster::visit(StateVisitor& v, std::string_view name, std::vector<Gradient>& gradients) {
  std::uint64_t size = gradients.size();
  v("count", size);
  gradients.resize(size);
  for (Gradient& gradient : gradients) visit(v, name, gradient);
}

void Cluster::visit(StateVisitor& v, Flight& flight) {
  FlightKind kind = flight.kind;
  std::uint64_t bits = flight.bits;
  v("kind", kind);
  v("bits", bits);
  flight.kind = kind;
  flight.bits = bits & ((1ULL << 56U) - 1);
  if (learning()) {
    parts_.learning->space.visit(v, "values", flight.values);
    parts_.learning->executor.visit(v, "gradient", flight.gradient);
  }
  v("version", flight.version);
  v("created", flight.created);
  v("started", flight.started);
  v("from", flight.from);
  v("to", flight.to);
}

void Cluster::visit_state(StateVisitor& v) {
  v("simulation", simulation_);
  v.begin("network");
  parts_.network.visit_state(v);
  v.end();
  std::uint64_t size = flights_.size();
  v("flights", size);
  flights_.resize(size);
  for (Flight& flight : flights_) visit(v, flight);
  v("free_flights", free_flights_);
  v("totals", totals_);
  if (optimizer_) optimizer_->visit_state(v);
  if (learning()) {
    parts_.learning->space.visit(v, "initial", initial_);
    parts_.learning->executor.visit_state(v);
  }
  v("updates", updates_);
  v("gradients", gradients_);
  v("samples", samples_);
  v("bits", traffic_.bits);
  v("wire_bytes", traffic_.wire_bytes);
}

}  // namespace peloton
