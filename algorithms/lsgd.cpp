#include "algorithms/lsgd.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "algorithms/cluster.hpp"
#include "sim/base/random.hpp"

namespace peloton {
namespace {

/// A round's collectives: the losses, the leader of all, then one for each group.
enum Phase : std::uint64_t { kLosses = 0, kGlobal = 1, kGroup = 2 };

constexpr std::uint64_t kScalarBits = 3 * 32;  // number, step size, running loss

}  // namespace

void Lsgd::Options::validate(const Place& place) const {
  if (global_period && *global_period % period != 0)
    throw InputError(place / "global_period", fmt::format("must be a multiple of period ({}), got {}", period, *global_period));
}

void Lsgd::validate(const Topology& topology, const Place& place) const {
  if (groups() > topology.workers())
    throw InputError(place / "groups", fmt::format("must be at most the number of workers ({}), got {}", topology.workers(), groups()));
}

std::uint64_t Lsgd::global_every() const {
  return options_.global_period ? static_cast<std::uint64_t>(*options_.global_period / options_.period) : 4;
}

void Lsgd::prepare(Cluster& c) {
  const std::size_t n = c.worker_count();
  for (std::size_t j = 0; j <= groups(); ++j) bounds_.push_back(static_cast<NodeId>(j * n / groups()));
  group_of_.resize(n);
  for (std::size_t j = 0; j < groups(); ++j)
    for (NodeId i = bounds_[j]; i < bounds_[j + 1]; ++i) group_of_[i] = j;
  LocalSteps::Settings chain;
  chain.learning_rate = options_.learning_rate;
  chain.optimizer = options_.optimizer;
  chain.loss = true;
  const auto tau = static_cast<double>(options_.period);
  if (groups() > 1) chain.pulls.push_back(options_.global_proximal / (tau * static_cast<double>(global_every())));
  chain.pulls.push_back(options_.proximal / tau);
  local_.prepare(c, chain);
  heard_.resize(n);
  leads_.resize(n);
  global_leads_.resize(n);
}

void Lsgd::on_start(Cluster& c) {
  models_.assign(c.worker_count(), c.initial_model());
  chains_.resize(c.worker_count());
  leaders_.assign(groups() + 1, c.initial_model().values);
  leader_nodes_.assign(groups() + 1, 0);
  for (const NodeId i : c.workers()) start_chain(c, i);
}

void Lsgd::start_chain(Cluster& c, NodeId worker) {
  std::vector<Vector> targets;
  if (groups() > 1) targets.push_back(leaders_.back());
  targets.push_back(leaders_[group_of_[worker]]);
  if (!c.learning()) targets.clear();
  local_.start(c, worker, models_[worker], static_cast<std::uint64_t>(options_.period), std::move(targets));
}

void Lsgd::on_gradient_ready(Cluster& c, const Gradient& chain) {
  local_.finish(c, chain);
  chains_[chain.node] = chain;
  heard_[chain.node] = {};
  // The round is the next one for all: nobody starts a chain before the leaders of the last round are chosen.
  const std::uint64_t tag = (round_ + 1) * (kGroup + groups()) + kLosses;
  if (!c.is_open(tag)) {
    CollectiveSpec gather;
    gather.kind = CollectiveKind::ring_all_gather;
    gather.ranks = static_cast<std::uint32_t>(c.worker_count());
    gather.coordinates = kScalarBits;
    gather.bits_per_coordinate = 1;
    c.open_collective(tag, gather, {c.workers().begin(), c.workers().end()});
  }
  c.join(tag, chain.node);
}

std::vector<double> Lsgd::losses(Cluster& c) const {
  std::vector<double> out;
  for (const Gradient& chain : chains_) {
    if (c.learning()) {
      const double loss = c.scalars(chain)[0];
      out.push_back(std::isnan(loss) ? std::numeric_limits<double>::infinity() : loss);
    } else if (options_.leader_surrogate == LeaderSurrogate::random) {
      out.push_back(RandomStream(c.seed(), Purpose::surrogate, chain.node, round_).uniform());
    } else {
      const std::size_t n = c.worker_count();
      out.push_back(static_cast<double>((chain.node + n - round_ % n) % n));
    }
  }
  return out;
}

NodeId Lsgd::best(std::span<const double> losses, NodeId begin, NodeId end) const {
  NodeId out = begin;
  for (NodeId i = begin + 1; i < end; ++i)
    if (losses[i] < losses[out]) out = i;
  return out;
}

void Lsgd::choose_leaders(Cluster& c) {
  const std::vector<double> all = losses(c);
  ++round_;
  if (c.learning())
    for (const NodeId i : c.workers()) models_[i].values = c.value(chains_[i]);
  for (std::size_t j = 0; j < groups(); ++j) {
    leader_nodes_[j] = best(all, bounds_[j], bounds_[j + 1]);
    leaders_[j] = models_[leader_nodes_[j]].values;
    ++leads_[leader_nodes_[j]];
  }
  if (groups() == 1 || global_round()) {
    leader_nodes_.back() = best(all, 0, bounds_.back());
    leaders_.back() = models_[leader_nodes_.back()].values;
    ++global_leads_[leader_nodes_.back()];
  }
  const Model version = c.make_version(Vector(), chains_);
  for (const NodeId i : c.workers()) {
    models_[i].version = version.version;
    models_[i].created = version.created;
    chains_[i].value = LazyGradient();
  }
}

void Lsgd::broadcast(Cluster& c, std::uint64_t tag, NodeId leader, NodeId begin, NodeId end) {
  CollectiveSpec tree;
  tree.kind = CollectiveKind::tree_broadcast;
  tree.ranks = end - begin;
  tree.root = leader - begin;
  tree.coordinates = c.dimension();
  tree.bits_per_coordinate = c.bits_per_number();
  const auto members = std::views::iota(begin, end);
  c.open_collective(tag, tree, {members.begin(), members.end()});
  c.join(tag, leader);
}

void Lsgd::on_collective(Cluster& c, const CollectiveDone& d) {
  const std::uint64_t phase = d.tag % (kGroup + groups());
  Heard& heard = heard_[d.node];
  if (phase == kLosses) {
    if (d.first) choose_leaders(c);
    heard.losses = 1;
    const std::size_t j = group_of_[d.node];
    if (d.node == leader_nodes_[j]) broadcast(c, d.tag + kGroup + j, d.node, bounds_[j], bounds_[j + 1]);
  } else if (phase == kGlobal) {
    heard.global_leader = 1;
  } else {
    heard.leader = 1;
  }
  go_on(c, d.node);
}

void Lsgd::go_on(Cluster& c, NodeId worker) {
  Heard& heard = heard_[worker];
  if (heard.losses == 0 || heard.leader == 0) return;
  if (heard.pulled == 0) {
    heard.pulled = 1;
    pull(c, worker, options_.pull, leaders_[group_of_[worker]]);
    if (global_round() && worker == leader_nodes_.back())
      broadcast(c, round_ * (kGroup + groups()) + kGlobal, worker, 0, bounds_.back());
  }
  if (global_round()) {
    if (heard.global_leader == 0) return;
    pull(c, worker, options_.global_pull, leaders_.back());
  }
  start_chain(c, worker);
}

void Lsgd::pull(Cluster& c, NodeId worker, double lambda, const Vector& leader) {
  Vector& x = models_[worker].values;
  if (!c.learning() || x.identity() == leader.identity()) return;  // a leader is where it is pulled to
  x = lambda == 1.0 ? leader : c.combine(std::vector{1 - lambda, lambda}, std::vector{x, leader});
}

Model Lsgd::reported_model(Cluster& c) const { return c.mean(models_); }

std::optional<double> Lsgd::consensus_distance(Cluster& c) const { return c.consensus_distance(models_); }

std::string Lsgd::needs_values() const {
  if (options_.leader_surrogate != LeaderSurrogate::none) return {};
  return "the losses choose the leaders of lsgd; give algorithm.leader_surrogate to stand for them";
}

RoundPlan Lsgd::plan(const PlanContext& context) const {
  const std::uint64_t n = context.workers;
  RoundPlan plan;
  plan.gradients = n * static_cast<std::uint64_t>(options_.period);
  plan.peer.count = n * (n - 1) + n - groups() + (groups() > 1 ? n - 1 : 0);
  plan.peer.bits = n * (n - 1) * kScalarBits + (n - groups() + (groups() > 1 ? n - 1 : 0)) * context.dense_bits();
  plan.barrier = true;
  plan.live_models = 2 * n;
  plan.results_each = 1 + state_vectors(options_.optimizer);
  plan.held_results = n;
  plan.state_vectors = n * state_vectors(options_.optimizer);
  return plan;
}

std::vector<Table> Lsgd::tables(const Cluster& c) const {
  Table out{"leaders", {"worker", "group", "rounds_leading_group", "rounds_leading_all"}, {}};
  for (const NodeId i : c.workers())
    out.rows.push_back({fmt::format("{}", i), fmt::format("{}", group_of_[i]), fmt::format("{}", leads_[i]), fmt::format("{}", global_leads_[i])});
  return {out};
}

void Lsgd::visit_state(StateVisitor& v, Cluster& c) {
  local_.visit_state(v, c);
  c.visit(v, "models", models_);
  c.visit(v, "chains", chains_);
  v("heard", heard_);
  c.visit(v, "leaders", leaders_);
  v("leader_nodes", leader_nodes_);
  v("leads", leads_);
  v("global_leads", global_leads_);
  v("round", round_);
}

}  // namespace peloton
