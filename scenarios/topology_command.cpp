#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "algorithms/mixing/graph_spec.hpp"
#include "algorithms/mixing/mixing_matrix.hpp"
#include "analysis/output_directory.hpp"
#include "analysis/topology/drawing.hpp"
#include "analysis/topology/facts.hpp"
#include "scenarios/arguments.hpp"
#include "scenarios/commands.hpp"
#include "scenarios/execution_flags.hpp"
#include "sim/base/data_folder.hpp"
#include "sim/topology/worker_graph.hpp"

namespace peloton {
namespace po = boost::program_options;

namespace {

std::string line(std::string_view name, const std::string& value) { return fmt::format("  {:<12} {}\n", name, value); }

std::string rate(double bits_per_second) { return std::isinf(bits_per_second) ? "unlimited" : show_bits(bits_per_second) + "/s"; }

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string nodes_text(const Topology& topology) {
  std::string out = counted(topology.workers(), "worker", "workers");
  std::size_t idle = 0;
  std::vector<bool> carries(topology.hosts(), false);
  for (NodeId i = 0; i < topology.workers() + topology.servers(); ++i) {
    if (topology.carrier(i) < topology.hosts()) carries[topology.carrier(i)] = true;
    if (topology.carrier(i) != i) carries[i] = true;  // no node of its own
  }
  for (const bool one : carries) idle += one ? 0 : 1;
  if (topology.servers() > 0) out += topology.servers() == 1 ? ", a server" : fmt::format(", {} servers", topology.servers());
  if (idle > 0) out += fmt::format(", {} without a worker", counted(idle, "host", "hosts"));
  if (topology.nodes() > topology.hosts()) out += ", " + counted(topology.nodes() - topology.hosts(), "switch", "switches");
  return out;
}

std::string links_text(const Topology& topology, const TopologyFacts& facts) {
  std::string out = fmt::format("{}", topology.links());
  constexpr std::size_t kClassesShown = 4;
  const std::vector<LinkClass>& kinds = facts.links;
  if (kinds.size() > kClassesShown) {
    const auto [narrow, wide] =
        std::minmax_element(kinds.begin(), kinds.end(), [](const LinkClass& a, const LinkClass& b) { return a.bandwidth < b.bandwidth; });
    const auto [near, far] =
        std::minmax_element(kinds.begin(), kinds.end(), [](const LinkClass& a, const LinkClass& b) { return a.latency < b.latency; });
    return out + fmt::format(": {} to {}, {} to {}", rate(narrow->bandwidth), rate(wide->bandwidth), show_seconds(near->latency.seconds()),
                             show_seconds(far->latency.seconds()));
  }
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const std::string_view sharing = kinds[i].sharing == Sharing::half      ? ", half-duplex"
                                     : kinds[i].sharing == Sharing::fatpipe ? ", fatpipe"
                                                                            : "";
    out += fmt::format("{} {} of {}, {}{}", i == 0 ? ":" : ";", kinds[i].count, rate(kinds[i].bandwidth),
                       show_seconds(kinds[i].latency.seconds()), sharing);
  }
  return out;
}

/// "w0 -> server: 3 links, 150 us, 1 Gbit/s: w0->rack0, rack0->core, core->server"
std::string route_text(const Topology& topology, NodeId from, NodeId to) {
  std::vector<Resource> route;
  topology.route(from, to, route);
  const PathCost cost = topology.cost(from, to);
  std::string out = fmt::format("{} -> {}: {}, {}, {}", topology.name(from), topology.name(to), counted(route.size(), "link", "links"),
                                show_seconds(cost.latency.seconds()), rate(cost.bandwidth));
  constexpr std::size_t kLinksShown = 8;
  for (std::size_t i = 0; i < std::min(route.size(), kLinksShown); ++i) out += (i == 0 ? ": " : ", ") + topology.link_name(route[i].id);
  if (route.size() > kLinksShown) out += ", …";
  return out;
}

std::string looked_text(const RouteFacts& facts) {
  return facts.all() ? fmt::format("{} routes", facts.pairs) : fmt::format("{} of {} routes, so at least", facts.looked, facts.pairs);
}

std::string bottleneck_text(const Topology& topology, const RouteFacts& facts) {
  if (facts.bottlenecks.empty() || std::isinf(facts.bottlenecks.front().bandwidth)) return "none";
  const LinkLoad& tightest = facts.bottlenecks.front();
  const std::string sample = facts.all() ? "" : fmt::format(" of the {} looked at", facts.looked);
  return fmt::format("{}: {}, crossed by {}{}, {} each when all send at once", topology.link_name(tightest.resource),
                     rate(tightest.bandwidth), counted(tightest.routes, "route", "routes"), sample, rate(tightest.share()));
}

std::string examples_text(const Topology& topology, const TopologyFacts& facts) {
  std::string out;
  const NodeId server = topology.server();  // of several the first
  const std::size_t ends = topology.workers() > 0 ? topology.workers() : topology.hosts();
  if (server != kNoNode) {
    out += line("routes", route_text(topology, 0, server));
    out += line("", route_text(topology, server, 0));
  }
  if (ends > 1 && topology.reachable(0, 1)) out += line(server == kNoNode ? "routes" : "", route_text(topology, 0, 1));
  if (facts.workers.looked > 0) {
    const auto [from, to] = facts.workers.farthest;
    out += line("farthest", route_text(topology, from, to));
    if (facts.workers.slowest != facts.workers.farthest)
      out += line("slowest", route_text(topology, facts.workers.slowest.first, facts.workers.slowest.second));
  }
  return out;
}

std::string pairs_text(const Topology& topology, const TopologyFacts& facts) {
  std::string out;
  const auto add = [&](std::string_view name, const RouteFacts& routes) {
    if (routes.looked == 0) return;
    out += line(
        name, fmt::format("{}: diameter {} and {}; mean {:.4g} links, {}", looked_text(routes), counted(routes.most_links, "link", "links"),
                          show_seconds(routes.most_latency.seconds()), routes.mean_links, show_seconds(routes.mean_seconds)));
    out += line("", "bottleneck " + bottleneck_text(topology, routes));
  };
  add("server", facts.server);
  add(topology.workers() > 0 ? "workers" : "hosts", facts.workers);
  if (facts.between_halves)
    out += line("halves", fmt::format("the links carry at most {} from the first half of the {} to the others", rate(*facts.between_halves),
                                      topology.workers() > 0 ? "workers" : "hosts"));
  return out;
}

/// Who is whose neighbour, and the spectral gap of the Metropolis matrix of that graph.
std::string neighbours_text(const Topology& topology) {
  constexpr std::size_t kMostPairs = 1'000'000;
  const std::size_t n = topology.workers();
  if (n < 2) return "";
  const std::optional<std::vector<GraphEdge>> edges = worker_neighbours(topology, kMostPairs);
  if (!edges) return line("neighbours", fmt::format("more than {} pairs of workers: too many for a mixing matrix", kMostPairs));
  if (first_apart(n, *edges))
    return line("neighbours", fmt::format("{}, which do not connect all workers", counted(edges->size(), "pair", "pairs")));
  const MixingMatrix w(MetropolisMixing{}, make_graph(TopologyGraph{}, n, 0, {}, &topology), {});
  const std::optional<double> gap = w.spectral_gap();
  return line("neighbours",
              fmt::format("{} of workers; spectral gap of their Metropolis matrix {}", counted(edges->size(), "pair", "pairs"),
                          gap ? fmt::format("{:.4g}", *gap) : "not computed at this size"));
}

}  // namespace

