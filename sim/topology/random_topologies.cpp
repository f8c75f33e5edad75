#include "sim/topology/random_topologies.hpp"

#include "sim/topology/graph.hpp"

namespace peloton {

namespace {

template <class Options>
std::unique_ptr<Topology> make(const Options& options, std::size_t workers, std::size_t servers, std::uint64_t seed, const Place& place) {
  ImplicitTopology::need_workers(workers, Options::kind, place);
  GraphTopology::Parts parts;
  parts.nodes = workers + servers;
  parts.workers = workers;
  parts.servers = servers;
  parts.routing = options.routing;
  for (const auto& [a, b] : random_edges(options.graph(), parts.nodes, seed, place))
    parts.links.push_back({a, b, options.bandwidth.value, to_duration(options.latency)});
  return std::make_unique<GraphTopology>(std::move(parts));
}

}  // namespace

std::unique_ptr<Topology> make_random(const RandomRegularTopology& options, std::size_t workers, std::size_t servers, std::uint64_t seed,
                                      const Place& place) {
  return make(options, workers, servers, seed, place);
}

std::unique_ptr<Topology> make_random(const ErdosRenyiTopology& options, std::size_t workers, std::size_t servers, std::uint64_t seed,
                                      const Place& place) {
  return make(options, workers, servers, seed, place);
}

std::unique_ptr<Topology> make_random(const WattsStrogatzTopology& options, std::size_t workers, std::size_t servers, std::uint64_t seed,
                                      const Place& place) {
  return make(options, workers, servers, seed, place);
}

}  // namespace peloton
