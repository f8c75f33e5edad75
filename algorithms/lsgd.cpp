#include "algorithms/lsgd.hpp"

#include <fmt/format.h>

#include "algorithms/cluster.hpp"
#include "sim/base/random.hpp"

namespace peloton {

void Lsgd::Options::validate(const Place& place) const {
  if (global_period && *global_period % period != 0)
    throw InputError(place / "global_period", fmt::format("must be a multiple of period ({}), got {}", period, *global_period));
}

void Lsgd::validate(const Topology& topology, std::uint64_t /*seed*/, const Place& place) {
  if (groups() > topology.workers())
    throw InputError(place / "groups", fmt::format("must be at most the number of workers ({}), got {}", topology.workers(), groups()));
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
  narrow_wire_ = c.bits_per_number() == 32;
  progress_.resize(n);
  leads_.resize(n);
  global_leads_.resize(n);
}

void Lsgd::on_start(Cluster& c) {
  models_.assign(c.worker_count(), c.initial_model());
  chains_.resize(c.worker_count());
  leaders_.assign(groups() + 1, 0);
  led_to_.assign(groups() + 1, c.initial_model().values);
  if (c.has_faults()) {
    there_.resize(c.worker_count());
    for (const NodeId i : c.up_workers()) there_[i] = 1;
    lost_.resize(c.worker_count());
    ends_.resize(c.worker_count());
    awaited_.resize(c.worker_count());
  }
  for (const NodeId i : c.up_workers()) start_chain(c, i);
}

void Lsgd::start_chain(Cluster& c, NodeId worker) {
  progress_[worker] = 0;
  std::vector<Vector> targets;
  if (c.learning() && groups() > 1) targets.push_back(led_to_[everybody()]);
  if (c.learning()) targets.push_back(led_to_[group_of_[worker]]);
  local_.start(c, worker, models_[worker], static_cast<std::uint64_t>(options_.period), std::move(targets));
}

void Lsgd::on_gradient_ready(Cluster& c, const Gradient& chain) {
  local_.finish(c, chain);
  chains_[chain.node] = chain;
  progress_[chain.node] = loss_given;
  give_loss(c, chain.node);
}

void Lsgd::give_loss(Cluster& c, NodeId worker) {
  // The round is the same for all: leaders are chosen when everybody has joined, and nobody starts a chain before that.
  const std::uint64_t losses = tag(round_, gathering());
  if (!c.is_open(losses)) {
    std::vector<NodeId> among = participants(c);
    const CollectiveSpec gather = all_gather(options_.gather, among.size(), kGatheredBits);
    c.open_collective(losses, gather, std::move(among), false);
  }
  c.join(losses, worker);
}

void Lsgd::on_collective(Cluster& c, const CollectiveDone& d) {
  const std::size_t phase = phase_of(d.tag);
  if (phase != gathering()) return hear(c, d.node, phase == everybody() ? all_heard : group_heard);
  if (d.first) choose_leaders(c);
  const std::size_t group = group_of_[d.node];
  if (d.node == leaders_[group]) broadcast(c, group);
  if (global_round() && d.node == leaders_[everybody()]) broadcast(c, everybody());
  hear(c, d.node, losses_heard);
}

void Lsgd::hear(Cluster& c, NodeId worker, Progress what) {
  progress_[worker] |= what;
  if (progress_[worker] == everything()) heard_everything(c, worker);
}

void Lsgd::heard_everything(Cluster& c, NodeId worker) {
  start_chain(c, worker);
  if (--missing_ == 0) c.make_version(ended_, {.keep = 0, .factors = c.has_faults() ? std::vector<double>(ended_.size()) : weights()});
}

void Lsgd::choose_leaders(Cluster& c) {
  const std::vector<double> all = losses(c);
  ++round_;
  const std::vector<NodeId> among = participants(c);
  if (c.has_faults()) chosen_among_ = among;
  missing_ = among.size();
  ended_.clear();
  for (const NodeId i : among) {
    Vector end = c.learning() ? c.value(chains_[i]) : Vector();
    if (c.has_faults()) ends_[i] = end;
    models_[i] = {.values = std::move(end), .version = static_cast<std::int64_t>(round_), .created = c.now(), .bits = 0};
    c.let_go(chains_[i]);
    progress_[i] = hearing;
    ended_.push_back(chains_[i]);  // a fast worker's next chain may end before the slowest worker has heard of this choice
  }
  for (std::size_t j = 0; j < groups(); ++j) appoint(c, j, all);
  if (global_round()) appoint(c, everybody(), all);
  // A leader of all leads its group too, so its x̃ is the same before and after the pulls in the groups.
  for (std::size_t j = 0; j < groups(); ++j) pull(c, j, options_.pull);
  if (global_round()) pull(c, everybody(), options_.global_pull);
  if (c.has_faults()) admit(c);
}

std::vector<double> Lsgd::losses(Cluster& c) const {
  std::vector<double> out;
  for (const NodeId i : c.workers()) {
    if (c.has_faults() && there_[i] == 0)
      out.push_back(std::numeric_limits<double>::infinity());
    else
      out.push_back(c.learning() ? c.scalars(chains_[i])[0] : surrogate(c, i));
  }
  return out;
}

/// Stands for a worker's loss. In turn: the leader is the next worker of its group, the leader of all comes from the next group.
double Lsgd::surrogate(const Cluster& c, NodeId worker) const {
  if (options_.leader_surrogate == LeaderSurrogate::random) return RandomStream(c.seed(), Purpose::surrogate, worker, round_).uniform();
  const auto until = [](std::uint64_t turn, std::uint64_t now, std::uint64_t count) { return (turn + count - now % count) % count; };
  const std::size_t group = group_of_[worker];
  const std::uint64_t in_group = until(worker - bounds_[group], round_, members(group).size());
  return static_cast<double>(in_group * groups() + until(group, round_ / global_every(), groups()));
}

void Lsgd::appoint(Cluster& c, std::size_t team, std::span<const double> losses) {
  const std::vector<NodeId> among = participants(c, team);
  leaders_[team] = kNoNode;
  if (among.empty()) return;
  std::vector<double> own;
  for (const NodeId i : among) own.push_back(losses[i]);
  leaders_[team] = among[best_rank(own)];
  ++(team == everybody() ? global_leads_ : leads_)[leaders_[team]];
  if (!c.learning()) return;
  led_to_[team] = heard_as(c.space(), models_[leaders_[team]].values);
}

Vector Lsgd::heard_as(VectorSpace& space, const Vector& x) const { return narrow_wire_ ? space.rounded_to_float32(x) : x; }

void Lsgd::pull(Cluster& c, std::size_t team, double lambda) {
  if (!c.learning() || lambda == 0) return;
  for (const NodeId i : participants(c, team)) {
    if (i == leaders_[team]) continue;
    Vector& x = models_[i].values;
    // With λ = 1 nothing is left of x, not even what is not finite.
    x = lambda == 1 ? led_to_[team] : c.combine(std::vector{1 - lambda, lambda}, std::vector{x, led_to_[team]});
  }
}

std::vector<double> Lsgd::weights() const {
  const auto n = static_cast<double>(group_of_.size());
  std::vector<double> out(group_of_.size());
  const auto pulled_to = [&](std::size_t team, double lambda, double share) {
    const auto others = static_cast<double>(members(team).size() - 1);
    for (const NodeId i : members(team)) out[i] += share * (i == leaders_[team] ? 1 + lambda * others : 1 - lambda);
  };
  const double left = global_round() ? 1 - options_.global_pull : 1.0;
  for (std::size_t j = 0; j < groups(); ++j) pulled_to(j, options_.pull, left / n);
  if (global_round()) out[leaders_[everybody()]] += options_.global_pull;
  return out;
}

/// All workers at one model: what is left of the workers' own are the leaders they last heard.
class Lsgd::Team final : public Replay {
 public:
  Team(const Lsgd& method, Cluster& c, const Vector& initial)
      : Replay(c.executor(), c.computation()), method_(method), led_to_(method.groups() + 1, initial), next_(led_to_) {}

