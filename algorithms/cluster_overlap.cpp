#include <algorithm>

#include "algorithms/cluster.hpp"

namespace peloton {

// A worker is told of a model when the buckets that its first layers need are there, and a method of a gradient when its first bucket is.
// Both stand for vectors that are known to the last number (gradients are functions of models), so nothing but the time depends on it.

void Cluster::start_pass(NodeId worker, std::uint32_t flight, Duration first, Duration last, Duration whole) {
  LayeredPass& pass = passes_[worker];
  PELOTON_INVARIANT(!pass.running, "a worker whose messages overlap with its computations has one computation at a time");
  pass.flight = flight;
  pass.waits_for = static_cast<std::uint32_t>(parts_.layers->size());
  pass.running = true;
  pass.announced = false;
  pass.forward = first - parts_.layers->backward(first);
  pass.backward = parts_.layers->backward(last);
  pass.whole = whole;
  pass.waited = {};
  pass.reached = now();
  proceed_with_pass(worker);
}

/// Takes the forward pass through the layers whose buckets are there. The end of the computation is known when all are.
void Cluster::proceed_with_pass(NodeId worker) {
  LayeredPass& pass = passes_[worker];
  if (!pass.running || pass.waits_for == 0) return;
  const LayerSchedule& layers = *parts_.layers;
  const Parcel* const parcel = pass.parcel == LayeredPass::kNoParcel ? nullptr : &parcels_[pass.parcel];
  while (pass.waits_for > 0 && (parcel == nullptr || parcel->missing[pass.waits_for - 1] == 0)) {
    const std::uint32_t k = --pass.waits_for;
    if (now() > pass.reached) pass.waited += now() - pass.reached;
    const Duration end = k == 0 ? pass.forward : layers.needed(k - 1, pass.forward);
    pass.reached = std::max(now(), pass.reached) + (end - layers.needed(k, pass.forward));
  }
  if (pass.waits_for > 0) return;
  pass.finish = pass.reached + (pass.whole - pass.forward);
  const bool by_bucket = computation_ == nullptr || computation_->by_coordinate();
  const Time told = by_bucket ? pass.backward_start() + layers.released(0, pass.backward) : pass.finish;
  simulation_.schedule(told, {EventKind::compute_done, worker, pass.flight});
}

/// The first bucket of the gradient is complete, or all of it.
void Cluster::pass_event(Algorithm& algorithm, const Event& event) {
  LayeredPass& pass = passes_[event.node];
  if (now() == pass.finish) {
    pass.running = false;
    return computed(algorithm, land(event.data), pass.announced);
  }
  simulation_.schedule(pass.finish, event);
  pass.announced = true;
  releasing_ = event.node;
  Flight& flight = flights_[event.data];
  algorithm.on_gradient_ready(*this, {.value = std::move(flight.gradient),
                                      .encoded = nullptr,
                                      .node = flight.from,
                                      .base = flight.version,
                                      .base_created = flight.created});
  releasing_ = kNoNode;
}

void Cluster::announce_model(Algorithm& algorithm, std::uint32_t index) {
  Parcel& parcel = parcels_[index];
  Flight message = flights_[parcel.message];
  PELOTON_INVARIANT(!passes_[message.to].running, "a worker is sent its next model when it has answered the last");
  parcel.announced = true;
  passes_[message.to].parcel = index;
  delivered(algorithm, std::move(message));
}

void Cluster::model_complete(NodeId worker) {
  passes_[worker].parcel = LayeredPass::kNoParcel;
  proceed_with_pass(worker);
}

/// What is not reduced in buckets leaves when the computation has ended.
void Cluster::join_in_buckets(std::uint64_t tag, NodeId node, std::optional<std::uint64_t> bits) {
  const std::size_t buckets = collectives_.at(tag).spec.buckets.size();
  const LayeredPass* const pass = node == releasing_ ? &passes_[node] : nullptr;
  for (std::size_t k = 0; k < std::max<std::size_t>(1, buckets); ++k) {
    Time ready = now();
    if (pass != nullptr) ready = buckets == 0 ? pass->finish : pass->backward_start() + parts_.layers->released(k, pass->backward);
    if (ready == now()) {
      join_now(tag, node, bits);
      continue;
    }
    Flight joining = flight(FlightKind::joining, node, node, bits.value_or(0));
    joining.created.ns = bits ? 1 : 0;
    joining.version = static_cast<std::int64_t>(tag);
    simulation_.schedule(ready, {EventKind::message_delivered, node, take_flight(std::move(joining))});
  }
}

Duration Cluster::busy_in_pass(NodeId worker) const {
  const LayeredPass& pass = passes_[worker];
  const Time until = pass.waits_for == 0 ? now() : std::min(now(), pass.reached);
  return until - flights_[pass.flight].started - pass.waited;
}

}  // namespace peloton
