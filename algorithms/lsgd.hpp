#pragma once

#include <ranges>
#include <span>
#include <vector>

#include "algorithms/algorithm.hpp"
#include "algorithms/collectives/all_gather.hpp"
#include "algorithms/local/local_workers.hpp"
#include "algorithms/rounds/collective_group.hpp"

namespace peloton {

/// Who leads where there are no losses ("learning": false).
enum class LeaderSurrogate : std::uint8_t { none, random, round_robin };
template <>
struct EnumNames<LeaderSurrogate> {
  static constexpr std::array names = {std::pair{std::string_view("none"), LeaderSurrogate::none},
                                       std::pair{std::string_view("random"), LeaderSurrogate::random},
                                       std::pair{std::string_view("round_robin"), LeaderSurrogate::round_robin}};
};

/// Leader SGD, synchronous (Teng et al., NeurIPS 2019): workers are pulled towards the best of them, not towards their mean.
///
///   worker i, for ever:   τ local steps:  x_i ← x_i − η g_i(x_i)
///   everybody:            gather the running losses
///   group j:              leader = argmin of its losses;  broadcasts its x̃^j;    x_i ← (1 − λ) x_i + λ x̃^j
///   every τ_G steps:      leader = argmin of all losses;  broadcasts its x̃;      x_i ← (1 − λ_G) x_i + λ_G x̃
///
/// With one group only the first pull exists, with the leader of all. A running loss is the mean of the worker's own mini-batch losses in
/// the last τ steps; NaN counts as infinite and the lowest number wins ties. With `proximal` p the workers are also pulled by p / τ (and
/// p_G / τ_G, which comes first) in every step towards the leaders they last heard, as in the authors' program. The momentum is neither
/// sent nor pulled. λ is the weight of the leader in the mixture, η times the λ of the paper's theory. Every worker takes τ steps in a
/// round; in the authors' program fast workers take more of a budget that all share.
/// Groups are consecutive workers, equal in size to within one, so that a topology's neighbourhoods are groups.
///
/// When a worker fails, the losses are gathered anew among the others, who choose among themselves. Those that had not heard a leader yet
/// are sent its x̃ by it, or, where it is the one that failed, by the first that has heard it; where nobody has, they go on without a pull
/// in this round. Who comes back takes part after the next choice, with the x_i it has kept or else that of a leader.
///
/// Peer to peer, in a round: three numbers from each worker to all others round a ring, 96 n (n − 1) bits; one vector down a binomial
/// tree in each group, 32 d (n − groups) bits; and one from the leader of all, 32 d (n − 1) bits, in the rounds that have one. The mean of
/// the workers is reported.
class Lsgd final : public Algorithm {
 public:
  struct Options {
    StepSize learning_rate;
    OptimizerSpec optimizer;
    Count period = 4;
    double pull = 0.1;
    double proximal = 0;
    Count groups = 1;
    std::optional<Count> global_period;
    double global_pull = 0.1;
    double global_proximal = 0;
    AllGather gather = AllGather::ring;
    LeaderSurrogate leader_surrogate = LeaderSurrogate::none;
    OnMemberFailure on_failure;

    static auto fields() {
      return options(
          field("learning_rate", &Options::learning_rate, "step size η_t, by the worker's count of local steps"),
          field("optimizer", &Options::optimizer, "the workers' local step"),
          field("period", &Options::period, at_least(1), "τ, local steps between two rounds"),
          field("pull", &Options::pull, between(0, 1), "λ, towards the leader of the group"),
          field("proximal", &Options::proximal, between(0, 1), "p, pull of all τ steps together towards the group's last leader"),
          field("groups", &Options::groups, at_least(1), "groups with a leader each"),
          field("global_period", &Options::global_period, at_least(1), "τ_G, a multiple of τ; default 4 τ; with several groups"),
          field("global_pull", &Options::global_pull, between(0, 1), "λ_G, towards the leader of all; with several groups"),
          field("global_proximal", &Options::global_proximal, between(0, 1),
                "p_G, pull of all τ_G steps together towards the last leader of all; with several groups"),
          field("gather", &Options::gather, "how everybody gets to know the losses: round a ring, or in ⌈log2 n⌉ steps"),
          field("leader_surrogate", &Options::leader_surrogate,
                "who leads where there are no losses (\"learning\": false): a random worker, or each in turn"),
          field("on_failure", &Options::on_failure, kOnMemberFailureHelp));
    }
    void validate(const Place& place) const;
  };
  static constexpr AlgorithmInfo info{.name = "lsgd",
                                      .summary = "workers take local steps and are pulled towards the best of them",
                                      .source = "Teng et al., NeurIPS 2019",
                                      .needs_server = false,
                                      .values_decide_events = true};

  explicit Lsgd(const Options& options) : options_(options) {}

  void prepare(Cluster& c) override;
  void on_start(Cluster& c) override;
  void on_gradient_ready(Cluster& c, const Gradient& chain) override;
  void on_collective(Cluster& c, const CollectiveDone& d) override;
  void on_model(Cluster& c, const ModelMessage& m) override;
  void on_node_down(Cluster& c, NodeId worker) override;
  void on_node_up(Cluster& c, NodeId worker) override;
  void on_state_lost(Cluster& c, NodeId worker) override;
  std::string waits_for(const Cluster& c) const override;

