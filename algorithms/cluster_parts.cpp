#include <algorithm>

#include "algorithms/cluster.hpp"

namespace peloton {

// Lane and bucket of a part, in the field of its flight that has room for them.
namespace {

constexpr Time address(std::uint32_t lane, std::uint32_t bucket) { return {static_cast<std::int64_t>(lane) << 32 | bucket}; }
constexpr std::uint32_t lane_of(Time address) { return static_cast<std::uint32_t>(address.ns >> 32); }
constexpr std::uint32_t bucket_of(Time address) { return static_cast<std::uint32_t>(address.ns); }

}  // namespace

std::vector<std::uint64_t> Cluster::bits_by_cut(const Codec* codec) const {
  std::vector<std::uint64_t> out;
  if (!cuts_ || (codec != nullptr && !cuts_->suit(*codec))) return out;
  for (const Cuts::Cut& cut : cuts_->cuts())
    out.push_back(codec == nullptr ? (cut.end - cut.begin) * bits_per_number() : *codec->bits_of(cut.begin, cut.end));
  return out;
}

std::size_t Cluster::number_of(const Codec* codec) const {
  for (std::size_t i = 0; i < codecs_.size(); ++i)
    if (codecs_[i].get() == codec) return i + 1;
  return 0;
}

void Cluster::post(Flight&& message, const Codec* codec) {
  if (cuts_ && (is_server(message.from) || is_server(message.to)))
    send_in_parts(std::move(message), number_of(codec));
  else
    transmit(std::move(message));
}

void Cluster::send_in_parts(Flight&& message, std::size_t codec) {
  if (free_parcels_.empty()) {
    free_parcels_.push_back(static_cast<std::uint32_t>(parcels_.size()));
    parcels_.emplace_back();
  }
  const std::uint32_t index = free_parcels_.back();
  free_parcels_.pop_back();
  Parcel parcel;
  fill(parcel, message, cut_bits_[codec]);
  for (const Parcel::Lane& lane : parcel.lanes)
    for (const Parcel::Piece& piece : lane.pieces) count(flight(message.kind, lane.from, lane.to, piece.bits));
  parcel.message = take_flight(std::move(message));
  parcels_[index] = std::move(parcel);
  for (std::uint32_t lane = 0; lane < parts_.servers; ++lane) depart(index, lane);
}

/// `bits`: by cut; empty where the vector was encoded as a whole.
void Cluster::fill(Parcel& parcel, const Flight& message, const std::vector<std::uint64_t>& bits) const {
  const std::uint32_t buckets = bits.empty() ? 1 : cuts_->buckets();
  parcel.incomplete = buckets;
  parcel.missing.resize(buckets);
  parcel.lanes.resize(parts_.servers);
  for (std::uint32_t shard = 0; shard < parts_.servers; ++shard) {
    Parcel::Lane& lane = parcel.lanes[shard];
    lane.from = is_server(message.from) ? parts_.server + shard : message.from;
    lane.to = is_server(message.to) ? parts_.server + shard : message.to;
  }
  const auto add = [&](std::uint32_t shard, std::uint32_t bucket, std::uint64_t length) {
    parcel.lanes[shard].pieces.push_back({.bucket = bucket, .bits = length});
    ++parcel.missing[bucket];
    ++parcel.under_way;
  };
  if (bits.empty()) add(0, 0, message.bits);
  for (std::size_t i = 0; i < bits.size(); ++i) add(cuts_->cuts()[i].shard, cuts_->cuts()[i].bucket, bits[i]);
  if (message.kind == FlightKind::model)  // the first layers are needed first
    for (Parcel::Lane& lane : parcel.lanes) std::reverse(lane.pieces.begin(), lane.pieces.end());
  parcel.ready.assign(buckets, now());
  if (message.from != releasing_) return;
  const LayeredPass& pass = passes_[releasing_];
  for (std::uint32_t k = 0; k < buckets; ++k)
    parcel.ready[k] = bits.empty() ? pass.finish : pass.backward_start() + parts_.layers->released(k, pass.backward);
}

void Cluster::depart(std::uint32_t index, std::uint32_t lane_index) {
  Parcel& parcel = parcels_[index];
  Parcel::Lane& lane = parcel.lanes[lane_index];
  while (lane.next < lane.pieces.size()) {
    const Parcel::Piece piece = lane.pieces[lane.next];
    const Time ready = parcel.ready[piece.bucket];
    if (ready > now()) {
      Flight departure = flight(FlightKind::departure, lane.from, lane.from, 0);
      departure.version = index;
      departure.created.ns = lane_index;
      simulation_.schedule(ready, {EventKind::message_delivered, lane.from, take_flight(std::move(departure))});
      return;
    }
    ++lane.next;
    Flight part = flight(FlightKind::part, lane.from, lane.to, piece.bits);
    part.version = index;
    part.created = address(lane_index, piece.bucket);
    tell_sent(part);
    const Transmission message{.from = part.from, .to = part.to, .bits = wire_bits(part), .waited = now() - ready};
    parts_.network.send(simulation_, message, {EventKind::message_delivered, message.to, take_flight(std::move(part))});
    if (!parts_.network.keeps_in_line()) return;
  }
}

/// False for the direction of a step that is scaled by the norm of all of it.
bool Cluster::serves_layers(const Flight& model) const { return model.bits == message_bits_ || !rule_ || !rule_->optimizer.clip_norm; }

/// A part has reached its node: the next one in its lane finds the way free.
void Cluster::part_off_way(std::uint64_t part) {
  const auto parcel = static_cast<std::uint32_t>(flights_[part].version);
  --parcels_[parcel].under_way;
  if (!parts_.network.keeps_in_line()) depart(parcel, lane_of(flights_[part].created));
}

std::uint64_t Cluster::part_coordinates(const Flight& part) const {
  if (parcels_[static_cast<std::size_t>(part.version)].missing.size() < cuts_->buckets()) return parts_.dimension;
  const auto cut = std::ranges::find_if(
      cuts_->cuts(), [&](const Cuts::Cut& c) { return c.shard == lane_of(part.created) && c.bucket == bucket_of(part.created); });
  return cut->end - cut->begin;
}

void Cluster::part_arrived(Algorithm& algorithm, const Flight& part) {
  const auto index = static_cast<std::uint32_t>(part.version);
  const std::uint32_t bucket = bucket_of(part.created);
  Parcel& parcel = parcels_[index];
  if (--parcel.missing[bucket] > 0) return;
  if (--parcel.incomplete > 0) {
    if (passes_.empty() || flights_[parcel.message].kind != FlightKind::model) return;
    if (!parcel.announced && parcel.missing.back() == 0 && serves_layers(flights_[parcel.message])) return announce_model(algorithm, index);
    if (parcel.announced) proceed_with_pass(flights_[parcel.message].to);
    return;
  }
  Flight message = land(parcel.message);
  const bool announced = parcel.announced;
  if (announced) model_complete(message.to);
  parcels_[index] = Parcel();
  free_parcels_.push_back(index);
  if (!announced) delivered(algorithm, std::move(message));
}

}  // namespace peloton
