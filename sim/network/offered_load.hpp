#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <unordered_map>
#include <vector>

#include "sim/time.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {

/// The loads of links when it is known ahead from when to when each message keeps them busy, at the rate that it could have alone.
/// Changes wait here until the clock has passed them. Links that share nothing (fatpipes, infinite bandwidth) have no load.
class OfferedLoad {
 public:
  void add(std::span<const Resource> route, double rate, Time from, Time to);

  /// Calls `report(time, resource, load)` for what changed before `now`, once per instant and resource.
  template <class Report>
  void take_until(Time now, Report&& report) {
    for (; !changes_.empty() && changes_.begin()->first < now; changes_.erase(changes_.begin())) {
      const auto& [time, changes] = *changes_.begin();
      for (const Change& change : changes) {
        State& state = states_[change.resource];
        state.messages += change.messages;
        state.load = state.messages == 0 ? 0 : state.load + change.load;
      }
      for (const Change& change : changes) {
        State& state = states_[change.resource];
        if (state.load == state.reported) continue;
        state.reported = state.load;
        report(time, change.resource, state.load);
      }
    }
  }

 private:
  struct Change {
    std::uint64_t resource;
    double load;
    int messages;
  };
  struct State {
    double load = 0;
    double reported = 0;
    std::int64_t messages = 0;
  };

  std::map<Time, std::vector<Change>> changes_;
  std::unordered_map<std::uint64_t, State> states_;  // never iterated
};

}  // namespace peloton
