#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/base/options.hpp"
#include "sim/base/state.hpp"
#include "sim/compute/time_law.hpp"
#include "sim/table.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {

/// What nodes need for each message that reaches them (decoding, aggregation), before the method sees it:
/// {"nodes": ["server"], "per_message": "10 us", "per_coordinate": "0.1 ns"}. When several entries name a node, the last one holds.
struct ProcessingSpec {
  std::vector<std::string> nodes{"server"};
  TimeLaw per_message{Seconds{0}};
  Seconds per_coordinate{0};
  Count at_once = 1;

  static auto fields() {
    return options(
        field("nodes", &ProcessingSpec::nodes, "names of nodes, in which * stands for any text: \"server\", \"w*\""),
        field("per_message", &ProcessingSpec::per_message, "time for each message that arrives"),
        field("per_coordinate", &ProcessingSpec::per_coordinate, kNonNegative,
              "added for each coordinate of the model or gradient in it, or of the part of one that a collective sends"),
        field("at_once", &ProcessingSpec::at_once, between(1, 1e6), "messages that a node processes at once; the others wait in order"));
  }
  void validate(const Place& place) const;
  /// "server: 10 us a message, 0.1 ns a coordinate, 2 at once"
  [[nodiscard]] std::string text() const;
};

/// Messages that wait at nodes until they are processed: a queue with `at_once` processors at each, first come, first served.
class Processing {
 public:
  /// A name that no node has is an InputError below `place`, that of the list.
  Processing(const std::vector<ProcessingSpec>& specs, const Topology& topology, std::uint64_t seed, const Place& place);

  /// True when messages that reach the node are processed.
  [[nodiscard]] bool at(NodeId node) const { return station_of_[node] != kNone; }
  /// A message with so many coordinates reaches such a node at `now`, not before the one before it: when it has been processed. The
  /// time per message is drawn by (seed, node, number of the message at the node). O(log at_once).
  [[nodiscard]] Time admit(NodeId node, Time now, std::uint64_t coordinates);

  /// The node loses what it is processing and what waits there, as when it crashes: it is free at `now`.
  void clear(NodeId node, Time now);

  /// processing.csv: `node, messages, busy, waiting_mean, waiting_max`: messages that came, the processing time that they need in all and
  /// the times that they wait for it, in seconds.
  [[nodiscard]] Table table(const Topology& topology) const;

  void visit_state(StateVisitor& v);

 private:
  struct Station {
    NodeId node = kNoNode;
    TimeLaw per_message;
    double per_coordinate = 0;  ///< seconds
    std::vector<Time> free;     ///< from when on each processor is, a min-heap
    std::uint64_t messages = 0;
    Duration busy;
    Duration waited;
    Duration longest_wait;

    void visit_state(StateVisitor& v);
  };
  static constexpr std::uint32_t kNone = 0xffffffffU;

  std::uint64_t seed_;
  std::vector<std::uint32_t> station_of_;  ///< by node
  std::vector<Station> stations_;          ///< in the order of their nodes
};

}  // namespace peloton
