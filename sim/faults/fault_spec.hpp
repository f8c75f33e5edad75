#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/base/options.hpp"
#include "sim/compute/laws.hpp"

namespace peloton {

/// Nodes as a scenario names them: "w3", "server", 3 for worker 3, "workers" for all of them, a switch or a host ("rack1") for what is
/// below it; one, or a list.
struct NodeNames {
  std::vector<std::string> names;
};
template <>
struct OptionType<NodeNames> {
  static NodeNames parse(const Json& json, const Place& place);
  static Json write(const NodeNames& v);
  static Json schema();
  static std::string type() { return "node or list of node"; }
};

/// A random span of time: a law, or the mean of an exponential one.
struct RandomSpan {
  using Law =
      OneOf<"distribution", ExponentialLaw, ConstantLaw, UniformLaw, ShiftedExponentialLaw, LognormalLaw, GammaLaw, WeibullLaw, ParetoLaw>;
  Law law;
};
template <>
struct OptionType<RandomSpan> {
  static RandomSpan parse(const Json& json, const Place& place);
  static Json write(const RandomSpan& v) { return OptionType<RandomSpan::Law>::write(v.law); }
  static Json schema();
  static std::string type() { return "time or law"; }
};

/// What a node that comes back still has of what it kept between two computations: its own model, momentum, error memory.
enum class RecoveredState : std::uint8_t { lost, kept };
template <>
struct EnumNames<RecoveredState> {
  static constexpr std::array<std::pair<std::string_view, RecoveredState>, 2> names{
      {{"lost", RecoveredState::lost}, {"kept", RecoveredState::kept}}};
};

/// From when to when a node is there.
struct AvailableWindow {
  Seconds from;
  std::optional<Seconds> until;
  static auto fields() {
    return options(field("from", &AvailableWindow::from, kNonNegative, "when the nodes come"),
                   field("until", &AvailableWindow::until, kPositive, "when they go (default: they stay)"));
  }
};

/// One entry of /cluster/faults: `{"at": "120 s", "cut": ["rack1", "rack2"], "for": "10 s"}`. It has exactly one of
///
///   crash      the nodes stop: what they compute is lost, what is under way from and to them is, too. With `for` they are back after
///              that time, with their state lost or kept; with mean_time_to_failure they crash at random times, again and again.
///   pause      computation and handling stand still, and go on where they were after `for`; messages wait.
///   leave      as a crash that is announced: nobody has to detect it. `for`, or a later `join`, ends it.
///   join       the nodes come. Those that did not leave before are absent from the start until then.
///   cut        no traffic between the two sets of nodes (given one: between it and all others) for the time; messages wait and go on
///              where they were.
///   available  the nodes are there in `windows`, or for the share `duty` of every `period`, and have left otherwise.
struct FaultSpec {
  std::optional<Seconds> at;
  std::optional<NodeNames> crash;
  std::optional<NodeNames> pause;
  std::optional<NodeNames> leave;
  std::optional<NodeNames> join;
  std::optional<std::vector<NodeNames>> cut;
  std::optional<NodeNames> available;
  std::optional<Seconds> lasts;
  std::optional<RecoveredState> state;
  std::optional<RandomSpan> time_to_failure;
  std::optional<RandomSpan> time_to_repair;
  std::optional<std::vector<AvailableWindow>> windows;
  std::optional<Seconds> period;
  std::optional<Fraction> duty;
  std::optional<Seconds> phase;

  static auto fields() {
    return options(
        field("at", &FaultSpec::at, kNonNegative, "when; random crashes begin then (default: at the start)"),
        field("crash", &FaultSpec::crash, "nodes that stop; what they compute, and what is under way from and to them, is lost"),
        field("pause", &FaultSpec::pause, "nodes that stand still and go on where they were; messages wait"),
        field("leave", &FaultSpec::leave, "nodes that go, announced"),
        field("join", &FaultSpec::join, "nodes that come; absent from the start unless they left before"),
        field("cut", &FaultSpec::cut, "two sets of nodes without traffic between them; one: it and all others"),
        field("available", &FaultSpec::available, "nodes that are there at times only"),
        field("for", &FaultSpec::lasts, kPositive, "how long (default: for ever)"),
        field("state", &FaultSpec::state, "of a worker that comes back; default lost. A server keeps its state"),
        field("mean_time_to_failure", &FaultSpec::time_to_failure, "crash at random times: from coming up to the next crash"),
        field("mean_time_to_repair", &FaultSpec::time_to_repair, "from a random crash to coming back (default: never)"),
        field("windows", &FaultSpec::windows, "when the available nodes are there, in ascending order"),
        field("period", &FaultSpec::period, kPositive, "of nodes that are available again and again"),
        field("duty", &FaultSpec::duty, between(0, 1), "share of the period in which they are there, at its start"),
        field("phase", &FaultSpec::phase, kNonNegative, "how far they are in their period at the start (default: drawn for each node)"));
  }
  void validate(const Place& place) const;

  /// The key that says what happens: "crash".
  [[nodiscard]] std::string_view kind() const;
};

}  // namespace peloton
