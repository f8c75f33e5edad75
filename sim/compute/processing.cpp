#include "sim/compute/processing.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>

#include "sim/base/wildcard.hpp"

namespace peloton {
namespace {

/// The entry that holds for each node, its index + 1; 0: none.
std::vector<std::size_t> chosen_entries(const std::vector<ProcessingSpec>& specs, const Topology& topology, const Place& place) {
  std::vector<std::string> names(topology.nodes());
  for (NodeId node = 0; node < names.size(); ++node) names[node] = topology.name(node);
  std::vector<std::size_t> out(names.size(), 0);
  for (std::size_t i = 0; i < specs.size(); ++i) {
    for (std::size_t k = 0; k < specs[i].nodes.size(); ++k) {
      const std::string& pattern = specs[i].nodes[k];
      bool found = false;
      for (NodeId node = 0; node < names.size(); ++node) {
        const bool all_servers = pattern == "server" && topology.is_server(node);
        if (!all_servers && !matches(pattern, names[node])) continue;
        out[node] = i + 1;
        found = true;
      }
      if (!found)
        throw InputError(place / i / "nodes" / k,
                         fmt::format("no node of the topology is called \"{}\"{}", pattern, did_you_mean(pattern, names)));
    }
  }
  return out;
}

}  // namespace

void ProcessingSpec::validate(const Place& place) const {
  if (nodes.empty()) throw InputError(place / "nodes", "must name at least one node, got none");
}

std::string ProcessingSpec::text() const {
  const std::string mean = show_seconds(per_message.expectation());
  std::string out = fmt::format("{}: {} a message", fmt::join(nodes, ", "),
                                per_message.law.is<ConstantLaw>() ? mean : fmt::format("{} {}", per_message.law.kind(), mean));
  if (per_coordinate.value > 0) out += fmt::format(", {} a coordinate", show_seconds(per_coordinate.value));
  if (at_once > 1) out += fmt::format(", {} at once", at_once);
  return out;
}

Processing::Processing(const std::vector<ProcessingSpec>& specs, const Topology& topology, std::uint64_t seed, const Place& place)
    : seed_(seed), station_of_(topology.nodes(), kNone) {
  const std::vector<std::size_t> entries = chosen_entries(specs, topology, place);
  for (NodeId node = 0; node < entries.size(); ++node) {
    if (entries[node] == 0) continue;
    const ProcessingSpec& spec = specs[entries[node] - 1];
    station_of_[node] = static_cast<std::uint32_t>(stations_.size());
    Station station;
    station.node = node;
    station.per_message = spec.per_message;
    station.per_coordinate = spec.per_coordinate.value;
    station.free.resize(static_cast<std::size_t>(spec.at_once));
    stations_.push_back(std::move(station));
  }
}

Time Processing::admit(NodeId node, Time now, std::uint64_t coordinates) {
  Station& station = stations_[station_of_[node]];
  RandomStream random(seed_, Purpose::processing, node, station.messages);
  const Duration service = draw(station.per_message, random) + to_duration({station.per_coordinate * static_cast<double>(coordinates)});
  std::pop_heap(station.free.begin(), station.free.end(), std::greater<>());
  const Time start = std::max(now, station.free.back());
  const Time end = start + service;
  station.free.back() = end;
  std::push_heap(station.free.begin(), station.free.end(), std::greater<>());
  ++station.messages;
  station.busy += service;
  station.waited += start - now;
  station.longest_wait = std::max(station.longest_wait, start - now);
  return end;
}

void Processing::clear(NodeId node, Time now) {
  std::vector<Time>& free = stations_[station_of_[node]].free;
  std::fill(free.begin(), free.end(), now);
}

Table Processing::table(const Topology& topology) const {
  Table out{"processing", {"node", "messages", "busy", "waiting_mean", "waiting_max"}, {}};
  for (const Station& s : stations_) {
    const auto mean = s.messages == 0 ? Duration{} : Duration{s.waited.ns / static_cast<std::int64_t>(s.messages)};
    out.rows.push_back({topology.name(s.node), fmt::format("{}", s.messages), decimal_seconds(Time{} + s.busy),
                        decimal_seconds(Time{} + mean), decimal_seconds(Time{} + s.longest_wait)});
  }
  return out;
}

void Processing::Station::visit_state(StateVisitor& v) {
  v("free", free);
  v("messages", messages);
  v("busy", busy);
  v("waited", waited);
  v("longest_wait", longest_wait);
}

void Processing::visit_state(StateVisitor& v) {
  for (Station& station : stations_) station.visit_state(v);
}

}  // namespace peloton