int topology_command(const std::vector<std::string>& arguments) {
  po::options_description flags = scenario_flags();
  flags.add_options()("svg", po::value<std::string>(), "FILE: draw the topology, too");
  const Arguments given("usage: peloton topology SCENARIO [options]", flags, {"SCENARIO"}, arguments);
  if (given.help()) return kDone;
  const Scenario scenario = scenario_of(given);
  const Place root{given.positional(0), ""};
  const ClusterSpec& cluster = scenario.cluster;
  const bool needs_server = find_algorithm(scenario.algorithm.name, root / "algorithm").info.needs_server;
  const std::unique_ptr<Topology> topology =
      make_placed_topology(cluster.topology, cluster.placement, static_cast<std::size_t>(cluster.workers),
                           needs_server ? static_cast<std::size_t>(cluster.servers) : 0, root / "cluster",
                           {static_cast<std::uint64_t>(scenario.seed), find_data_folder(given.text("data"))});

  const std::string title = fmt::format("{}: {}", cluster.topology.kind(), nodes_text(*topology));
  const TopologyFacts facts = topology_facts(*topology);
  fmt::print("{}\n{}{}{}{}", title, line("links", links_text(*topology, facts)), examples_text(*topology, facts),
             pairs_text(*topology, facts), neighbours_text(*topology));
  const std::optional<std::string> file = given.text("svg");
  if (!file) return kDone;
  const TopologyDrawing drawing = draw_topology(*topology, title);
  if (drawing.svg.empty()) throw InputError(fmt::format("--svg: {}", drawing.why_not));
  write_whole(*file, drawing.svg);
  fmt::print("drawn in {}\n", *file);
  return kDone;
}

}  // namespace peloton
