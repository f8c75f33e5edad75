#include "sim/topology/graphml.hpp"

#include "sim/topology/graph.hpp"
#include "sim/topology/graphml_file.hpp"

namespace peloton {

namespace {

/// In fibre (refractive index about 1.5): two thirds of the speed of light.
constexpr double kMetresPerSecond = 299'792'458.0 * 2 / 3;

Duration latency_of(const GraphmlFile::Edge& edge, const GraphmlFile& file, const GraphmlTopology& options) {
  const auto& a = file.nodes[edge.source].place;
  const auto& b = file.nodes[edge.target].place;
  if (!options.geographic || !a || !b) return to_duration(options.latency);
  return to_duration({great_circle(*a, *b) / kMetresPerSecond});
}

/// Nodes somewhere unknown are drawn in the middle of their neighbours, a little aside; nothing when no node has coordinates.
std::vector<Position> map_places(const GraphmlFile& file) {
  Position sum;
  double known = 0;
  for (const GraphmlFile::Node& node : file.nodes) {
    if (!node.place) continue;
    sum = {sum.x + node.place->longitude, sum.y - node.place->latitude};
    known += 1;
  }
  if (known == 0) return {};
  std::vector<Position> out(file.nodes.size(), {sum.x / known, sum.y / known});
  std::vector<Position> neighbours(file.nodes.size());
  std::vector<double> count(file.nodes.size());
  for (const GraphmlFile::Edge& edge : file.edges)
    for (const auto& [from, to] : {std::pair(edge.source, edge.target), std::pair(edge.target, edge.source)}) {
      const auto& place = file.nodes[to].place;
      if (!place) continue;
      neighbours[from] = {neighbours[from].x + place->longitude, neighbours[from].y - place->latitude};
      count[from] += 1;
    }
  constexpr double kAsideDegrees = 1.5;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (count[i] > 0) out[i] = {neighbours[i].x / count[i] + kAsideDegrees, neighbours[i].y / count[i] + kAsideDegrees};
    if (const auto& place = file.nodes[i].place) out[i] = {place->longitude, -place->latitude};
  }
  return out;
}

}  // namespace

std::unique_ptr<Topology> make_graphml(const GraphmlTopology& options, std::size_t workers, std::size_t servers,
                                       const std::string& data_folder, const Place& place) {
  const GraphmlFile file = read_graphml(find_data_file(data_folder, options.path, place / "path"));
  ImplicitTopology::need_hosts(file.nodes.size(), workers, servers, place / "path");
  GraphTopology::Parts parts;
  for (const GraphmlFile::Node& node : file.nodes) parts.names.push_back(node.name);
  for (const GraphmlFile::Edge& edge : file.edges)
    parts.links.push_back({static_cast<NodeId>(edge.source), static_cast<NodeId>(edge.target), edge.speed.value_or(options.bandwidth.value),
                           latency_of(edge, file, options)});
  parts.workers = workers;
  parts.servers = servers;
  parts.routing = options.routing;
  parts.places = map_places(file);
  auto topology = std::make_unique<GraphTopology>(std::move(parts));
  topology->need_connection(place / "path");
  return topology;
}

}  // namespace peloton
