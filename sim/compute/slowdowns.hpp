#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/base/options.hpp"
#include "sim/compute/phases.hpp"

namespace peloton {

/// Which workers are slow together: those of a rack, or `size` consecutive ones (0 … size − 1, size … 2 size − 1, and so on).
struct WorkerGroups {
  std::optional<Count> size;  ///< none: racks
};

template <>
struct OptionType<WorkerGroups> {
  static WorkerGroups parse(const Json& json, const Place& place);
  static Json write(const WorkerGroups& v);
  static Json schema();
  static std::string type() { return "rack | count"; }
};

/// All workers of a group are slow together for a while: {"groups": "rack", "slowdown": 5, "every": "exponential:60s", "for": "10 s"}.
struct SlowdownSpec {
  WorkerGroups groups;
  double slowdown = 1;
  TimeLaw every;
  TimeLaw lasts;

  static auto fields() {
    return options(
        required("groups", &SlowdownSpec::groups,
                 "who is slow together: the workers of a rack, or so many consecutive ones (1: each alone)"),
        required("slowdown", &SlowdownSpec::slowdown, at_least(1), "factor on their computing times while it lasts"),
        required("every", &SlowdownSpec::every, kPositive, "time until a group is slow, from the start or from the end of the last time"),
        required("for", &SlowdownSpec::lasts, kPositive, "how long it then is slow"));
  }
};

/// Slow-downs that come and go, the same for all workers of a group at the same time, independent between groups and entries. Where
/// several hold, their factors multiply. A computation in progress meets each change: it does 1 / factor of its work per unit of time.
class Slowdowns {
 public:
  Slowdowns() = default;
  /// `racks`: the rack of each worker, empty when the topology has none; an entry for racks is then an InputError below `place`, that of
  /// the list.
  Slowdowns(const std::vector<SlowdownSpec>& specs, std::size_t workers, std::span<const std::uint32_t> racks, std::uint64_t seed,
            const Place& place);

  [[nodiscard]] bool none() const { return entries_.empty(); }
  /// The factor on a worker's computing times at `t`, ≥ 1.
  [[nodiscard]] double factor(NodeId worker, Time t) const { return state(worker, t).factor; }
  /// When a computation ends that starts at `start` and takes `work` where nothing slows it down: to the nanosecond start + work if
  /// nothing does, else rounded once after the last change.
  [[nodiscard]] Time finish(NodeId worker, Time start, Duration work) const;

 private:
  struct Entry {
    double slowdown = 1;
    std::vector<std::uint32_t> group;  ///< of each worker
    Phases phases;
  };
  struct State {
    double factor = 1;
    Time until = kNever;  ///< the factor stays until here, exclusive
  };
  [[nodiscard]] State state(NodeId worker, Time t) const;

  std::vector<Entry> entries_;
};

}  // namespace peloton
