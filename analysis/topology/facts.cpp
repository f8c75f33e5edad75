#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // GCC 12 with Boost's edge iterators, whose optional is empty only at the end

#include "analysis/topology/facts.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/boykov_kolmogorov_max_flow.hpp>
#include <cmath>
#include <numeric>
#include <tuple>

namespace peloton {

namespace {

constexpr std::uint64_t kMostSteps = 10'000'000;
constexpr std::size_t kMostLinksOfFlow = 20'000;

/// Looks at one route after another until all are seen or so many links were crossed.
class RouteSurvey {
 public:
  explicit RouteSurvey(const Topology& topology) : topology_(topology) {}

  [[nodiscard]] bool exhausted() const { return crossed_.size() >= kMostSteps; }

  void look(NodeId from, NodeId to) {
    topology_.route(from, to, route_);
    const Duration latency = topology_.cost(from, to).latency;
    ++facts_.looked;
    links_ += static_cast<double>(route_.size());
    seconds_ += latency.seconds();
    if (facts_.farthest.first == kNoNode || route_.size() > facts_.most_links) {
      facts_.most_links = route_.size();
      facts_.farthest = {from, to};
    }
    if (facts_.slowest.first == kNoNode || latency > facts_.most_latency) {
      facts_.most_latency = latency;
      facts_.slowest = {from, to};
    }
    for (const Resource& resource : route_)
      if (!resource.fatpipe) crossed_.push_back(resource.id);
  }

  RouteFacts finish(std::uint64_t pairs) {
    facts_.pairs = pairs;
    if (facts_.looked == 0) return facts_;
    facts_.mean_links = links_ / static_cast<double>(facts_.looked);
    facts_.mean_seconds = seconds_ / static_cast<double>(facts_.looked);
    std::sort(crossed_.begin(), crossed_.end());
    std::vector<LinkLoad> loads;
    for (const std::uint64_t resource : crossed_) {
      if (loads.empty() || loads.back().resource != resource) loads.push_back({resource, topology_.link(resource / 2).bandwidth, 0});
      ++loads.back().routes;
    }
    const std::size_t shown = std::min(loads.size(), RouteFacts::kMostBottlenecks);
    std::partial_sort(
        loads.begin(), loads.begin() + static_cast<std::ptrdiff_t>(shown), loads.end(),
        [](const LinkLoad& a, const LinkLoad& b) { return std::tuple(a.share(), a.resource) < std::tuple(b.share(), b.resource); });
    loads.resize(shown);
    facts_.bottlenecks = std::move(loads);
    return facts_;
  }

