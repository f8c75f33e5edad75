#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "sim/network/link_conditions.hpp"

namespace peloton {

/// The links in use whose bandwidth depends on the time, and when the next of them changes. O(log n) per call and change.
class ActiveLinks {
 public:
  /// One more flow uses the link, known to the solver by `id`.
  void acquire(const LinkConditions& conditions, Time now, const Resource& resource, std::uint64_t id);
  void release(std::uint64_t id);

  [[nodiscard]] bool empty() const { return links_.empty(); }
  /// Of a link in use, as of the last change; finite.
  [[nodiscard]] double bandwidth(std::uint64_t id) const { return links_.at(id).bandwidth; }
  /// kNever when no link in use will change.
  [[nodiscard]] Time next_change() const { return changes_.empty() ? kNever : changes_.begin()->first; }

  struct Change {
    std::uint64_t id = 0;
    double bandwidth = 0;
  };
  /// Overwrites `out` with the links whose bandwidth is another from `now` on, in a defined order.
  void take_changes(const LinkConditions& conditions, Time now, std::vector<Change>& out);

  void visit_state(StateVisitor& v);

 private:
  struct Link {
    Resource resource;
    std::uint64_t users = 0;
    double bandwidth = 0;
    Time next;
    void visit_state(StateVisitor& v);
  };
  void schedule(const LinkConditions& conditions, Time now, std::uint64_t id, Link& link);

  std::map<std::uint64_t, Link> links_;
  std::set<std::pair<Time, std::uint64_t>> changes_;
};

}  // namespace peloton
