#include "sim/collectives/ring.hpp"

#include <algorithm>

#include "sim/base/error.hpp"

namespace peloton {

RingCollective::RingCollective(const CollectiveSpec& spec, std::uint32_t steps)
    : ranks_(spec.ranks), steps_(steps), joined_(spec.ranks), received_(spec.ranks) {}

void RingCollective::note_join(std::uint32_t rank) {
  PELOTON_INVARIANT(rank < ranks_, "a rank of the collective joins it");
  PELOTON_INVARIANT(joined_[rank] == 0, "a rank joins a collective once");
  joined_[rank] = 1;
  if (done(rank)) ++finished_;
}

void RingCollective::note_message(const CollectiveMessage& m) {
  PELOTON_INVARIANT(m.from < ranks_ && m.to == next(m.from) && m.step < steps_, "the message belongs to the ring");
  PELOTON_INVARIANT(received_[m.to] < steps_, "a rank of a ring hears each step once");
  ++received_[m.to];
  if (done(m.to)) ++finished_;
}

void RingCollective::visit_state(StateVisitor& v) {
  v("joined", joined_);
  v("received", received_);
  v("finished", finished_);
}

RingOfChunks::RingOfChunks(const CollectiveSpec& spec)
    : RingCollective(spec, (spec.kind == CollectiveKind::ring_all_reduce ? 2 : 1) * (spec.ranks - 1)),
      first_step_(spec.kind == CollectiveKind::ring_chunk_all_gather ? spec.ranks - 1 : 0),
      chunks_{spec.coordinates, spec.ranks},
      bits_per_coordinate_(spec.bits_per_coordinate) {}

void RingOfChunks::join(std::uint32_t rank, std::vector<CollectiveMessage>& out) {
  note_join(rank);
  send(rank, 0, out);
  const auto early = early_.find(rank);
  if (early == early_.end()) return;
  std::sort(early->second.begin(), early->second.end());
  for (const std::uint32_t step : early->second) send(rank, step + 1, out);
  early_.erase(early);
}

void RingOfChunks::receive(const CollectiveMessage& m, std::vector<CollectiveMessage>& out) {
  note_message(m);
  if (joined(m.to))
    send(m.to, m.step + 1, out);
  else
    early_[m.to].push_back(m.step);
}

void RingOfChunks::send(std::uint32_t rank, std::uint32_t step, std::vector<CollectiveMessage>& out) const {
  if (step >= steps()) return;
  const std::uint64_t n = ranks();
  const std::uint64_t chunk = (rank + 2 * n - first_step_ - step) % n;
  out.push_back({.from = rank, .to = next(rank), .bits = chunks_.size(chunk) * bits_per_coordinate_, .step = step});
}

void RingOfChunks::visit_state(StateVisitor& v) {
  RingCollective::visit_state(v);
  v("early", early_);
}

RingAllGather::RingAllGather(const CollectiveSpec& spec) : RingCollective(spec, spec.ranks - 1), payload_bits_(spec.payload_bits()) {}

void RingAllGather::join(std::uint32_t rank, std::vector<CollectiveMessage>& out) {
  note_join(rank);
  if (steps() > 0) out.push_back({.from = rank, .to = next(rank), .bits = payload_bits_, .step = 0});
}

void RingAllGather::receive(const CollectiveMessage& m, std::vector<CollectiveMessage>& out) {
  note_message(m);
  if (m.step + 1 < steps()) out.push_back({.from = m.to, .to = next(m.to), .bits = m.bits, .step = m.step + 1});
}

}  // namespace peloton
