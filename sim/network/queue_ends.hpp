#pragma once

#include <cstdint>
#include <map>
#include <unordered_map>

#include "sim/base/state.hpp"
#include "sim/time.hpp"

namespace peloton {

/// When each queue will have served all that has come to it, by a number of the queue: all the state that a first-come-first-served
/// queue needs. O(1) per call.
class QueueEnds {
 public:
  /// The start of the run for a queue to which nobody came.
  [[nodiscard]] Time end(std::uint64_t queue) const {
    const auto known = ends_.find(queue);
    return known == ends_.end() ? Time{} : known->second;
  }
  void set_end(std::uint64_t queue, Time end) { ends_[queue] = end; }

  void visit_state(StateVisitor& v) {
    std::map<std::uint64_t, Time> ordered(ends_.begin(), ends_.end());
    v("ends", ordered);
    if (v.reading()) ends_ = {ordered.begin(), ordered.end()};
  }

 private:
  std::unordered_map<std::uint64_t, Time> ends_;  // never iterated but to be ordered
};

}  // namespace peloton