 private:
  const Topology& topology_;
  RouteFacts facts_;
  double links_ = 0;
  double seconds_ = 0;
  std::vector<Resource> route_;
  std::vector<std::uint64_t> crossed_;  // resources, once for each route
};

/// About `share` of n, such that steps of this size come to all of 0 … n − 1 in turn.
std::size_t coprime_step(std::size_t n, double share) {
  auto step = std::max<std::size_t>(1, static_cast<std::size_t>(static_cast<double>(n) * share));
  while (std::gcd(step, n) > 1) ++step;
  return step;
}

RouteFacts server_routes(const Topology& topology) {
  RouteSurvey survey(topology);
  const std::size_t n = topology.server() == kNoNode ? 0 : topology.workers();
  const std::size_t step = coprime_step(n, 0.618);
  std::size_t worker = 0;
  for (std::size_t i = 0; i < n && !survey.exhausted(); ++i, worker = (worker + step) % n) {
    for (std::size_t s = 0; s < topology.servers(); ++s) {
      const auto server = static_cast<NodeId>(topology.server() + s);
      survey.look(static_cast<NodeId>(worker), server);
      survey.look(server, static_cast<NodeId>(worker));
    }
  }
  return survey.finish(2 * n * topology.servers());
}

/// All ordered pairs, in rounds: a round takes each source once, with far and near destinations mixed, so that a cut-off survey has
/// looked at all parts of the network alike.
RouteFacts worker_routes(const Topology& topology) {
  RouteSurvey survey(topology);
  const std::size_t n = topology.workers() > 0 ? topology.workers() : topology.hosts();
  std::uint64_t pairs = std::uint64_t{n} * (n - (n > 0 ? 1 : 0));
  const std::size_t source_step = coprime_step(n, 0.618);
  const std::size_t distance_step = coprime_step(n, 0.29);
  for (std::size_t round = 0; round < n && !survey.exhausted(); ++round) {
    std::size_t source = 0;
    std::size_t distance = round * distance_step % n;
    for (std::size_t i = 0; i < n && !survey.exhausted(); ++i) {
      const auto from = static_cast<NodeId>(source);
      const auto to = static_cast<NodeId>((source + distance) % n);
      if (from != to && topology.reachable(from, to))
        survey.look(from, to);
      else if (from != to)
        --pairs;
      source = (source + source_step) % n;
      distance = (distance + distance_step) % n;
    }
  }
  return survey.finish(pairs);
}

std::vector<LinkClass> link_classes(const Topology& topology) {
  std::vector<LinkClass> out;
  constexpr std::size_t kMostLinks = 50'000'000;
  constexpr std::size_t kMostClasses = 1000;
  if (topology.links() > kMostLinks) return out;
  for (std::size_t i = 0; i < topology.links(); ++i) {
    const PhysicalLink link = topology.link(i);
    const auto alike = [&](const LinkClass& c) {
      return c.bandwidth == link.bandwidth && c.latency == link.latency && c.sharing == link.sharing;
    };
    auto found = std::find_if(out.begin(), out.end(), alike);
    if (found == out.end()) {
      if (out.size() == kMostClasses) return {};
      found = out.insert(out.end(), {link.bandwidth, link.latency, link.sharing, 0});
    }
    ++found->count;
  }
  std::stable_sort(out.begin(), out.end(), [](const LinkClass& a, const LinkClass& b) { return a.count > b.count; });
  return out;
}

}  // namespace

TopologyFacts topology_facts(const Topology& topology) {
  TopologyFacts out;
  out.links = link_classes(topology);
  out.server = server_routes(topology);
  out.workers = worker_routes(topology);
  out.between_halves = capacity_between_halves(topology);
  return out;
}

std::optional<double> capacity_between_halves(const Topology& topology) {
  const std::size_t n = topology.workers() > 0 ? topology.workers() : topology.hosts();
  if (n < 2 || topology.links() > kMostLinksOfFlow) return std::nullopt;
  std::vector<int> half(topology.nodes(), -1);
  for (std::size_t i = 0; i < n; ++i) {
    int& side = half[topology.carrier(static_cast<NodeId>(i))];
    const int own = i < n / 2 ? 0 : 1;
    if (side != -1 && side != own) return std::nullopt;
    side = own;
  }

  using Traits = boost::adjacency_list_traits<boost::vecS, boost::vecS, boost::directedS>;
  struct Arc {
    std::int64_t capacity = 0;
    std::int64_t left = 0;
    Traits::edge_descriptor back;
  };
  struct Node {
    boost::default_color_type color = boost::white_color;
    std::int64_t distance = 0;
    Traits::edge_descriptor towards;
  };
  using Network = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, Node, Arc>;
  constexpr std::int64_t kNoLimit = 100'000'000'000'000;  // bit/s; 20,000 of them still fit into 64 bits

  const std::size_t source = topology.nodes();
  const std::size_t sink = source + 1;
  Network network(sink + 1);
  const auto add = [&](std::size_t a, std::size_t b, std::int64_t there, std::int64_t back) {
    const auto forward = boost::add_edge(a, b, network).first;
    const auto backward = boost::add_edge(b, a, network).first;
    network[forward].capacity = there;
    network[backward].capacity = back;
    network[forward].back = backward;
    network[backward].back = forward;
  };
  for (std::size_t i = 0; i < topology.links(); ++i) {
    const PhysicalLink link = topology.link(i);
    const bool limits = link.sharing != Sharing::fatpipe && link.bandwidth < static_cast<double>(kNoLimit);
    const std::int64_t capacity = limits ? std::llround(link.bandwidth) : kNoLimit;
    add(link.a, link.b, capacity, capacity);
  }
  for (std::size_t node = 0; node < topology.nodes(); ++node) {
    if (half[node] == 0) add(source, node, kNoLimit, 0);
    if (half[node] == 1) add(node, sink, kNoLimit, 0);
  }
  const std::int64_t flow = boost::boykov_kolmogorov_max_flow(network, boost::get(&Arc::capacity, network), boost::get(&Arc::left, network),
                                                              boost::get(&Arc::back, network), boost::get(&Node::towards, network),
                                                              boost::get(&Node::color, network), boost::get(&Node::distance, network),
                                                              boost::get(boost::vertex_index, network), source, sink);
  return flow >= kNoLimit ? std::numeric_limits<double>::infinity() : static_cast<double>(flow);
}

}  // namespace peloton
