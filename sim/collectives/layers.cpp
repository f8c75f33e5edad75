#include "sim/collectives/layers.hpp"

#include <algorithm>
#include <numeric>

#include "sim/base/error.hpp"
#include "sim/collectives/chunks.hpp"

namespace peloton {

namespace {

CollectivePart part(const CollectiveSpec& whole, CollectiveKind kind, std::vector<std::uint32_t> members) {
  CollectivePart out;
  out.spec.kind = kind;
  out.spec.ranks = static_cast<std::uint32_t>(members.size());
  out.spec.coordinates = whole.coordinates;
  out.spec.bits_per_coordinate = whole.bits_per_coordinate;
  out.members = std::move(members);
  return out;
}

using Groups = std::vector<std::vector<std::uint32_t>>;

Groups groups_of(const CollectiveSpec& spec) {
  PELOTON_INVARIANT(spec.groups.size() == spec.ranks, "every rank has a group");
  Groups out(*std::max_element(spec.groups.begin(), spec.groups.end()) + std::size_t{1});
  for (std::uint32_t rank = 0; rank < spec.ranks; ++rank) out[spec.groups[rank]].push_back(rank);
  for (const std::vector<std::uint32_t>& group : out) PELOTON_INVARIANT(!group.empty(), "no group is empty");
  return out;
}

CollectiveLayer in_each(const CollectiveSpec& spec, CollectiveKind kind, const Groups& groups) {
  CollectiveLayer out;
  for (const std::vector<std::uint32_t>& group : groups)
    if (group.size() > 1) out.push_back(part(spec, kind, group));
  return out;
}

std::vector<CollectiveLayer> tree_layers(const CollectiveSpec& spec) {
  std::vector<std::uint32_t> all(spec.ranks);
  std::iota(all.begin(), all.end(), 0U);
  return {{part(spec, CollectiveKind::tree_reduce, all)}, {part(spec, CollectiveKind::tree_broadcast, all)}};
}

std::vector<CollectiveLayer> two_level_layers(const CollectiveSpec& spec) {
  const Groups groups = groups_of(spec);
  std::vector<std::uint32_t> first;
  for (const std::vector<std::uint32_t>& group : groups) first.push_back(group.front());
  return {in_each(spec, CollectiveKind::tree_reduce, groups),
          {part(spec, spec.between, std::move(first))},
          in_each(spec, CollectiveKind::tree_broadcast, groups)};
}

std::vector<CollectiveLayer> scattered_layers(const CollectiveSpec& spec) {
  const Groups groups = groups_of(spec);
  const std::size_t size = groups.front().size();
  const Chunks chunks{spec.coordinates, size};
  CollectiveLayer across;
  for (std::size_t place = 0; place < size; ++place) {
    std::vector<std::uint32_t> members;
    for (const std::vector<std::uint32_t>& group : groups) {
      PELOTON_INVARIANT(group.size() == size, "groups that scatter are of one size");
      members.push_back(group[place]);
    }
    across.push_back(part(spec, spec.between, std::move(members)));
    across.back().spec.coordinates = chunks.size((place + 1) % size);  // the chunk that a reduce-scatter leaves there
  }
  return {in_each(spec, CollectiveKind::ring_reduce_scatter, groups), across, in_each(spec, CollectiveKind::ring_chunk_all_gather, groups)};
}

}  // namespace

std::vector<CollectiveLayer> layers_of(const CollectiveSpec& spec) {
  switch (spec.kind) {
    case CollectiveKind::tree_all_reduce: return tree_layers(spec);
    case CollectiveKind::two_level_all_reduce: return two_level_layers(spec);
    case CollectiveKind::scattered_two_level_all_reduce: return scattered_layers(spec);
    default: return {};
  }
}

LayeredCollective::LayeredCollective(std::uint32_t ranks, const std::vector<CollectiveLayer>& layers) : entered_(ranks) {
  for (const CollectiveLayer& from : layers) {
    Layer& layer = layers_.emplace_back();
    layer.seats.resize(ranks);
    for (const CollectivePart& p : from) {
      for (std::uint32_t i = 0; i < p.members.size(); ++i)
        layer.seats[p.members[i]] = {.part = static_cast<std::uint32_t>(layer.parts.size()), .rank = i};
      layer.parts.push_back({make_collective(p.spec), p.members});
    }
  }
}

void LayeredCollective::join(std::uint32_t rank, std::vector<CollectiveMessage>& out) {
  PELOTON_INVARIANT(rank < entered_.size(), "a rank of the collective joins it");
  PELOTON_INVARIANT(entered_[rank] == 0, "a rank joins a collective once");
  proceed(rank, out);
}

void LayeredCollective::receive(const CollectiveMessage& m, std::vector<CollectiveMessage>& out) {
  PELOTON_INVARIANT(m.from < entered_.size() && m.to < entered_.size(), "the message belongs to the collective");
  const std::size_t number = m.step % layers_.size();
  const Layer& layer = layers_[number];
  const Seat to = layer.seats[m.to];
  const Seat from = layer.seats[m.from];
  PELOTON_INVARIANT(to.part != kNoPart && from.part == to.part, "the message belongs to a part of the collective");
  const Part& part = layer.parts[to.part];
  const std::size_t first = out.size();
  part.operation->receive({.from = from.rank, .to = to.rank, .bits = m.bits, .step = m.step / static_cast<std::uint32_t>(layers_.size())},
                          out);
  translate(part, number, first, out);
  if (entered_[m.to] == number + 1 && part.operation->done(to.rank)) proceed(m.to, out);
}

/// Into the next layer and, where there is nothing to wait for, through it.
void LayeredCollective::proceed(std::uint32_t rank, std::vector<CollectiveMessage>& out) {
  for (std::size_t number = entered_[rank]; number < layers_.size(); ++number) {
    entered_[rank] = static_cast<std::uint8_t>(number + 1);
    const Seat seat = layers_[number].seats[rank];
    if (seat.part == kNoPart) continue;
    const Part& part = layers_[number].parts[seat.part];
    const std::size_t first = out.size();
    part.operation->join(seat.rank, out);
    translate(part, number, first, out);
    if (!part.operation->done(seat.rank)) return;
  }
  entered_[rank] = static_cast<std::uint8_t>(layers_.size() + 1);
  ++finished_;
}

void LayeredCollective::translate(const Part& part, std::size_t layer, std::size_t first, std::vector<CollectiveMessage>& out) const {
  for (std::size_t i = first; i < out.size(); ++i) {
    out[i].from = part.members[out[i].from];
    out[i].to = part.members[out[i].to];
    out[i].step = static_cast<std::uint32_t>(out[i].step * layers_.size() + layer);
  }
}

void LayeredCollective::visit_state(StateVisitor& v) {
  for (Layer& layer : layers_)
    for (Part& part : layer.parts) v("part", *part.operation);
  v("entered", entered_);
  v("finished", finished_);
}

}  // namespace peloton