  Model reported_model(Cluster& c) const override;
  std::optional<double> consensus_distance(Cluster& c) const override;
  void validate(const Topology& topology, std::uint64_t seed, const Place& place) override;
  std::unique_ptr<Replay> make_replay(Cluster& c, const Vector& initial) const override;
  std::string needs_values() const override;
  RoundPlan plan(const PlanContext& context) const override;
  std::vector<Table> tables(const Cluster& c) const override;
  void visit_state(StateVisitor& v, Cluster& c) override;

 private:
  class Team;
  static constexpr std::uint64_t kGatheredBits = 3 * 32;  ///< from each worker: its number, step size and running loss

  // The workers that have a leader together: group j, and number groups() for all workers.
  [[nodiscard]] std::size_t groups() const { return static_cast<std::size_t>(options_.groups); }
  [[nodiscard]] std::size_t everybody() const { return groups(); }
  [[nodiscard]] auto members(std::size_t team) const {
    return team == everybody() ? std::views::iota(NodeId{0}, bounds_.back()) : std::views::iota(bounds_[team], bounds_[team + 1]);
  }
  /// Rounds from one pull towards the leader of all to the next.
  [[nodiscard]] std::uint64_t global_every() const {
    return options_.global_period ? static_cast<std::uint64_t>(*options_.global_period / options_.period) : 4;
  }
  [[nodiscard]] bool global_round() const { return groups() > 1 && round_ % global_every() == 0; }
  /// A round's collectives: the broadcast in each team, then the gathering of the losses.
  [[nodiscard]] std::uint64_t tag(std::uint64_t round, std::size_t phase) const {
    return (round * (groups() + 2) + phase) << kAttemptBits | (attempt_ & ((1ULL << kAttemptBits) - 1));
  }
  [[nodiscard]] std::size_t phase_of(std::uint64_t tag) const { return (tag >> kAttemptBits) % (groups() + 2); }
  [[nodiscard]] std::size_t gathering() const { return groups() + 1; }
  static constexpr std::uint64_t kAttemptBits = 20;

  /// How far a worker is in its round: what it has heard of the last choice, or that it has given its loss to the next.
  enum Progress : std::uint8_t { losses_heard = 1, group_heard = 2, all_heard = 4, hearing = 8, loss_given = 16, joining = 32 };
  [[nodiscard]] std::uint8_t everything() const { return hearing | losses_heard | group_heard | (global_round() ? all_heard : 0); }

  void start_chain(Cluster& c, NodeId worker);
  void give_loss(Cluster& c, NodeId worker);
  void hear(Cluster& c, NodeId worker, Progress what);
  void heard_everything(Cluster& c, NodeId worker);
  [[nodiscard]] std::vector<double> losses(Cluster& c) const;
  [[nodiscard]] double surrogate(const Cluster& c, NodeId worker) const;
  void choose_leaders(Cluster& c);
  void appoint(Cluster& c, std::size_t team, std::span<const double> losses);
  void pull(Cluster& c, std::size_t team, double lambda);
  /// A leader's model as the others hear it.
  [[nodiscard]] Vector heard_as(VectorSpace& space, const Vector& x) const;
  /// What the end of each worker's chain counts in the mean of the workers after the pulls: the mean is linear in the ends.
  [[nodiscard]] std::vector<double> weights() const;
  void broadcast(Cluster& c, std::size_t team);

  // Workers that fail: lsgd_faults.cpp.
  /// Those who take part in the next choice; of a team, in the last one.
  [[nodiscard]] std::vector<NodeId> participants(const Cluster& c) const;
  [[nodiscard]] std::vector<NodeId> participants(const Cluster& c, std::size_t team) const;
  [[nodiscard]] std::vector<Model> models_there(const Cluster& c) const;
  void admit(Cluster& c);
  void close_collectives(Cluster& c);
  void help(Cluster& c, NodeId worker);
  [[nodiscard]] NodeId who_knows(const Cluster& c, std::size_t team) const;
  void send_a_start(Cluster& c, NodeId worker);

  Options options_;
  LocalWorkers local_;
  bool narrow_wire_ = true;                  ///< dense messages are of float32 numbers
  std::vector<NodeId> bounds_;               ///< group j is the workers bounds_[j] … bounds_[j + 1] − 1
  std::vector<std::size_t> group_of_;        ///< by worker
  std::vector<Model> models_;                ///< x_i, after the pulls of the last choice of leaders
  std::vector<Gradient> chains_;             ///< by worker: the last chain, until leaders are chosen
  std::vector<Gradient> ended_;              ///< the chains of the last choice, without their values
  std::vector<std::uint8_t> progress_;       ///< by worker: bits of Progress
  std::vector<NodeId> leaders_;              ///< by team
  std::vector<Vector> led_to_;               ///< by team: x̃, as it was heard
  std::vector<std::uint64_t> leads_;         ///< by worker: rounds as leader of its group
  std::vector<std::uint64_t> global_leads_;  ///< by worker: rounds as leader of all
  std::uint64_t round_ = 0;                  ///< choices of leaders
  std::uint64_t attempt_ = 0;                ///< times that collectives had to begin anew
  // In runs with faults.
  std::vector<std::uint8_t> there_;           ///< by worker: it takes part
  std::vector<std::uint8_t> lost_;            ///< by worker: its x_i is
  std::vector<NodeId> chosen_among_;          ///< who took part in the last choice
  std::vector<NodeId> returning_;             ///< up, and there after the next choice
  std::vector<Vector> ends_;                  ///< by worker: x_i before the pulls of the last choice
  std::vector<std::vector<NodeId>> awaited_;  ///< by worker: who sends it a model
  std::uint64_t missing_ = 0;                 ///< workers that have not heard all of the last choice; with the last of them it is a version
};

}  // namespace peloton
