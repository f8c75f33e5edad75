#include "algorithms/collectives/all_reduce.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace peloton {

namespace {

CollectiveKind kind_of(const RingReduction&) { return CollectiveKind::ring_all_reduce; }
CollectiveKind kind_of(const HalvingDoublingReduction&) { return CollectiveKind::halving_doubling_all_reduce; }
CollectiveKind kind_of(const TreeReduction&) { return CollectiveKind::tree_all_reduce; }
CollectiveKind kind_of(const TwoLevelReduction& o) {
  return o.within == WithinGroup::scatter ? CollectiveKind::scattered_two_level_all_reduce : CollectiveKind::two_level_all_reduce;
}

template <class Spec>
CollectiveKind kind_of_any(const Spec& spec) {
  return std::visit([](const auto& o) { return kind_of(o); }, spec.value);
}

}  // namespace

void AllReduce::validate(const Topology& topology, const Place& place) {
  if (spec_.is<TwoLevelReduction>()) find_groups(topology, spec_.get<TwoLevelReduction>(), place);
}

void AllReduce::find_groups(const Topology& topology, const TwoLevelReduction& options, const Place& place) {
  std::map<std::size_t, std::uint32_t> numbers;  // of the groups, as they appear
  groups_.clear();
  group_sizes_.clear();
  for (NodeId worker = 0; worker < topology.workers(); ++worker) {
    const std::optional<std::size_t> rack =
        options.group_size ? std::optional(worker / static_cast<std::size_t>(*options.group_size)) : topology.rack(worker);
    if (!rack)
      throw InputError(place, fmt::format("needs \"group_size\": worker {} stands in no rack of the topology", topology.name(worker)));
    const auto number = numbers.try_emplace(*rack, static_cast<std::uint32_t>(numbers.size())).first->second;
    groups_.push_back(number);
    group_sizes_.resize(numbers.size());
    ++group_sizes_[number];
  }
  const auto [least, most] = std::minmax_element(group_sizes_.begin(), group_sizes_.end());
  if (options.within == WithinGroup::scatter && least != group_sizes_.end() && *least != *most)
    throw InputError(
        place / "within",
        fmt::format("must be \"root\" where groups differ in size, got \"scatter\" with groups of {} to {} workers", *least, *most));
}

CollectiveSpec AllReduce::collective(std::span<const NodeId> workers, std::uint64_t coordinates, std::uint64_t bits_per_coordinate) const {
  CollectiveSpec out;
  out.kind = kind_of_any(spec_);
  out.ranks = static_cast<std::uint32_t>(workers.size());
  out.coordinates = coordinates;
  out.bits_per_coordinate = bits_per_coordinate;
  if (!spec_.is<TwoLevelReduction>()) return out;
  out.between = kind_of_any(spec_.get<TwoLevelReduction>().between);
  std::map<std::uint32_t, std::uint32_t> numbers;  // of the groups that are left
  std::vector<std::size_t> sizes;
  for (const NodeId worker : workers) {
    const auto number = numbers.try_emplace(groups_[worker], static_cast<std::uint32_t>(numbers.size())).first->second;
    out.groups.push_back(number);
    sizes.resize(numbers.size());
    ++sizes[number];
  }
  const bool equal = std::ranges::all_of(sizes, [&](std::size_t size) { return size == sizes.front(); });
  if (!equal) out.kind = CollectiveKind::two_level_all_reduce;
  return out;
}

std::string AllReduce::note() const {
  if (!spec_.is<TwoLevelReduction>()) return fmt::format("{} all-reduce", spec_.kind());
  const auto [least, most] = std::minmax_element(group_sizes_.begin(), group_sizes_.end());
  const std::string sizes = *least == *most ? fmt::format("{}", *most) : fmt::format("{} to {}", *least, *most);
  return fmt::format("two-level all-reduce: {} {} of {} workers, {} between them", group_sizes_.size(),
                     group_sizes_.size() == 1 ? "group" : "groups", sizes, spec_.get<TwoLevelReduction>().between.kind());
}

}  // namespace peloton
