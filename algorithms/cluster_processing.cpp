#include "algorithms/cluster.hpp"

namespace peloton {

void Cluster::arrived(Algorithm& algorithm, std::uint64_t index) {
  const FlightKind kind = flights_[index].kind;
  const bool own = kind == FlightKind::collective_result || kind == FlightKind::departure || kind == FlightKind::joining;
  if (own) return delivered(algorithm, land(index));  // a node's own, no message
  if (kind == FlightKind::part) part_off_way(index);
  const Flight& flight = flights_[index];
  tell_delivered(flight);
  if (parts_.processing == nullptr || !parts_.processing->at(flight.to)) return delivered(algorithm, land(index));
  const Time processed = parts_.processing->admit(flight.to, now(), coordinates(flight));
  simulation_.schedule(processed, {EventKind::message_processed, flight.to, index});
}

/// A compressed vector counts as the dense one that it stands for: decoding and aggregation touch every coordinate.
std::uint64_t Cluster::coordinates(const Flight& flight) const {
  if (flight.kind == FlightKind::model || flight.kind == FlightKind::gradient) return parts_.dimension;
  if (flight.kind == FlightKind::part) return part_coordinates(flight);
  return flight.kind == FlightKind::collective ? flight.bits / bits_per_number() : 0;
}

}  // namespace peloton
