#include "sim/topology/latency_matrix.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/topology/latency_matrix_file.hpp"
#include "sim/topology/positions.hpp"

namespace peloton {

namespace {

std::string place_name(const LatencyMatrixFile& file, std::size_t i) {
  return file.names.empty() ? fmt::format("row {}", i + 1) : fmt::format("\"{}\"", file.names[i]);
}

void apply_symmetry(LatencyMatrixFile& file, Symmetry symmetry, const std::string& name) {
  if (symmetry == Symmetry::directions) return;
  for (std::size_t i = 0; i < file.size; ++i)
    for (std::size_t j = i + 1; j < file.size; ++j) {
      double& there = file.values[i * file.size + j];
      double& back = file.values[j * file.size + i];
      if (symmetry == Symmetry::required && there != back)
        throw InputError({name, ""}, fmt::format("must be symmetric, got {} from {} to {} and {} back", there, place_name(file, i),
                                                 place_name(file, j), back));
      there = back = there / 2 + back / 2;
    }
}

/// Links and resources: place i's access link to the backbone, the last node.
class LatencyMatrix final : public Topology {
 public:
  LatencyMatrix(LatencyMatrixFile file, std::vector<Duration> latency, double bandwidth, std::size_t workers, std::size_t servers)
      : Topology({.workers = workers, .servers = servers, .hosts = file.size, .switches = 1}),
        names_(std::move(file.names)),
        latency_(std::move(latency)),
        bandwidth_(bandwidth) {}

  std::optional<NodeId> find(std::string_view wanted) const override {
    if (names_.empty()) return find_standard(wanted);
    const auto found = std::find(names_.begin(), names_.end(), wanted);
    return found == names_.end() ? std::nullopt : std::optional(static_cast<NodeId>(found - names_.begin()));
  }
  std::string name(NodeId node) const override {
    if (node == hosts()) return "backbone";
    return names_.empty() ? standard_name(node) : names_.at(node);
  }
  std::string host_name(NodeId node) const override { return names_.empty() && node < hosts() ? fmt::format("h{}", node) : name(node); }

  bool reachable(NodeId from, NodeId to) const override { return from < hosts() && to < hosts(); }
  PathCost cost(NodeId from, NodeId to) const override { return {latency_.at(from * hosts() + to), bandwidth_}; }
  void route(NodeId from, NodeId to, std::vector<Resource>& out) const override {
    out.clear();
    out.push_back({2ULL * from, bandwidth_});
    out.push_back({2ULL * to + 1, bandwidth_});
  }
  PathCost inside(NodeId host) const override { return {.latency = latency_.at(host * hosts() + host)}; }

  std::size_t links() const override { return hosts(); }
  PhysicalLink link(std::size_t i) const override {
    return {static_cast<NodeId>(i), static_cast<NodeId>(hosts()), bandwidth_, {}, Sharing::full};
  }
  std::string link_name(std::uint64_t resource) const override {
    const auto place = static_cast<NodeId>(resource / 2);
    const auto backbone = static_cast<NodeId>(hosts());
    return resource % 2 == 0 ? way_name(place, backbone) : way_name(backbone, place);
  }
  std::vector<Position> positions() const override {
    std::vector<Position> out = circle_positions(hosts());
    out.push_back({});
    return out;
  }

 private:
  std::vector<std::string> names_;
  std::vector<Duration> latency_;  // hosts · from + to
  double bandwidth_;
};

}  // namespace

TimeUnit OptionType<TimeUnit>::parse(const Json& json, const Place& place) {
  if (!json.is_string()) return {OptionType<Seconds>::parse(json, place).value};
  const std::string text = json.get<std::string>();
  const bool bare = text.find_first_of("0123456789") == std::string::npos;
  return {OptionType<Seconds>::parse(bare ? Json(fmt::format("1 {}", text)) : json, place).value};
}

std::unique_ptr<Topology> make_latency_matrix(const LatencyMatrixTopology& options, std::size_t workers, std::size_t servers,
                                              const std::string& data_folder, const Place& place) {
  const DataFile source = find_data_file(data_folder, options.path, place / "path");
  LatencyMatrixFile file = read_latency_matrix(source);
  ImplicitTopology::need_hosts(file.size, workers, servers, place / "path");
  apply_symmetry(file, options.symmetry, source.name);
  const double scale = options.unit.seconds * (options.values == Journey::round_trip ? 0.5 : 1);
  std::vector<Duration> latency;
  latency.reserve(file.values.size());
  for (std::size_t i = 0; i < file.values.size(); ++i) {
    const double seconds = file.values[i] * scale;
    if (!kLatencyRange.accepts(seconds))
      throw InputError({source.name, ""}, fmt::format("latencies must be {}, got {} s from {} to {}", kLatencyRange.text(), seconds,
                                                      place_name(file, i / file.size), place_name(file, i % file.size)));
    latency.push_back(to_duration({seconds}));
  }
  return std::make_unique<LatencyMatrix>(std::move(file), std::move(latency), options.bandwidth.value, workers, servers);
}

}  // namespace peloton
