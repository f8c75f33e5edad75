#pragma once

#include <optional>
#include <string>
#include <vector>

#include "algorithms/algorithm.hpp"
#include "sim/base/options.hpp"

namespace peloton {

/// A round goes on without the workers that are known to be down.
struct ContinueWithout {
  static constexpr std::string_view kind = "continue";
  static constexpr std::string_view help = "a round goes on with the workers that are up; who comes back takes part from the next round on";
  Count quorum = 1;
  std::optional<Seconds> timeout;

  static auto fields() {
    return options(
        field("quorum", &ContinueWithout::quorum, at_least(1), "answers that a round needs; with fewer it waits for who comes back"),
        field("timeout", &ContinueWithout::timeout, kPositive,
              "a round ends so long after its start with the answers it has, once they are a quorum; later ones are discarded"));
  }
};

struct WaitForAll {
  static constexpr std::string_view kind = "wait";
  static constexpr std::string_view help = "a round waits for every worker; who comes back is sent the round's model again";
  static auto fields() { return options(); }
};

/// What a method with a server and rounds does about workers that fail.
using OnFailure = OneOf<"kind", ContinueWithout, WaitForAll>;
inline constexpr std::string_view kOnFailureHelp = "what a round does about workers that fail";

/// The rounds of a synchronous method with a server, whoever fails: the server sends the model to the workers, each answers, and with the
/// last answer the round ends.
///
/// A worker that is known to be down is not waited for (continue), or the round lasts until it is back (wait). A worker that comes back,
/// or that was late, is sent the model as it is, dense: it may not have the version before. When the server is back from a crash, the
/// round begins again for all who have not answered. One byte per worker.
class ServerRounds : public Algorithm {
 public:
  void validate(const Topology& topology, std::uint64_t seed, const Place& place) override;
  void on_timer(Cluster& c, NodeId node, std::uint64_t round) override;
  void on_node_down(Cluster& c, NodeId worker) override;
  void on_node_up(Cluster& c, NodeId node) override;
  [[nodiscard]] std::string waits_for(const Cluster& c) const override;

 protected:
  explicit ServerRounds(const OnFailure& on_failure) : on_failure_(on_failure) {}

  /// What the workers of a round are sent.
  [[nodiscard]] virtual Model round_model() const = 0;
  /// The round has its answers: makes the update of them, and begins the next round unless there is none.
  virtual void end_round(Cluster& c) = 0;

  /// Sends round_model() to all who take part.
  void begin_round(Cluster& c);
  /// False: the answer comes too late and counts no more.
  [[nodiscard]] bool counts(Cluster& c, NodeId worker);
  /// The worker's answer, one that counts, has been kept; may end the round.
  void answered(Cluster& c, NodeId worker);

  /// False: every round has an answer of each worker.
  [[nodiscard]] bool answers_may_be_missing(const Cluster& c) const;

  // In end_round.
  [[nodiscard]] bool has_answered(NodeId worker) const { return (states_[worker] & kState) == done; }
  /// Workers that take part in the round; at its end, those that have answered.
  [[nodiscard]] std::size_t round_size() const { return due_ + done_; }
  /// Takes those out who have not answered, from what is indexed by worker.
  template <class T>
  void keep_answers(std::vector<T>& by_worker) const {
    if (round_size() == by_worker.size()) return;
    std::size_t kept = 0;
    for (std::size_t w = 0; w < by_worker.size(); ++w) {
      if (!has_answered(static_cast<NodeId>(w))) continue;
      if (kept != w) by_worker[kept] = std::move(by_worker[w]);
      ++kept;
    }
    by_worker.resize(kept);
  }

  void visit_rounds(StateVisitor& v);

 private:
  /// idle: nothing is expected; due: its answer to this round; late: its answer to a round that has ended; done: it has answered.
  enum State : std::uint8_t { idle = 0, due = 1, late = 2, done = 3 };
  static constexpr std::uint8_t kState = 3;
  static constexpr std::uint8_t kCurrent = 4;  ///< it was sent the last version, so that it can follow a compressed step

  [[nodiscard]] State state(NodeId worker) const { return static_cast<State>(states_[worker] & kState); }
  void set_state(NodeId worker, State state) { states_[worker] = static_cast<std::uint8_t>((states_[worker] & kCurrent) | state); }
  [[nodiscard]] std::size_t needed() const;
  void send_to_some(Cluster& c);
  void forget_version(NodeId worker);
  void include(Cluster& c, NodeId worker);
  void include_when_needed(Cluster& c, NodeId worker);
  void begin_again(Cluster& c);
  void start_timer(Cluster& c);
  void end_when_complete(Cluster& c);

  OnFailure on_failure_;
  std::vector<std::uint8_t> states_;  ///< by worker: a State, and kCurrent
  std::uint64_t rounds_ = 0;          ///< begun
  std::uint64_t due_ = 0;             ///< workers in this state
  std::uint64_t done_ = 0;            ///< workers that have answered
  bool open_ = false;
  bool timed_out_ = false;
  bool all_current_ = true;
};

}  // namespace peloton
