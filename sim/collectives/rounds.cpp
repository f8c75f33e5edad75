#include "sim/collectives/rounds.hpp"

#include <bit>

#include "sim/base/error.hpp"

namespace peloton {

RoundCollective::RoundCollective(std::uint32_t ranks, std::uint32_t rounds) : rounds_(rounds), entered_(ranks) {}

void RoundCollective::join(std::uint32_t rank, std::vector<CollectiveMessage>& out) {
  PELOTON_INVARIANT(rank < ranks(), "a rank of the collective joins it");
  PELOTON_INVARIANT(entered_[rank] == 0, "a rank joins a collective once");
  proceed(rank, out);
}

void RoundCollective::receive(const CollectiveMessage& m, std::vector<CollectiveMessage>& out) {
  PELOTON_INVARIANT(m.from < ranks() && m.to < ranks() && m.step < rounds_ && exchange(m.to, m.step).from == m.from,
                    "the message belongs to the collective");
  PELOTON_INVARIANT(entered_[m.to] == m.step + 1, "a rank hears each message once, in its round");
  proceed(m.to, out);
}

/// Into the next round and, where there is nothing to wait for, through it.
void RoundCollective::proceed(std::uint32_t rank, std::vector<CollectiveMessage>& out) {
  for (std::uint32_t round = entered_[rank]; round < rounds_; ++round) {
    entered_[rank] = static_cast<std::uint8_t>(round + 1);
    const Exchange e = exchange(rank, round);
    if (e.to != kNobody && entered_[e.to] > round) send(rank, round, out);
    if (e.from == kNobody) continue;
    if (entered_[e.from] > round) send(e.from, round, out);
    return;
  }
  entered_[rank] = static_cast<std::uint8_t>(rounds_ + 1);
  ++finished_;
}

void RoundCollective::send(std::uint32_t rank, std::uint32_t round, std::vector<CollectiveMessage>& out) const {
  const Exchange e = exchange(rank, round);
  out.push_back({.from = rank, .to = e.to, .bits = e.bits, .step = round});
}

void RoundCollective::visit_state(StateVisitor& v) {
  v("entered", entered_);
  v("finished", finished_);
}

HalvingDoubling::HalvingDoubling(const CollectiveSpec& spec)
    : RoundCollective(spec.ranks, 2 * static_cast<std::uint32_t>(std::bit_width(spec.ranks) - 1) + 2),
      halvings_(static_cast<std::uint32_t>(std::bit_width(spec.ranks) - 1)),
      extra_(spec.ranks - std::bit_floor(spec.ranks)),
      chunks_{spec.coordinates, std::bit_floor(spec.ranks)},
      bits_per_coordinate_(spec.bits_per_coordinate) {}

RoundCollective::Exchange HalvingDoubling::exchange(std::uint32_t rank, std::uint32_t round) const {
  const bool folds = round == 0;
  const bool unfolds = round + 1 == rounds();
  if (folds || unfolds) return rank < 2 * extra_ ? folding(rank, unfolds) : Exchange{};
  if (rank < 2 * extra_ && rank % 2 == 0) return {};
  const std::uint32_t v = rank < 2 * extra_ ? rank / 2 : rank - extra_;
  const bool halving = round <= halvings_;
  const std::uint32_t s = halving ? round - 1 : 2 * halvings_ - round;
  const std::uint32_t partner = v ^ (1U << s);
  return {.to = rank_of(partner), .from = rank_of(partner), .bits = part_bits(halving ? partner : v, s + 1)};
}

RoundCollective::Exchange HalvingDoubling::folding(std::uint32_t rank, bool back) const {
  const std::uint32_t partner = rank ^ 1U;
  const bool sends = (rank % 2 == 1) == back;
  if (!sends) return {.to = kNobody, .from = partner};
  return {.to = partner, .from = kNobody, .bits = chunks_.coordinates * bits_per_coordinate_};
}

/// Of what v keeps after so many halvings: its low bits choose the halves, the lowest the first.
std::uint64_t HalvingDoubling::part_bits(std::uint32_t v, std::uint32_t halvings) const {
  std::uint64_t length = chunks_.count;
  std::uint64_t first = 0;
  for (std::uint32_t s = 0; s < halvings; ++s) {
    length /= 2;
    if ((v >> s & 1) != 0) first += length;
  }
  return chunks_.size(first, length) * bits_per_coordinate_;
}

BruckAllGather::BruckAllGather(const CollectiveSpec& spec)
    : RoundCollective(spec.ranks, static_cast<std::uint32_t>(std::bit_width(spec.ranks - 1))), payload_bits_(spec.payload_bits()) {}

RoundCollective::Exchange BruckAllGather::exchange(std::uint32_t rank, std::uint32_t round) const {
  const std::uint64_t n = ranks();
  const std::uint64_t distance = std::uint64_t{1} << round;
  return {.to = static_cast<std::uint32_t>((rank + n - distance) % n),
          .from = static_cast<std::uint32_t>((rank + distance) % n),
          .bits = std::min(distance, n - distance) * payload_bits_};
}

}  // namespace peloton
