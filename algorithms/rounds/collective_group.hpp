#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "algorithms/messages.hpp"
#include "sim/base/options.hpp"
#include "sim/base/state.hpp"
#include "sim/collectives/collective.hpp"

namespace peloton {

class Cluster;

struct ReformGroup {
  static constexpr std::string_view kind = "reform";
  static constexpr std::string_view help =
      "the group forms again without the member that is down, and takes it back after a step when it has returned";
  static auto fields() { return options(); }
};

struct StallGroup {
  static constexpr std::string_view kind = "stall";
  static constexpr std::string_view help = "the others wait for it; the run ends as stalled";
  static auto fields() { return options(); }
};

/// What a method without a server does about a member of its group that fails.
using OnMemberFailure = OneOf<"kind", ReformGroup, StallGroup>;
inline constexpr std::string_view kOnMemberFailureHelp = "what the group does about a member that fails";

/// The members of a group that make a new version of a model with one collective after another, whoever fails.
///
/// When a member is known to be down, the collective of the step ends and begins anew among the others, with the parts that are ready.
/// Members that had not got the result of the step before are sent the new version by one that has it; where nobody has, they end that
/// step among themselves. Who comes back is sent the next version that is made, by the first who has it, and takes part from then on. A
/// worker that returns to a group without members goes on alone when it has kept the model.
class CollectiveGroup {
 public:
  /// The method's side.
  struct Parts {
    std::function<CollectiveSpec(std::span<const NodeId> members)> collective;
    std::function<bool(std::uint64_t step, NodeId node)> ready;  ///< the node's part of the step is there
    std::function<const Model&()> model;                         ///< the newest; its version is the number of steps made
    /// Of what the node gives, where that is not the payload of the collective (Cluster::join); empty: it always is.
    std::function<std::optional<std::uint64_t>(std::uint64_t step, NodeId node)> bits = {};
  };

  explicit CollectiveGroup(const OnMemberFailure& on_failure) : on_failure_(on_failure) {}
  void prepare(Parts parts) { parts_ = std::move(parts); }

  /// All who are up take part in the first step.
  void start(const Cluster& c);
  [[nodiscard]] std::vector<NodeId> members(const Cluster& c) const;
  /// The node's part of the step is ready. `on_collective` follows, with a tag of that step.
  void join(Cluster& c, std::uint64_t step, NodeId node);
  [[nodiscard]] static std::uint64_t step_of(std::uint64_t tag) { return tag >> kAttemptBits; }

  /// `node` is the first to have the result of the step with which the model has been made: those who have returned are sent it.
  void admit(Cluster& c, NodeId node);
  /// The node has the newest model.
  void has_model(Cluster& c, NodeId node);
  void on_node_down(Cluster& c, NodeId node);
  /// True: the node is to start at the newest model; else it hears of it later.
  [[nodiscard]] bool on_node_up(Cluster& c, NodeId node);
  void on_state_lost(NodeId node) { standing_[node].lost = true; }
  [[nodiscard]] std::string waits_for(const Cluster& c) const;
  void visit_state(StateVisitor& v);

 private:
  static constexpr std::uint64_t kAttemptBits = 20;
  static constexpr std::int64_t kNothing = -1;

  /// What is known of a worker, in runs with faults.
  struct Standing {
    std::int64_t version = 0;  ///< of the model it has
    NodeId source = kNoNode;   ///< who is sending it the newest
    bool lost = false;         ///< it has come back without a model
    void visit_state(StateVisitor& v);
  };

  [[nodiscard]] std::int64_t version() const { return parts_.model().version; }
  [[nodiscard]] std::uint64_t tag(std::uint64_t step) const { return step << kAttemptBits | (attempt_ & ((1ULL << kAttemptBits) - 1)); }
  void open(Cluster& c, std::uint64_t step, std::vector<NodeId> members);
  void join_open(Cluster& c, std::uint64_t step, NodeId node);
  void send_model(Cluster& c, NodeId from, NodeId to);
  void close(Cluster& c, std::uint64_t step);
  void help_those_behind(Cluster& c);

  OnMemberFailure on_failure_;
  Parts parts_;
  std::uint64_t attempt_ = 0;            ///< times that a collective had to begin anew
  std::array<std::uint64_t, 2> tags_{};  ///< of the collectives of an even and of an odd step
  std::vector<NodeId> members_;          ///< ascending; runs with faults only
  std::vector<NodeId> returning_;        ///< up, and members from the next version on
  std::vector<Standing> standing_;       ///< by worker; runs with faults only
};

}  // namespace peloton
