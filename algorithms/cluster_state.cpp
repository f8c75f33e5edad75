#include "algorithms/cluster.hpp"
#include "algorithms/cluster_faults.hpp"
#include "algorithms/twin.hpp"

namespace peloton {

void Cluster::visit(StateVisitor& v, std::string_view name, Vector& vector) {
  if (learning()) space().visit(v, name, vector);
}

void Cluster::visit(StateVisitor& v, std::string_view name, Model& model) {
  v.begin(name);
  visit(v, "values", model.values);
  v("version", model.version);
  v("created", model.created);
  std::uint64_t bits = model.bits;
  bool on_wire = model.on_wire;
  v("bits", bits);
  v("on_wire", on_wire);
  model.bits = bits & Model::kMostBits;
  model.on_wire = on_wire;
  v.end();
}

void Cluster::visit(StateVisitor& v, std::string_view name, Gradient& gradient) {
  v.begin(name);
  if (learning()) parts_.learning->executor.visit(v, "value", gradient.value);
  visit_payload(v, gradient.encoded);
  v("node", gradient.node);
  v("base", gradient.base);
  v("base_created", gradient.base_created);
  v.end();
}

void Cluster::visit_payload(StateVisitor& v, std::shared_ptr<const Payload>& payload) {
  std::uint64_t number = 0;
  bool first = false;
  if (!v.reading() && payload) std::tie(number, first) = v.identify(payload.get());
  v("payload", number);
  if (v.reading()) {
    payload.reset();
    if (number == 0) return;
    if (const auto known = v.object(number)) {
      payload = std::static_pointer_cast<const Payload>(known);
      return;
    }
    first = true;
  }
  if (!first) return;
  auto fields = std::make_shared<Payload>(payload ? *payload : Payload{});
  std::uint64_t codec = 0;  // 0: none
  for (std::size_t i = 0; i < codecs_.size(); ++i)
    if (codecs_[i].get() == fields->codec) codec = i + 1;
  v("bytes", fields->message.bytes);
  v("bits", fields->message.bits);
  v("codec", codec);
  if (twin_) {
    bool made_again = fields->recipe != nullptr;
    v("made_again", made_again);
    if (v.reading() && made_again) fields->recipe = std::make_shared<Recipe>();
    if (made_again) fields->recipe->visit_state(v, parts_.learning->executor);
  }
  if (!v.reading()) return;
  fields->codec = codec == 0 ? nullptr : codecs_[codec - 1].get();
  v.remember(number, fields);
  payload = std::move(fields);
}

void Cluster::visit(StateVisitor& v, Flight& flight) {
  FlightKind kind = flight.kind;
  std::uint64_t bits = flight.bits;
  v("kind", kind);
  v("bits", bits);
  flight.kind = kind;
  flight.bits = bits & ((1ULL << 56U) - 1);
  if (learning()) {
    space().visit(v, "values", flight.values);
    parts_.learning->executor.visit(v, "gradient", flight.gradient);
  }
  visit_payload(v, flight.payload);
  v("version", flight.version);
  v("created", flight.created);
  v("started", flight.started);
  v("from", flight.from);
  v("to", flight.to);
}

void Cluster::OpenCollective::visit_state(StateVisitor& v) {
  v("spec", spec);
  v("members", members);
  v("told", told);
  v("parameters", parameters);
  v("finished", finished);
  if (v.reading()) schedule = make_collective(spec);
  schedule->visit_state(v);
}

void Cluster::visit_state(StateVisitor& v) {
  v("simulation", simulation_);
  v.begin("network");
  parts_.network.visit_state(v);
  v.end();
  if (parts_.processing != nullptr) v("processing", *parts_.processing);
  std::uint64_t size = flights_.size();
  v("flights", size);
  flights_.resize(size);
  for (Flight& flight : flights_) visit(v, flight);
  v("free_flights", free_flights_);
  v("totals", totals_);
  v("collectives", collectives_);
  if (optimizer_) optimizer_->visit_state(v);
  visit(v, "initial", initial_);
  if (learning()) parts_.learning->executor.visit_state(v);
  if (twin_) twin_->visit_state(v);
  v("updates", updates_);
  v("gradients", gradients_);
  v("samples", samples_);
  v("bits", traffic_.bits);
  v("wire_bytes", traffic_.wire_bytes);
  v("messages", traffic_.messages);
  if (cuts_ || !passes_.empty()) visit_parts(v);
  if (faults_) faults_->visit_state(v);
}

void Cluster::visit_parts(StateVisitor& v) {
  v("parcels", parcels_);
  v("free_parcels", free_parcels_);
  v("passes", passes_);
  v("version_codec", version_codec_);
}

}  // namespace peloton