  [[nodiscard]] std::optional<TaskOrigin> task(const TaskOrigin& origin, const Vector& model) override {
    std::optional<TaskOrigin> out = Replay::task(origin, model);
    auto target = out->inputs.rbegin();  // that of the group is the last, before it that of all where there are groups
    *target++ = led_to_[method_.group_of_[origin.address.worker]];
    if (method_.groups() > 1) *target = led_to_[method_.everybody()];
    return out;
  }

  [[nodiscard]] Vector contribution(const TaskOrigin& origin, const Vector& model, std::vector<Vector> results) override {
    Vector end = Replay::contribution(origin, model, std::move(results));
    const NodeId worker = origin.address.worker;
    const std::size_t group = method_.group_of_[worker];
    if (worker == method_.leaders_[group]) next_[group] = method_.heard_as(space(), end);
    if (method_.global_round() && worker == method_.leaders_[method_.everybody()])
      next_[method_.everybody()] = method_.heard_as(space(), end);
    return end;
  }

  void moved(const Vector& /*before*/) override { led_to_ = next_; }

  void visit_state(StateVisitor& v) override {
    Replay::visit_state(v);
    space().visit(v, "led_to", led_to_);
    space().visit(v, "next", next_);
  }

 private:
  const Lsgd& method_;
  std::vector<Vector> led_to_;  ///< by team
  std::vector<Vector> next_;    ///< those of the update that is being made
};

std::unique_ptr<Replay> Lsgd::make_replay(Cluster& c, const Vector& initial) const { return std::make_unique<Team>(*this, c, initial); }

void Lsgd::broadcast(Cluster& c, std::size_t team) {
  std::vector<NodeId> among = participants(c, team);
  const CollectiveSpec tree{.kind = CollectiveKind::tree_broadcast,
                            .ranks = static_cast<std::uint32_t>(among.size()),
                            .root = static_cast<std::uint32_t>(std::ranges::find(among, leaders_[team]) - among.begin()),
                            .coordinates = c.dimension(),
                            .bits_per_coordinate = c.bits_per_number()};
  c.open_collective(tag(round_, team), tree, std::move(among));
  c.join(tag(round_, team), leaders_[team]);
}

Model Lsgd::reported_model(Cluster& c) const { return c.has_faults() ? c.mean(models_there(c)) : c.mean(models_); }

std::optional<double> Lsgd::consensus_distance(Cluster& c) const {
  return c.has_faults() ? c.consensus_distance(models_there(c)) : c.consensus_distance(models_);
}

std::string Lsgd::needs_values() const {
  if (options_.leader_surrogate != LeaderSurrogate::none) return {};
  return "the losses choose the leaders of lsgd; give algorithm.leader_surrogate to stand for them";
}

RoundPlan Lsgd::plan(const PlanContext& context) const {
  const std::uint64_t n = context.workers;
  const std::uint64_t vectors = n - groups() + (groups() > 1 ? n - 1 : 0);
  RoundPlan plan;
  plan.gradients = n * static_cast<std::uint64_t>(options_.period);
  const CollectiveSpec losses = all_gather(options_.gather, n, kGatheredBits);
  plan.peer = {.count = message_count(losses) + vectors, .bits = total_bits(losses) + vectors * context.dense_bits()};
  plan.barrier = true;
  plan.live_models = n + groups() + 1;
  plan.results_each = 1 + state_vectors(options_.optimizer);
  plan.held_results = n;
  plan.state_vectors = n * state_vectors(options_.optimizer);
  plan.twin_vectors = n * (2 + 3 * state_vectors(options_.optimizer)) + 2 * (groups() + 1);  // chains and states as in gossip; leaders
  return plan;
}

std::vector<Table> Lsgd::tables(const Cluster& c) const {
  Table out{"leaders", {"worker", "group", "led_group", "led_all"}, {}};
  const std::vector<std::uint64_t>& leads_all = groups() > 1 ? global_leads_ : leads_;
  for (const NodeId i : c.workers())
    out.rows.push_back({std::to_string(i), std::to_string(group_of_[i]), std::to_string(leads_[i]), std::to_string(leads_all[i])});
  return {out};
}

void Lsgd::visit_state(StateVisitor& v, Cluster& c) {
  local_.visit_state(v, c);
  c.visit(v, "models", models_);
  c.visit(v, "chains", chains_);
  c.visit(v, "ended", ended_);
  v("progress", progress_);
  v("leaders", leaders_);
  c.visit(v, "led_to", led_to_);
  v("leads", leads_);
  v("global_leads", global_leads_);
  v("round", round_);
  v("missing", missing_);
  v("attempt", attempt_);
  v("there", there_);
  v("lost", lost_);
  v("chosen_among", chosen_among_);
  v("returning", returning_);
  c.visit(v, "ends", ends_);
  v("awaited", awaited_);
}

}  // namespace peloton
